/** Removes one of the person's own reminders or schedules. */
import { z } from "zod";
import { defineEffect, projectId, type Bound, type CardLine, type JsonObject, type Schedule } from "#core";
import { scheduleNamed } from "./words/schedule-named.ts";

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
    const found = scheduleNamed(name, await agenda.list());
    return found.kind === "one" ? bound(found.schedule, name) : found;
  },
  existing: true,
  // Reminders of every project are listed everywhere, so that it may be another one's than the conversation's.
  lands(args) {
    const { projectId: id } = placed.parse(args);
    return { project: id === null ? null : projectId(id) };
  },
  title: (args) => `Remove ${stored.parse(args).name}`,
  card: (args: JsonObject): readonly CardLine[] => [{ label: "Name", value: stored.parse(args).name }],
});

const bound = ({ id, name, project }: Schedule, said: string): Bound => ({
  kind: "bound",
  args: { id, name, projectId: project },
  destinations: [],
  named: [said, name],
});

const stored = z.object({ name: z.string() });
/** Apart from the above: what was proposed before there was a place in it is still drawn, but done no more. */
const placed = z.object({ projectId: z.string().nullable() });
