/** Time words in one form: lower case, English, without what tells nothing. German ones are put into English. Pure. */

const GERMAN: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})übermorgen(?!\p{L})/gu, "day after tomorrow"],
  [/(?<!\p{L})(?:jeden|jeder|jede|alle) morgen(?!\p{L})/gu, "every morning"],
  [/(?<!\p{L})(?:morgen früh|morgen vormittag)(?!\p{L})/gu, "tomorrow in the morning"],
  [/(?<!\p{L})morgen(?=(?:s)(?!\p{L}))/gu, "in the morning"],
  [/(?<!\p{L})morgen(?!\p{L})/gu, "tomorrow"],
  [/(?<!\p{L})heute(?!\p{L})/gu, "today"],
  [/(?<!\p{L})am wochenende(?!\p{L})/gu, "every weekend"],
  [/(?<!\p{L})(?:am |jeden )?ersten (?:tag )?(?:jedes|des|im) monats?(?!\p{L})/gu, "on the 1st of each month"],
  [/(?<!\p{L})am letzten (?:tag )?(?:jedes|des|im) monats?(?!\p{L})/gu, "on the last day of each month"],
  [/(?<!\p{L})am (\d{1,2})\. ?(?:jedes|jeden) monats?(?!\p{L})/gu, "on the $1th of each month"],
  [/(?<!\p{L})(?:jeden|jede|jedes|alle) (?:werktage?|wochentage?|arbeitstage?)(?!\p{L})/gu, "every weekday"],
  [/(?<!\p{L})(?:werktags|wochentags|an werktagen)(?!\p{L})/gu, "every weekday"],
  [/(?<!\p{L})täglich(?!\p{L})/gu, "every day"],
  [/(?<!\p{L})stündlich(?!\p{L})/gu, "every hour"],
  [/(?<!\p{L})wöchentlich(?!\p{L})/gu, "every week"],
  [/(?<!\p{L})(?:jeden|jeder|jedes|jede|alle)(?!\p{L})/gu, "every"],
  [/(?<!\p{L})(?:nächsten|nächster|nächste|kommenden|kommende)(?!\p{L})/gu, "next"],
  [/(?<!\p{L})(?:vormittags|am vormittag|früh|in der früh)(?!\p{L})/gu, "in the morning"],
  [/(?<!\p{L})(?:nachmittags?|am nachmittag)(?!\p{L})/gu, "in the afternoon"],
  [/(?<!\p{L})(?:abends?|am abend)(?!\p{L})/gu, "in the evening"],
  [/(?<!\p{L})(?:mittags?|zu mittag)(?!\p{L})/gu, "at noon"],
  [/(?<!\p{L})(?:mitternacht)(?!\p{L})/gu, "at midnight"],
  [/(?<!\p{L})halb (\d{1,2})(?!\d)/gu, "before half $1"],
  [/(?<!\p{L})viertel nach(?!\p{L})/gu, "quarter past"],
  [/(?<!\p{L})viertel vor(?!\p{L})/gu, "quarter to"],
  [/(?<!\p{L})einer halben stunde(?!\p{L})/gu, "half an hour"],
  [/(?<!\p{L})(?:einer|einem|eine|einen|ein)(?!\p{L})/gu, "a"],
  [/(?<!\p{L})um(?!\p{L})/gu, "at"],
  [/(?<!\p{L})(?:am|den|dem|der)(?!\p{L})(?!\.)/gu, "on"],
  [/(?<!\p{L})und(?!\p{L})/gu, "and"],
  [/(?<!\p{L})ab(?!\p{L})/gu, "from"],
  [/(?<!\p{L})minuten?(?!\p{L})/gu, "minutes"],
  [/(?<!\p{L})stunden?(?!\p{L})/gu, "hours"],
  [/(?<!\p{L})(?:tagen|tage|tag)(?!\p{L})/gu, "days"],
  [/(?<!\p{L})wochen?(?!\p{L})/gu, "weeks"],
  [/(?<!\p{L})(?:monaten|monate|monats|monat)(?!\p{L})/gu, "months"],
];

const NAMES: Readonly<Record<string, string>> = {
  montag: "monday",
  dienstag: "tuesday",
  mittwoch: "wednesday",
  donnerstag: "thursday",
  freitag: "friday",
  samstag: "saturday",
  sonnabend: "saturday",
  sonntag: "sunday",
  januar: "january",
  februar: "february",
  märz: "march",
  mai: "may",
  juni: "june",
  juli: "july",
  oktober: "october",
  dezember: "december",
};
const NAME = new RegExp(String.raw`(?<!\p{L})(${Object.keys(NAMES).join("|")})(s?)(?!\p{L})`, "gu");
/** "at 9 am" has an English "am"; German "am" stands before a day. */
const ENGLISH_AM = /(\d) ?(a|p)\.?m\b\.?/g;

const NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const GERMAN_NUMBERS = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");

export function plainWords(text: string): string {
  let words = text
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[“”„"‘’'`´]/g, (sign) => (sign === "’" || sign === "'" ? "'" : ""))
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s,.;:!-]+/, "")
    .replace(/[\s,;:!?]+$/, "")
    .replaceAll(ENGLISH_AM, "$1$2m.");
  words = words.replaceAll(NAME, (_all, name: string, many: string) => `${NAMES[name] ?? name}${many}`);
  for (const [german, english] of GERMAN) words = words.replaceAll(german, english);
  words = words.replaceAll(/(\d)(a|p)m\./g, "$1$2m");
  for (const list of [NUMBERS, GERMAN_NUMBERS]) {
    for (const [value, word] of list.entries()) {
      if (words.includes(word))
        words = words.replaceAll(new RegExp(String.raw`(?<!\p{L})${word}(?!\p{L})`, "gu"), `${value}`);
    }
  }
  return words
    .replaceAll(/(?<!\p{L})(?:please|bitte|exactly|sharp|genau)(?!\p{L})/gu, " ")
    .replaceAll(/\s*,\s*/g, " , ")
    .replaceAll(/\s+/g, " ")
    .replace(/[\s,.]+$/, (end, at: number) => (/\d$/.test(words.slice(0, at)) && end.startsWith(".") ? "." : ""))
    .trim();
}
