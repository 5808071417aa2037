/** What a person reads above an answer that not everyone gave who should have. Called by the step runner. */
import type { Reply } from "#core";
import { agreeing } from "../models/failure-words.ts";
import type { Run } from "./run.ts";

/** A lesser answer says what it stands in for; the label alone would be overlooked. */
export function standIn(reply: Reply, { fallen, speaker, trimmed, step }: Run): Reply {
  const who = speaker.circuit ? speaker.name : "the offline model";
  const notes = [
    ...(step.standIn === undefined ? [] : [`${step.standIn} The offline model answers in its place.`]),
    ...(fallen.length > 0 ? [`${capital(clauses(fallen, speaker).join(", and "))}, so ${who} answers.`] : []),
    ...(trimmed > 0 && speaker.circuit
      ? [`This conversation is longer than ${who} can read at once, so it read only the end of it.`]
      : []),
  ];
  if (notes.length === 0) return reply;
  const told = (text: string): string => `*${notes.join(" ")}*\n\n${text}`;
  switch (reply.kind) {
    case "answer":
      return { ...reply, text: told(reply.text) };
    case "clarify":
      return { ...reply, question: told(reply.question) };
    case "fail":
      return { ...reply, reason: told(reply.reason) };
    case "propose":
      return { ...reply, text: told(reply.text) };
    case "handoff":
    case "delegate":
      return reply;
  }
}

/** What happened to several models is said once. */
function clauses(fallen: Run["fallen"], speaker: Run["speaker"]): string[] {
  const together = Map.groupBy(fallen, ({ says }) => says);
  return Array.from(together, ([says, those]) => {
    const names = those.map(({ model }) => model);
    if (says === null) {
      const all = !speaker.circuit && those.length === fallen.length;
      return `what is left of today's budget does not cover ${all ? "another call of a model" : `a call of ${listed(names)}`}`;
    }
    return `${listed(names)} ${agreeing(says, names.length)}`;
  });
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** A model's name stays as it is spelled. */
const capital = (text: string): string => text.replace(/^what is left/, "What is left");
