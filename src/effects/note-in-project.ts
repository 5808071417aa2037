/** Carries out `note_in_project`: the same words of the same person there twice are one note. Opened by performing.ts. */
import { z } from "zod";
import {
  projectId,
  type Clock,
  type Effect,
  type Grounds,
  type ItemId,
  type Memory,
  type MemoryTrust,
  type People,
  type Performed,
  type Performer,
  type Person,
  type Place,
  type Projects,
} from "#core";

export type NoteDeps = {
  readonly memory: Pick<Memory, "add" | "as">;
  readonly people: Pick<People, "all">;
  readonly projects: Pick<Projects, "all">;
  readonly clock: Clock;
};

const stored = z.object({
  project: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
  /** Absent: whoever asked. */
  wordsOf: z.string().optional(),
});

export function createNoteInProject({ memory, people, projects, clock }: NoteDeps): Performer {
  const perform = async (effect: Effect, _key: string, _signal: AbortSignal, grounds: Grounds): Promise<Performed> => {
    const { project, text, wordsOf } = stored.parse(effect.args);
    const person = (await people.all(effect.tenant)).find(({ id }) => id === effect.person);
    const known = (await projects.all(effect.tenant)).some(({ id }) => id === project.id);
    if (!person || !known)
      return { kind: "failed", code: "gone", told: `There is no project ${project.name} any more.` };
    const item = {
      kind: "note",
      text,
      author: wordsOf ?? person.name,
      trust: trustIn(wordsOf === undefined ? person.role : "member", grounds),
      happenedAt: clock.now(),
      stream: `project:${project.id}`,
      message: null,
      asked: true,
    } as const;
    const { id } = await memory.add(person, item, { project: projectId(project.id), branch: effect.branch });
    return done(project.name, id);
  };
  return {
    verb: "note_in_project",
    perform,
    async reconcile(effect) {
      const { project, text } = stored.parse(effect.args);
      const person = (await people.all(effect.tenant)).find(({ id }) => id === effect.person);
      if (!person) return { kind: "absent" };
      const newest = (where: Place) => memory.as(person, where).newest(MOST_SINCE, ["note"]);
      const there = await newest({ project: projectId(project.id), branch: effect.branch });
      const same = there.filter((each) => each.text === text);
      // What is in no project is seen from every one, and is another note.
      const nowhere = same.length === 0 ? [] : await newest({ project: null, branch: null });
      const kept = same.find(({ id }) => !nowhere.some((each) => each.id === id));
      // One that many notes came after is kept again, which is the same note.
      return kept ? done(project.name, kept.id) : { kind: "absent" };
    },
  };
}

/** More than a person keeps while Nova starts anew. */
const MOST_SINCE = 50;

const done = (project: string, id: ItemId): Performed => ({
  kind: "done",
  told: `Kept in the project ${project} as m${id}.`,
});

/** To agree that a note is kept vouches for none of its words: those that were found somewhere stay what they are. */
function trustIn(role: Person["role"], { taints }: Grounds): MemoryTrust {
  const own = role === "owner" ? "owner" : "member";
  const all = new Set(taints.map(({ by }) => BY_SOURCE[by] ?? "web"));
  return all.has("web") ? "web" : all.has("tool") ? "tool" : all.has("member") ? "member" : own;
}

/** Whatever is not named here is as little known as a page of the web. */
const BY_SOURCE: Readonly<Record<string, MemoryTrust>> = { tool: "tool", others: "member" };
