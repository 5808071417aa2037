/** What Nova itself answers: /help, /why, /agent, /budget, what is about people, and a /stop that found nothing to stop where it was said. */
import {
  mayMeet,
  type AgentId,
  type AgentSpec,
  type CommandName,
  type Route,
  type Settlement,
  type TakenTurn,
  type TurnId,
} from "#core";
import { answerApprovals } from "../approval/approvals.ts";
import { lastBeside, stopBeside } from "../beside.ts";
import { budget } from "./budget.ts";
import { agentName, type Crew } from "../crew.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import type { Stops } from "../hold.ts";
import { answerIdentity } from "./identity.ts";
import { answerPlace } from "./place.ts";
import { answerProject } from "./project.ts";
import { answerSchedules } from "./schedules.ts";

type Command = { readonly name: CommandName; readonly rest: string };

export async function answerCommand(
  turn: TakenTurn,
  route: Route,
  command: Command,
  crew: Crew & { readonly stops: Pick<Stops, "stop"> },
): Promise<Settlement> {
  // The router reads none from what a schedule asks; nothing that went wrong there is to matter.
  if (turn.messages.some(({ scheduled }) => scheduled))
    return refusedRoute(turn, route, "A schedule gives no commands.", crew);
  switch (command.name) {
    case "help":
      return novaSays(turn, crew, { route, text: help(turn, crew) });
    case "why":
      return novaSays(turn, crew, { route, text: await why(turn, crew) });
    case "agent":
      return chooseAgent(turn, route, command.rest, crew);
    case "budget":
      return novaSays(turn, crew, { route, text: await budget(turn, crew) });
    case "stop":
      return novaSays(turn, crew, { route, text: stopped(await stopBeside(turn, crew)) });
    case "approvals":
    case "approve":
    case "deny":
      return answerApprovals(turn, route, { name: command.name, rest: command.rest }, crew);
    case "schedules":
    case "quiet":
    case "timezone":
      return answerSchedules(turn, route, { name: command.name, rest: command.rest }, crew);
    case "place":
      return answerPlace(turn, route, command.rest, crew);
    case "project":
      return answerProject(turn, route, command.rest, crew);
    case "link":
    case "people":
    case "pair":
    case "unlink":
    case "block":
    case "unblock":
      return answerIdentity(turn, route, { name: command.name, rest: command.rest }, crew);
  }
}

/** By what they are for; who is on call stands below: platforms cut long answers into parts. */
const COMMANDS = [
  "- **Who answers**: `@name …` asks one agent; `/agent <name>` keeps it for this conversation, `/agent auto` lets Nova choose, `/wrong <agent>` says who should have answered, `/why` tells who did and why; `/ask <words>` is a question, whatever it looks like.",
  "- **Memory**: `/remember <words>`, `/recall <words>`, `/forget m12`.",
  "- **Decisions**: `/approvals` lists what waits for you; `/approve <number>` does it, `/deny <number> [why]` does not.",
  "- **Time**: `/schedules` lists your reminders; `/quiet 22:00-07:00` sets quiet hours, `/timezone Europe/Berlin` your zone.",
  "- **Accounts**: `/link` makes another account of yours known to me; `/people` lists yours, `/unlink <account>` takes one away.",
  "- **Places**: `/place <name>`, said where others read along, lets me be asked to say something there; `/place` lists them.",
  "- **Projects**: `/project` lists them, and says which one this conversation is in.",
  "- **Work**: `/stop` ends the answer that is being written, `/budget` tells what models cost today (UTC) and in the last days, `/help` shows this.",
];

const OWNERS =
  "- **For you alone, the owner**: `/people` lists everybody, `/pair` lets in who asks, `/block` and `/unblock` are for a name or an account.";

function help(turn: TakenTurn, crew: Crew): string {
  return [
    "Write what you need in your own words; Nova picks the specialist.",
    "",
    "**Commands**",
    "",
    ...COMMANDS,
    ...(turn.person.role === "owner" ? [OWNERS] : []),
    "",
    "**On call**",
    "",
    ...onCall(turn, crew).map((agent) => `- \`@${agent.id}\` ${agent.purpose}`),
  ].join("\n");
}

function stopped(count: number): string {
  if (count === 0) return "Nothing is running in this conversation.";
  return count === 1 ? "Stopped what I was writing here." : `Stopped the ${count} answers that I was writing here.`;
}

async function why(turn: TakenTurn, crew: Crew): Promise<string> {
  const here = await crew.transcript.lastRoute(turn.conversation, turn.person, turn.id);
  const last = here ? { ...here, question: "The last message" } : await lastBeside(turn, crew);
  if (!last) return "Nothing has been answered in this conversation yet.";
  const { route } = last;
  const confidence =
    route.stage === "lexical" || route.stage === "model" || route.stage === "sticky"
      ? ` (${Math.round(route.confidence * 100)} % sure, by ${STAGES[route.stage]})`
      : "";
  const lines = [`${last.question} ${chosen(route, crew)}${confidence}. ${route.reason}`];
  const spoke = await spokeIn(last.turn, turn, crew);
  if (spoke && route.to.kind === "agent" && spoke !== route.to.agent)
    lines.push("", `It was handed over on the way: **${agentName(crew.roster, spoke)}** answered.`);
  const others = route.candidates
    .filter((candidate) => route.to.kind !== "agent" || candidate.agent !== route.to.agent)
    .slice(0, 3)
    .map((candidate) => `${agentName(crew.roster, candidate.agent)} ${Math.round(candidate.score * 100)} %`);
  if (others.length > 0) lines.push("", `Also considered: ${others.join(", ")}.`);
  // Who has no terminal could only wonder at a verb.
  if (turn.person.role === "owner") lines.push("", `The whole story: \`nova trace t${last.turn}\`.`);
  return lines.join("\n");
}

async function spokeIn(last: TurnId, { person }: TakenTurn, crew: Crew): Promise<AgentId | null> {
  const past = await crew.transcript.turnOf(last, person);
  if (past === undefined || past === "another's") return null;
  return past.reply.author.kind === "agent" ? past.reply.author.agent : null;
}

const STAGES = { lexical: "its words", model: "a model", sticky: "the conversation so far" } as const;

function chosen(route: Route, crew: Crew): string {
  switch (route.to.kind) {
    case "agent":
      return `went to **${agentName(crew.roster, route.to.agent)}**`;
    case "command":
      return `was the command \`/${route.to.name}\`, which Nova answers itself`;
    case "clarify":
      return "fitted more than one agent, so Nova asked";
    case "plan":
      return `asked for several things, which went to ${route.to.steps.map(({ agent }) => `**${agentName(crew.roster, agent)}**`).join(", ")}`;
    case "refuse":
      return "was answered by Nova itself, no agent was asked";
  }
}

function chooseAgent(turn: TakenTurn, route: Route, rest: string, crew: Crew): Settlement {
  const name = rest.trim().toLowerCase().replace(/^@/, "");
  if (name === "") return novaSays(turn, crew, { route, text: listing(turn, crew) });
  if (name === "auto")
    return novaSays(turn, crew, { route, text: "Nova chooses the agent for each message again.", pin: null });
  const agent = onCall(turn, crew).find((spec) => spec.id === name || spec.name.toLowerCase() === name);
  if (!agent) {
    const known = onCall(turn, crew).map((spec) => spec.id);
    return refusedRoute(turn, route, `There is no agent called "${name}". On call: ${known.join(", ")}.`, crew);
  }
  const text = `**${agent.name}** answers in this conversation from now on. \`/agent auto\` lets Nova choose again.`;
  return novaSays(turn, crew, { route, text, pin: agent.id });
}

function listing(turn: TakenTurn, crew: Crew): string {
  const pinned: AgentId | null = turn.pinned;
  return [
    pinned
      ? `**${agentName(crew.roster, pinned)}** answers in this conversation. \`/agent auto\` lets Nova choose again.`
      : "Nova chooses the agent for each message. `/agent <name>` keeps one.",
    "",
    ...onCall(turn, crew).map((agent) => `- \`${agent.id}\` ${agent.purpose}`),
  ].join("\n");
}

function onCall(turn: TakenTurn, crew: Crew): readonly AgentSpec[] {
  return crew.roster.all().filter((agent) => mayMeet(turn.person.role, agent));
}
