/** Keeps a note in a project other than the one that the conversation is about. */
import { z } from "zod";
import { defineEffect, NO_PROJECT_YET, projectId, type Bound, type CardLine, type JsonObject } from "#core";
import { whoseLine, wordsOf } from "./words/whose-words.ts";

const MOST_NAMES = 6;

export default defineEffect({
  verb: "note_in_project",
  description: "Keeps a note of the person's in one of the projects, by the project's name.",
  examples: [
    "note in project Atlas: the lease ends in June",
    "keep in the project Borea that the supplier changed",
    "add a note to project Atlas that Tom has the spare key",
  ],
  input: z.object({
    project: z.string().trim().min(1).max(80).describe("The project's name, as the person wrote it."),
    text: z.string().trim().min(1).max(20_000).describe("The note, in the person's own words."),
  }),
  stakes: "S1",
  undo: "Say “forget …” with its words, in that project or in none.",
  async bind({ project, text }, context): Promise<Bound> {
    const { destinations } = context;
    const found = (await destinations.find(project)).filter((each) => each.kind === "project");
    const [one] = found;
    if (!one) {
      const names = (await destinations.names("project")).slice(0, MOST_NAMES);
      const which = names.length > 0 ? `There is no project called ${project}. Which one do you mean?` : NO_PROJECT_YET;
      return { kind: "unclear", question: which, options: names };
    }
    // It goes to nobody but the person: what they keep in a project nobody else reads.
    const args = { project: { id: one.id, name: one.name }, text, ...wordsOf("text", text, context) };
    return { kind: "bound", args, destinations: [] };
  },
  // Once the words are kept there they speak there: whoever is written for says where, or looks.
  lands: (args) => ({ project: projectId(read(args).project.id) }),
  title: (args) => `Keep a note in the project ${read(args).project.name}`,
  card(args): readonly CardLine[] {
    const { project, text, wordsOf: whose } = read(args);
    return [
      { label: "Project", value: project.name, field: "project" },
      ...whoseLine(whose, "who is kept as their author"),
      { label: "Note", value: text, field: "text" },
    ];
  },
});

const stored = z.object({
  project: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
  wordsOf: z.string().optional(),
});
const read = (args: JsonObject) => stored.parse(args);
