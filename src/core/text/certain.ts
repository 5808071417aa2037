/** Whether what a text shows is what it holds: for cards that people decide by. Pure. */

export type Seen = {
  /** What cannot be seen, or looks like something else, stands as `⟨U+202E⟩`. */
  readonly text: string;
  /** False: something had to be written out so. */
  readonly certain: boolean;
};

/** Invisible, turning the direction, nobody's, or blank without being a space; tabs and ends of lines are none of these. */
const HIDDEN =
  /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]|(?![\n\t])\p{Cc}/u;
/** Signs that pass for the slash or the dot of an address, and letters made to look like plain ones. */
const DRESSED =
  /[\u2024\u2044\u2215\u29F8\uFF0F\uFF0E\uFF20\uFF21-\uFF3A\uFF41-\uFF5A\uFF10-\uFF19\u{1D400}-\u{1D7FF}]/u;
/** Letters of other scripts that nobody tells from a Latin one. */
const LOOKS_LATIN = /^[аеорсухіјѕԁԛԝһӏАВЕКМНОРСТУХІЈЅӀΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳաոսօ]+$/u;
const LATIN = /\p{Script=Latin}/u;
const MISTAKABLE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u;
/** One mark too many on one letter covers the line above. */
const HEAPED = /(?<=\p{M}{4})\p{M}/u;

/** Joiners that writing needs: inside of emoji, and between letters of scripts that join. */
const JOINING =
  /(?<=[\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}])\u200D(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[0-9#*])\uFE0F(?=\u20E3)|(?<=[\p{Script=Arabic}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}])[\u200C\u200D](?=[\p{L}\p{M}])/gu;

/** What a reader sees for certain, and the rest written out. */
export function certainly(text: string): Seen {
  const lines = text.replaceAll("\r\n", "\n");
  const joined = new Set(Array.from(lines.matchAll(JOINING), ({ index }) => index));
  const masked = maskedAt(lines);
  let certain = true;
  let shown = "";
  let index = 0;
  for (const character of lines) {
    const hides = (HIDDEN.test(character) && !joined.has(index)) || DRESSED.test(character) || masked.has(index);
    if (hides) certain = false;
    shown += hides ? codePoint(character) : character;
    index += character.length;
  }
  return { text: shown, certain };
}

/** Places of letters that stand among Latin ones as if they were some, and of marks that are heaped up. */
function maskedAt(text: string): ReadonlySet<number> {
  const places = new Set(Array.from(text.matchAll(new RegExp(HEAPED, "gu")), ({ index }) => index));
  const isLatin = LATIN.test(text);
  for (const { 0: word, index: start } of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    if (!MISTAKABLE.test(word)) continue;
    const posing = isLatin && LOOKS_LATIN.test(word);
    if (!LATIN.test(word) && !posing) continue;
    let index = start;
    for (const letter of word) {
      if (MISTAKABLE.test(letter)) places.add(index);
      index += letter.length;
    }
  }
  return places;
}

const codePoint = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
