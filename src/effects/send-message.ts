/** Carries out `send_message`: says it once, where the person or the place is told. Opened by performing.ts. */
import { z } from "zod";
import type { Announced, Announcements, Effect, NamedPlaces, People, Performed, Performer, Person } from "#core";
import { passedOn } from "./passed-on.ts";

export type SendMessageDeps = {
  readonly announcements: Announcements;
  readonly people: Pick<People, "all">;
  readonly places: Pick<NamedPlaces, "get">;
};

const stored = z.object({
  to: z.object({ kind: z.enum(["person", "place"]), id: z.string(), name: z.string() }),
  from: z.string(),
  text: z.string(),
  /** Absent: whoever asked. */
  wordsOf: z.string().optional(),
});

export function createSendMessage({ announcements, people, places }: SendMessageDeps): Performer {
  const known = async ({ tenant }: Effect, id: string): Promise<Person | undefined> =>
    (await people.all(tenant)).find((person) => person.id === id);

  return {
    verb: "send_message",

    async perform(effect, key): Promise<Performed> {
      const { to, text, ...whose } = stored.parse(effect.args);
      const asker = await known(effect, effect.person);
      const said = { key: keyOf(key), agent: null, origin: "outside" } as const;
      if (to.kind === "person") {
        const person = await known(effect, to.id);
        if (!person || !asker) return failed("gone", `I do not know ${to.name} any more.`);
        const words = passedOn(whose, text, "you");
        return told(await announcements.say({ ...said, to: person, address: null, text: words }), to.name);
      }
      const place = await places.get(effect.tenant, to.id);
      if (!place || !asker) return failed("gone", `${to.name} is no place that I know any more.`);
      const words = passedOn(whose, text, "everybody here");
      return told(await announcements.say({ ...said, to: asker, address: place.address, text: words }), to.name);
    },

    async reconcile(effect, key) {
      const { to } = stored.parse(effect.args);
      const heard = await known(effect, to.kind === "person" ? to.id : effect.person);
      if (heard && (await announcements.said(keyOf(key), heard))) return done(to.name);
      return { kind: "absent" };
    },
  };
}

const keyOf = (key: string): string => `effect:${key}`;
const done = (name: string): Performed => ({ kind: "done", told: `It is on its way to ${name}.` });
const failed = (code: string, sentence: string): Performed => ({ kind: "failed", code, told: sentence });

function told(announced: Announced, name: string): Performed {
  if (announced.kind !== "unreachable") return done(name);
  return failed("unreachable", `There is nowhere to tell ${name} any more, so nothing was sent.`);
}
