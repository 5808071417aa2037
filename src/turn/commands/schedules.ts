/** What Nova answers to /schedules, /quiet and /timezone. Called by commands.ts. */
import {
  HOOKS_PLATFORM,
  isAway,
  mayBeToldAt,
  NovaError,
  readQuiet,
  scheduleMeant,
  sentenceFor,
  tellQuiet,
  tellTime,
  zoneOf,
  type Address,
  type CommandName,
  type Person,
  type Rhythm,
  type Route,
  type Schedule,
  type Settlement,
  type TakenTurn,
} from "#core";
import type { Crew } from "../crew.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import { scheduleLine } from "../schedule/words.ts";

export type ScheduleCommand = Extract<CommandName, "schedules" | "quiet" | "timezone">;

type SchedulesCrew = Pick<Crew, "schedules" | "clock" | "surfaces" | "roster">;

export async function answerSchedules(
  turn: TakenTurn,
  route: Route,
  command: { readonly name: ScheduleCommand; readonly rest: string },
  crew: SchedulesCrew,
): Promise<Settlement> {
  try {
    if (turn.address.platform === HOOKS_PLATFORM)
      throw new NovaError("forbidden", "Posts change no schedules.", { advice: "Write it in a conversation." });
    const text = await ANSWERS[command.name](turn, command.rest.trim(), crew);
    // What was set after reading something may hold words of it, in its name as well.
    const every = command.name === "schedules" ? await crew.schedules.list(turn.person, { all: true }) : [];
    const all = every.filter((each) => mayBeToldAt(turn.address, each.address));
    return novaSays(turn, crew, { route, text, tainted: all.some(({ wording }) => wording === "outside") });
  } catch (error) {
    if (!(error instanceof NovaError) || isAway(error)) throw error;
    return refusedRoute(turn, route, sentenceFor(error), crew);
  }
}

type Answer = (turn: Pick<TakenTurn, "person" | "address">, rest: string, crew: SchedulesCrew) => Promise<string>;

const ANSWERS: Readonly<Record<ScheduleCommand, Answer>> = {
  async schedules({ person, address }, rest, { schedules }) {
    const known = await schedules.list(person);
    const all = known.filter((each) => mayBeToldAt(address, each.address));
    const [verb = "", ...words] = rest.split(/\s+/);
    if (verb === "") return listing(all, known.length - all.length, await shownRhythm(person, address, schedules));
    const to = CHANGES.get(verb.toLowerCase());
    if (to === undefined)
      throw new NovaError("bad_input", `“${verb}” is nothing to do with a schedule.`, { advice: USE });
    const meant = scheduleMeant(words.join(" "), all);
    if (meant.kind === "none") throw notThere(words.join(" "), all);
    if (meant.kind === "several") throw several(meant.schedules);
    const changed = await schedules.change(meant.schedule.id, person, to);
    if (!changed) throw notThere(words.join(" "), []);
    return told(changed, to, await schedules.rhythm(person.id));
  },

  async quiet({ person, address }, rest, { schedules }) {
    if (rest === "") return mayTell(address) ? quietWords(await schedules.rhythm(person.id)) : ASK_ALONE.quiet;
    const read = readQuiet(rest);
    if (!read) {
      const advice = "Write `/quiet 22:00-07:00`, or `/quiet off`.";
      throw new NovaError("bad_input", `“${rest}” are no quiet hours.`, { advice });
    }
    const rhythm = await schedules.setRhythm(person, read);
    return mayTell(address) ? quietWords(rhythm) : SET_ALONE.quiet;
  },

  async timezone({ person, address }, rest, { schedules, clock }) {
    const rhythm = await (rest === "" ? schedules.rhythm(person.id) : schedules.setRhythm(person, { zone: rest }));
    if (!mayTell(address)) return (rest === "" ? ASK_ALONE : SET_ALONE).timezone;
    const all = (await schedules.list(person)).filter((each) => mayBeToldAt(address, each.address));
    const whose = rhythm.own ? "Your time zone is" : "You named no time zone, so I use this machine's:";
    return `${whose} ${rhythm.zone}. It is ${tellTime(clock.now(), rhythm.zone)} there. \`/timezone Europe/Berlin\` changes it, and so do cities like it.${kept(all, rhythm.zone)}`;
  },
};

/** When somebody sleeps, and where they live, is nobody else's to read. */
const mayTell = ({ visibility }: Address): boolean => visibility === "private";
const ASK_ALONE = {
  quiet: "Others read here, so I tell quiet hours in private only: send me `/quiet` there.",
  timezone: "Others read here, so I tell time zones in private only: send me `/timezone` there.",
};
const SET_ALONE = {
  quiet: "Your quiet hours are set as you said. Others read here, so `/quiet` tells them in private only.",
  timezone: "Your time zone is set as you said. Others read here, so `/timezone` tells it in private only.",
};

const CHANGES: ReadonlyMap<string, "active" | "paused" | "removed"> = new Map([
  ["pause", "paused"],
  ["resume", "active"],
  ["remove", "removed"],
]);
const USE =
  "`/schedules` lists yours; `/schedules pause <name>`, `/schedules resume <name>` and `/schedules remove <name>` change one.";

const asideWords = (count: number): string =>
  `${count} of your reminders and schedules ${count === 1 ? "is" : "are"} not told where others read along; ask me in private.`;

/** Without the quiet hours, where others read along. */
async function shownRhythm(
  { id }: Pick<Person, "id">,
  address: Address,
  schedules: Pick<SchedulesCrew["schedules"], "rhythm">,
): Promise<Rhythm> {
  const rhythm = await schedules.rhythm(id);
  return mayTell(address) ? rhythm : { ...rhythm, quiet: null };
}

function listing(all: readonly Schedule[], aside: number, rhythm: Rhythm): string {
  if (all.length === 0 && aside > 0) return asideWords(aside);
  if (all.length === 0)
    return "You have no reminders or schedules. Say, for instance: remind me tomorrow at 9 to call Ann.";
  const quiet = rhythm.quiet === null ? "" : ` Quiet hours: ${tellQuiet(rhythm)}.`;
  const lines = [...all.map((each) => scheduleLine(each, rhythm)), "", `${USE}${quiet}`];
  return (aside > 0 ? [...lines, "", asideWords(aside)] : lines).join("\n");
}

function told({ name, nextAt }: Schedule, to: "active" | "paused" | "removed", { zone }: Rhythm): string {
  if (to === "removed") return `“${name}” is removed.`;
  if (to === "paused") return `“${name}” is paused. \`/schedules resume ${name}\` lets it go on.`;
  return `“${name}” goes on${nextAt ? `, next on ${tellTime(nextAt, zone)}` : ""}.`;
}

/** What was set in another zone goes on there: it was told to the person with that zone. */
function kept(all: readonly Schedule[], zone: string): string {
  const others = all.filter(({ when }) => zoneOf(when, zone) !== zone);
  const lines = others.map(({ name, when }) => `- “${name}” keeps ${zoneOf(when, zone)}`);
  if (lines.length === 0) return "";
  const move = "To move one, remove it with `/schedules remove <name>` and ask for it again.";
  return ["\n\nThese were set in another time zone and stay in it:\n", ...lines, "", move].join("\n");
}

const quietWords = (rhythm: Rhythm): string =>
  rhythm.quiet === null
    ? "You have no quiet hours. `/quiet 22:00-07:00` sets some."
    : `Quiet hours are ${tellQuiet(rhythm)} (${rhythm.zone}). What comes again and again waits for their end; a single reminder comes when you said. \`/quiet off\` ends them.`;

function notThere(words: string, all: readonly Schedule[]): NovaError {
  const message = words.trim() === "" ? "Which schedule?" : `You have no schedule called “${words.trim()}”.`;
  const advice = all.length === 0 ? USE : `There ${all.length === 1 ? "is" : "are"} ${names(all)}.`;
  return new NovaError("not_found", message, { advice });
}

const several = (all: readonly Schedule[]): NovaError =>
  new NovaError("bad_input", "Several schedules fit.", { advice: `Name one of them: ${names(all)}.` });

const names = (all: readonly Schedule[]): string =>
  all
    .slice(0, 8)
    .map(({ name }) => `“${name}”`)
    .join(", ");
