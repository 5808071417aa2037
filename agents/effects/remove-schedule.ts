/** Removes one of the person's own reminders or schedules. */
import { z } from "zod";
import { defineEffect, scheduleMeant, type Bound, type CardLine, type JsonObject, type Schedule } from "#core";

const MOST_NAMES = 6;

export default defineEffect({
  verb: "remove_schedule",
  description: "Removes one of the person's own reminders or schedules, so that it comes no more.",
  examples: [
    "cancel the reminder about Ann",
    "delete my schedule printer project",
    "I do not need the reminder to water the plants any more",
  ],
  input: z.object({
    name: z.string().trim().min(1).max(200).describe("Its name, or words that stand in it, as the person wrote them."),
  }),
  stakes: "S1",
  undo: "Set it again; its history is kept.",
  async bind({ name }, { agenda }): Promise<Bound> {
    const all = await agenda.list();
    const meant = scheduleMeant(name, all);
    switch (meant.kind) {
      case "one":
        return { kind: "bound", args: { id: meant.schedule.id, name: meant.schedule.name }, destinations: [] };
      case "several":
        return { kind: "unclear", question: "Several fit. Which one do you mean?", options: names(meant.schedules) };
      case "none":
        if (all.length === 0) return { kind: "refused", reason: "You have no reminders or schedules." };
        return { kind: "unclear", question: "None of yours fits that. Which one do you mean?", options: names(all) };
    }
  },
  title: (args) => `Remove ${stored.parse(args).name}`,
  card: (args: JsonObject): readonly CardLine[] => [{ label: "Name", value: stored.parse(args).name }],
});

const names = (all: readonly Schedule[]): readonly string[] => all.slice(0, MOST_NAMES).map(({ name }) => name);

const stored = z.object({ name: z.string() });
