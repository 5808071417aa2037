/** Carries out `note_in_project`: the same words of the same person there twice are one note. Opened by performing.ts. */
import { z } from "zod";
import {
  projectId,
  type Clock,
  type Effect,
  type Grounds,
  type Memory,
  type MemoryTrust,
  type People,
  type Performed,
  type Performer,
  type Person,
  type Projects,
} from "#core";

export type NoteDeps = {
  readonly memory: Pick<Memory, "add">;
  readonly people: Pick<People, "all">;
  readonly projects: Pick<Projects, "all">;
  readonly clock: Clock;
};

const stored = z.object({ project: z.object({ id: z.string(), name: z.string() }), text: z.string() });

export function createNoteInProject({ memory, people, projects, clock }: NoteDeps): Performer {
  const perform = async (effect: Effect, _key: string, _signal: AbortSignal, grounds: Grounds): Promise<Performed> => {
    const { project, text } = stored.parse(effect.args);
    const person = (await people.all(effect.tenant)).find(({ id }) => id === effect.person);
    const known = (await projects.all(effect.tenant)).some(({ id }) => id === project.id);
    if (!person || !known)
      return { kind: "failed", code: "gone", told: `There is no project ${project.name} any more.` };
    const item = {
      kind: "note",
      text,
      author: person.name,
      trust: trustIn(person, grounds),
      happenedAt: clock.now(),
      stream: `project:${project.id}`,
      message: null,
      asked: true,
    } as const;
    const { id } = await memory.add(person, item, { project: projectId(project.id), branch: effect.branch });
    return { kind: "done", told: `Kept in the project ${project.name} as m${id}.` };
  };
  // What is there already is not kept twice, so that whoever does not know may as well do it.
  return { verb: "note_in_project", perform, reconcile: perform };
}

/** To agree that a note is kept vouches for none of its words: those that were found somewhere stay what they are. */
function trustIn({ role }: Person, { taints }: Grounds): MemoryTrust {
  const own = role === "owner" ? "owner" : "member";
  const all = new Set(taints.map(({ by }) => BY_SOURCE[by] ?? "web"));
  return all.has("web") ? "web" : all.has("tool") ? "tool" : all.has("member") ? "member" : own;
}

/** Whatever is not named here is as little known as a page of the web. */
const BY_SOURCE: Readonly<Record<string, MemoryTrust>> = { tool: "tool", others: "member" };
