/** The librarian's code: keeping and forgetting are done by rule, and what a model answers must name real items. */
import { defineAgentCode, sentenceOf, type CodedReply } from "#core";
import { ownWords } from "./claims/own-words.ts";
import { forgetAbout, forgetItems } from "./librarian/forget.ts";
import { goingOn } from "./librarian/going-on.ts";
import { keep } from "./librarian/keep.ts";
import { readOrders, type Order } from "./librarian/orders.ts";
import { projectsAsked } from "./projects/asked.ts";

const CLAIM =
  /\bI(?:['’]ve| have|['’]ll| will)?(?: now| just)? (?:saved?|stored?|note[d]?|remember(?:ed)?|ke(?:ep|pt)|forg[eo]t(?:ten)?|deleted?|removed?) (?:it|this|that|your|the|down)\b/i;

export default defineAgentCode({
  async before(step) {
    const projects = await projectsAsked(step);
    if (projects !== undefined) return { reply: { kind: "answer", text: projects } };
    const said = step.ask.own ?? step.ask.words;
    const orders = readOrders(said);
    const going = step.ask.origin === "outside" ? undefined : goingOn(said, step);
    if (going) return "reply" in going ? going : going.kind === "keep-in" ? keepIn(going) : carryOut(going, step);
    if (!orders.some((order) => order.kind !== "other")) return undefined;
    const [only, ...more] = orders;
    if (only?.kind === "keep-in" && more.length === 0) return { ...keepIn(only), ownWish: true };
    const done: CodedReply[] = [];
    for (const order of orders) done.push(await carryOut(order, step));
    return done.length === 1 ? done[0] : together(done);
  },

  check({ recalled }, answer, results) {
    if (CLAIM.test(ownWords(answer))) {
      return "The answer claims a change of memory, and none was made. To have something kept, begin with “remember that”.";
    }
    const known = new Set(recalled?.items.map((item) => String(item.id)));
    for (const result of results) for (const [, id = ""] of result.matchAll(/\[m(\d+)\]/g)) known.add(id);
    const unknown = [...answer.matchAll(/\[m(\d+)\]/g)].find(([, id = ""]) => !known.has(id));
    return unknown ? `The answer cites ${unknown[0]}, which was not found in memory.` : undefined;
  },
});

const keepIn = ({ project, text }: Extract<Order, { kind: "keep-in" }>): CodedReply => ({
  reply: { kind: "propose", text: "In your words.", effects: [{ verb: "note_in_project", input: { project, text } }] },
});

const KEEP_ALONE = "I did not keep the note for the project; please send it in a message by itself.";

async function carryOut(order: Order, step: Parameters<typeof forgetAbout>[1]): Promise<CodedReply> {
  switch (order.kind) {
    case "keep":
      return keep(order);
    case "keep-in":
      return { reply: { kind: "answer", text: KEEP_ALONE } };
    case "forget-items":
      return forgetItems(order.items, step);
    case "forget-about":
      return forgetAbout(order.subject, step);
    case "other":
      return { reply: { kind: "answer", text: "I did not answer the rest of your message; please ask it by itself." } };
  }
}

/** Several orders in one turn are one answer: each part says for itself how it ended. */
function together(done: readonly CodedReply[]): CodedReply {
  const text = done.map(({ reply }) => sentenceOf(reply));
  return {
    reply: { kind: "answer", text: text.join("\n\n") },
    changes: done.flatMap(({ changes }) => changes ?? []),
    results: done.flatMap(({ results }) => results ?? []),
  };
}
