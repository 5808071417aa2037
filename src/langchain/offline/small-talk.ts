/** Courtesies: messages that are nothing but a greeting, thanks, a farewell or a nod. Said by every agent. */
import { words } from "#core";

export type Courtesy = "greeting" | "wellbeing" | "thanks" | "farewell" | "nod" | "reply";

const set = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

const FILLERS = set(
  "there nova all everyone everybody again so much very a lot you for now that this it was is helped the help and to my dear friend mate today nice meet really just good ok okay well",
);

/** In this order: "thanks, bye" is a farewell. */
const KINDS: readonly { readonly kind: Courtesy; readonly said: ReadonlySet<string> | RegExp }[] = [
  {
    kind: "wellbeing",
    said: /^(?:(?:hi|hello|hey)\W+(?:\w+\W+)?)?(?:how are you|how is it going|how s it going|how do you do|what s up|are you there)(?: \w+){0,2}$/,
  },
  {
    kind: "farewell",
    said: /^(?:\w+ ){0,3}(?:bye|goodbye|good night|goodnight|see you|farewell|ciao|adios|tschüss|au revoir)(?: \w+){0,2}$/,
  },
  {
    kind: "greeting",
    said: /^good (?:morning|afternoon|evening|day)(?: (?:nova|all|everyone|everybody|there|to you|to all))*$/,
  },
  {
    kind: "greeting",
    said: /^(?:guten (?:morgen|tag|abend)|buenos días|buenas tardes|bom dia|bonne journée)(?: nova)?$/,
  },
  {
    kind: "greeting",
    said: set(
      "hi hello hey hiya howdy greetings hallo hola salut bonjour bonsoir moin servus buongiorno olá hej namaste ahoj",
    ),
  },
  { kind: "thanks", said: set("thanks thank thx cheers merci danke gracias grazie obrigado tack") },
  {
    kind: "nod",
    said: set(
      "great perfect cool ok okay k fine alright right understood noted super excellent good nice brilliant wonderful lovely",
    ),
  },
  {
    kind: "nod",
    said: /^(?:got it|i see|all right|sounds good|well done|makes sense|never ?mind|no worries|no problem)(?: \w+){0,2}$/,
  },
  { kind: "reply", said: set("yes yep yeah no nope maybe sure") },
];

/** What kind of courtesy a whole message is; undefined as soon as it says anything else. */
export function courtesyIn(message: string): Courtesy | undefined {
  if (message.length > 80) return undefined;
  const said = words(message.replace(/['’]s\b/g, " s"));
  const line = said.join(" ");
  return KINDS.find(({ said: known }) => {
    if (known instanceof RegExp) return known.test(line);
    return said.some((word) => known.has(word)) && said.every((word) => known.has(word) || FILLERS.has(word));
  })?.kind;
}
