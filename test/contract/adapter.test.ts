/** Every adapter found keeps the contract, and a new one needs a folder and nothing else. */
import { afterAll, describe, expect, test } from "vitest";
import { loadAdapters } from "../../src/plugins/index.ts";
import { judgeAdapters } from "./adapters-in.ts";
import { ADAPTERS, openTrial } from "./trial-folder.ts";

judgeAdapters("the project", await loadAdapters(ADAPTERS));

const PIGEON = `/** A channel with small parts, for the trial. */
import { z } from "zod";
import { defineAdapter } from "#core";

const note = z.object({ id: z.string().min(1), text: z.string().trim().min(1) });

export default defineAdapter({
  platform: "pigeon",
  settings: z.object({ PIGEON_LOFT: z.string().optional().describe("Where the pigeons live.") }),
  caps: { maxText: 500, idempotentSend: false, buttons: false },
  parse(body, { person, now }) {
    const parsed = note.safeParse(body);
    if (!parsed.success) return { ignored: "not a note" };
    const { id, text } = parsed.data;
    return {
      deliveryKey: id,
      messageKey: id,
      address: { platform: "pigeon", scope: "loft", container: person.id, root: null, visibility: "private" },
      sender: { platform: "pigeon", scope: "loft", id: person.id },
      text,
      sentAt: now,
    };
  },
  render(markdown) {
    const characters = Array.from(markdown);
    const parts = [];
    for (let at = 0; at < characters.length; at += 250) parts.push({ body: characters.slice(at, at + 250).join("") });
    return parts;
  },
  examples: { accepted: [{ id: "1", text: "coo" }], ignored: [null, {}, { id: "2", text: " " }] },
  create: () => ({
    routes: [],
    send: async () => ({ kind: "sent", externalId: "1" }),
    health: () => ({ transport: { ok: true, detail: "" }, admission: { ok: true, detail: "" }, auth: { ok: true, detail: "" } }),
  }),
});
`;

const trial = await openTrial();
afterAll(() => trial.close());
await trial.write("adapters/pigeon/index.ts", PIGEON);
const found = await loadAdapters(trial.adapters);
judgeAdapters("a copy with one new folder", found);

describe("a newcomer's adapter", () => {
  test("is one new folder and found at once, by its name or among all", async () => {
    expect(found.map((adapter) => adapter.platform)).toEqual(["pigeon"]);
    await expect(loadAdapters(trial.adapters, ["pigeon"])).resolves.toHaveLength(1);
  });
});
