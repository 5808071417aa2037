/** Sentences that try to give orders to an assistant. They are named as such, and nobody follows them. */
import { tidy, type Page } from "./page.ts";

const ORDERS: readonly RegExp[] = [
  /(?<!n['’]t )(?<!not )\b(?:ignore|disregard|override|bypass|forget|drop)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|guardrails|training|directives|constraints|everything (?:above|before))\b/i,
  /\b(?:forget|delete|erase|wipe|clear|remove|purge)\b.{0,20}\b(?:all|every|your|the|any)\b.{0,20}\b(?:notes?|memor(?:y|ies)|history|conversations?|decisions|preferences|(?:what|everything) you know)\b/i,
  /\b(?:reveal|print|show|repeat|output|leak|expose|send|tell)\b.{0,30}\b(?:system prompt|your (?:prompt|instructions|rules|memory|notes|secrets?|api keys?|tokens?|passwords?)|api keys?|env(?:ironment)? variables)\b/i,
  /\byou are (?:now|no longer) (?:an? )?(?:\w+ ){0,2}(?:assistant|ai|bot|model|admin\w*|root|dan|bound|restricted|unrestricted|agent|terminal|system)\b|\bfrom now on,? (?:you (?:will|must|are|shall|should|have|answer|reply|respond|approve|do|say|write|send|act)|always|never|reply|answer|respond|act)\b|\b(?:act|behave|respond) as (?:if you|an? (?:admin|root|unrestricted|developer|system))/i,
  /\b(?:note|message|instructions?|attention|important|task)\b.{0,12}\b(?:to|for)\b.{0,12}\b(?:ai|a\.i\.|llms?|bots?|(?:language )?models?|assistants?|agents?|chatbots?|nova)\b/i,
  /(?:^|[.!?:;,]\s|\b(?:dear|hey|hello|hi|attention|ok|now)[,\s]+)(?:ai(?: (?:assistant|agent|model))?|assistant|llm|chatbot|nova|language model)\s?[,:!]\s?\S/i,
  /\bif you are (?:an? )?(?:ai|assistant|llm|language model|bot|agent|automated)\b|\bas an? (?:ai|assistant|language model)[, ]+(?:you|please|do|your)\b/i,
  /\b(?:do not|don['’]t|never|without) (?:tell|telling|inform|informing|mention|mentioning|show|alert)\b.{0,20}\b(?:the |your )?(?:user|owner|human|operator|person)\b/i,
  /(?:^|\s)(?:<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[\/?INST\]|<<\/?SYS>>|#{2,} ?(?:system|instructions?)\b|(?:system|assistant|developer) (?:prompt|message|note|override) ?:|(?:begin|start|end|new) (?:of )?(?:the )?system (?:prompt|message)\b|you must (?:always|never|only) (?:answer|reply|respond|speak|obey)\b|(?:system|assistant) ?:.{0,60}\b(?:you|ignore|must|never|always)\b)/i,
  /\b(?:forget|delete|erase|wipe|clear|remove|purge)\b.{0,20}\b(?:everything|anything|all(?: of)?|whatever|what)\b.{0,12}\b(?:you|i) (?:know|remember|have|stored|told|learn(?:ed|t)|said|saved|noted)\b/i,
  /\bobey\b(?! (?:the )?(?:laws?|speed)\b)|\b(?:do (?:exactly )?(?:as|what) (?:i|we) (?:say|tell)|follow (?:my|these|the following) (?:orders?|commands?|instructions? (?:exactly|to the letter|only|now|without)))\b/i,
  /\byou (?:must|shall|will|have to|are (?:to|required to|obliged to))(?: now| from now on| always| only| never)? (?:reply|answer|respond|speak|comply|ignore|forget|override|act as)\b/i,
  /\b(?:add|write|put|save|store|keep)\b.{0,60}\b(?:to|in|into) your (?:long-term )?(?:memory|notes|instructions|prompt)\b|\b(?:pretend|imagine|act) (?:to be|that you are|you are|as (?:if|though))\b/i,
  /^\/(?:forget|remember|agent|ask|stop|link|why|help|approve|reset)\b|^@(?:librarian|concierge|analyst|editor|summariser|ops-watch|inbox-triage)\b/i,
  /^(?:please )?(?:memori[sz]e|store|save|remember) (?:(?:this|that|the following) )?(?:forever|permanently|in(?:to)? (?:your )?(?:long-term )?memory|as a (?:rule|fact|preference))\b/i,
  /(?<!\p{L})(?:ignorier\p{L}*|vergiss|vergessen sie|missachte\p{L}*)\b.{0,40}(?:anweisungen|regeln|vorgaben|notizen)(?!\p{L})/iu,
  /(?<!\p{L})(?:ignore[zr]?|oublie[zr]?)(?!\p{L}).{0,40}(?:instructions|consignes|règles|notes)(?!\p{L})/iu,
  /(?<!\p{L})(?:ignora|ignore|olvida|olvide)(?!\p{L}).{0,40}(?:instrucciones|reglas|notas|indicaciones)(?!\p{L})/iu,
];

/** The sentences as they stand, also those that only a machine would have seen. */
export function ordersIn({ lines, hidden }: Pick<Page, "lines" | "hidden">): readonly string[] {
  const spread = lines.flatMap(({ text }) => sentencesOf(text));
  return [...spread, ...hidden.flatMap((text) => sentencesOf(text))].filter(isOrder);
}

export function isOrder(sentence: string): boolean {
  const letters = plain(sentence);
  return ORDERS.some((order) => order.test(letters));
}

export function sentencesOf(line: string): readonly string[] {
  return line
    .split(/(?<=[.!?。！？]["'”’)\]]{0,2})\s+/u)
    .map((sentence) => tidy(sentence))
    .filter((sentence) => sentence !== "");
}

/** Letters of other alphabets and widths that look like ours are read as ours. */
function plain(sentence: string): string {
  return sentence.normalize("NFKC").replace(/[аеоріѕсухѵ]/giu, (letter) => LOOKALIKES[letter.toLowerCase()] ?? letter);
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  і: "i",
  ѕ: "s",
  с: "c",
  у: "y",
  х: "x",
  ѵ: "v",
};
