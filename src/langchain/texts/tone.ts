/** Points at words that may read as harsh, vague or shouting, each with its place. It suggests; it rewrites nothing. */
import type { TextWork } from "./ask-text.ts";
import { sentencesIn } from "./sentences.ts";

const MAX_FINDINGS = 30;

const KINDS: readonly { readonly name: string; readonly pattern: RegExp; readonly why: string }[] = [
  {
    name: "Harsh",
    why: "may hurt or accuse",
    pattern:
      /\b(?:stupid|idiot(?:ic)?|ridiculous|nonsense|useless|terrible|awful|pathetic|incompetent|unacceptable|lazy|rubbish|garbage|dumb|absurd|disgrace(?:ful)?|hate|shut up|your fault|how many times|as i (?:already|have already) (?:said|told)|you (?:always|never|clearly|obviously|failed|people)|obviously|clearly you|i demand|immediately|or else|do your job)\b/giu,
  },
  {
    name: "Vague",
    why: "says little; a figure, name or date would help",
    pattern:
      /\b(?:some ?how|some(?:thing|time|where| point)|soon(?:ish)?|asap|stuff|things|various|several|a lot|lots of|a bit|kind of|sort of|maybe|perhaps|probably|hopefully|basically|etc|and so on|as needed|if possible|at some point|in due course|going forward|touch base|try to)\b/giu,
  },
  {
    name: "Shouting",
    why: "reads as shouting",
    pattern:
      /\b(?!(?:[A-Z]{1,5}|[IVXLC]+)\b)\p{Lu}{4,}(?:\s+\p{Lu}{2,})*\b|(?<![\p{L}!?])\p{L}{0,40}(?=[!?]{0,20}!!)[!?]+|\b\p{Lu}{2,}(?:\s+\p{Lu}{2,}){1,}\b/gu,
  },
];

export function checkTone({ text }: TextWork): string {
  const findings: string[] = [];
  for (const sentence of sentencesIn(text)) {
    for (const { name, why, pattern } of KINDS) {
      for (const match of sentence.text.matchAll(pattern)) {
        const word = sentence.text.slice(0, match.index).split(/\s+/).filter(Boolean).length + 1;
        findings.push(`- **${name}:** “${match[0]}” [s${sentence.number}, word ${word}]: ${why}`);
      }
    }
  }
  if (findings.length === 0) {
    return "I found no harsh, vague or shouting words. I look at words only; irony and hints escape me.";
  }
  const more = findings.length > MAX_FINDINGS ? `\n\n…and ${findings.length - MAX_FINDINGS} more.` : "";
  const noun = findings.length === 1 ? "One place" : `${findings.length} places`;
  return `${noun} to look at:\n\n${findings.slice(0, MAX_FINDINGS).join("\n")}${more}`;
}
