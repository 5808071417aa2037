/** What Nova answers to /place: gives the shared place where it is said a name, lists those that have one, lets one go. Called by commands.ts. */
import {
  HOOKS_PLATFORM,
  isAway,
  NovaError,
  sentenceFor,
  type Address,
  type Route,
  type Settlement,
  type TakenTurn,
} from "#core";
import type { Crew } from "../crew.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import { shown } from "./identity-words.ts";

export type PlaceCrew = Pick<Crew, "namedPlaces" | "people" | "surfaces" | "roster">;

export async function answerPlace(turn: TakenTurn, route: Route, rest: string, crew: PlaceCrew): Promise<Settlement> {
  try {
    return novaSays(turn, crew, { route, text: await answer(turn, rest.trim(), crew) });
  } catch (error) {
    if (!(error instanceof NovaError) || isAway(error)) throw error;
    return refusedRoute(turn, route, sentenceFor(error), crew);
  }
}

const FORGET = /^forget\s+(?<name>\S.*)$/is;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

async function answer(turn: TakenTurn, rest: string, crew: PlaceCrew): Promise<string> {
  const { person, address } = turn;
  if (person.role === "guest") throw new NovaError("forbidden", "Names of places are not for guests.");
  if (rest === "") return list(turn, crew);
  // Whoever holds an endpoint's secret may speak for its person, but say nothing about where others are told things.
  if (address.platform === HOOKS_PLATFORM)
    throw new NovaError("forbidden", "Posts name no places.", { advice: "Write it in a conversation." });
  const forgotten = FORGET.exec(rest)?.groups?.["name"];
  if (forgotten !== undefined) return forget(turn, withoutMark(forgotten), crew);
  return give(turn, withoutMark(rest), crew);
}

const withoutMark = (name: string): string => name.replace(/^#/, "").replaceAll(/\s+/g, " ").trim();

async function list({ person }: TakenTurn, { namedPlaces }: PlaceCrew): Promise<string> {
  const places = await namedPlaces.all(person.tenant);
  if (places.length === 0) return `No place has a name yet. ${HOW}`;
  return [
    "I can be asked to say something here:",
    "",
    ...places.map(({ name, address }) => `- **${name}**, on ${address.platform}`),
    "",
    HOW,
  ].join("\n");
}

const HOW = "`/place <name>`, said in a shared place, gives it one; `/place forget <name>` takes it away.";

async function forget({ person }: TakenTurn, name: string, { namedPlaces }: PlaceCrew): Promise<string> {
  if (await namedPlaces.forget(person.tenant, name))
    return `**${name}** is no place that I can be asked to speak in any more.`;
  throw new NovaError("not_found", `No place is called ${shown(name)}.`, { advice: "`/place` lists them." });
}

async function give(turn: TakenTurn, name: string, crew: PlaceCrew): Promise<string> {
  const { person } = turn;
  if (!NAME.test(name))
    throw new NovaError("bad_input", "That is no name for a place.", {
      advice: "Take letters, digits, spaces, dots and hyphens, at most 40 of them.",
    });
  const address = await sharedPlace(turn, crew);
  if (!address)
    throw new NovaError("bad_input", "This is between you and me alone, so it needs no name.", {
      advice: `Say it where the others read along, addressed to me: \`/place ${name}\`.`,
    });
  if (await crew.people.named(person.tenant, name))
    throw new NovaError("bad_input", `${shown(name)} is the name of a person.`, { advice: "Choose another one." });
  const place = await crew.namedPlaces.name(person, name, address);
  return `This place is called **${place.name}** from now on. Whoever may have me act can say “tell ${place.name} that …”, and each time somebody has to agree.`;
}

/** As a whole, without the thread. A command is private to its author also where it is given in a shared place. */
async function sharedPlace({ address, person }: TakenTurn, { namedPlaces }: PlaceCrew): Promise<Address | undefined> {
  const place: Address = { ...address, root: null, visibility: "shared" };
  if (address.visibility === "shared") return place;
  const isCommand = address.root?.startsWith("@") === true;
  return isCommand && (await namedPlaces.isShared(person.tenant, address)) ? place : undefined;
}
