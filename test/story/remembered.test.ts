/** Told in the terminal, asked in the browser after a restart: the person is still known, and only to themselves. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { createNova } from "../cli/process.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { startedHome } from "../support/home.ts";
import { listen, post, signIn, startService, type Service } from "../support/service.ts";

const SECRET = "the archive key is under the third flowerpot";
const QUESTION = "where is the archive key?";

let home: string;
let place: FreshDatabase;
beforeAll(async () => {
  place = await freshDatabase();
  home = await startedHome("remembered");
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await place.drop();
});

const nova = (...words: string[]) => createNova(home, () => {}).run(words, { env: place.env });

const reply = z.object({ from: z.literal("nova"), html: z.string(), name: z.string() });

async function askInBrowser(service: Service, cookie: string, text: string): Promise<string> {
  const page = listen(service, cookie);
  await vi.waitFor(() => expect(page.of("ready")).toHaveLength(1), 10_000);
  const before = page.of("message").length;
  expect((await post(service, cookie, { id: randomUUID(), text })).status).toBe(202);
  const answer = () =>
    page
      .of("message")
      .slice(before)
      .flatMap((data) => reply.safeParse(data).data ?? []);
  await vi.waitFor(() => expect(answer()).toHaveLength(1), 20_000);
  page.close();
  return answer()[0]?.html ?? "";
}

test("what was told in the terminal is answered in the browser, with its source, to that person alone", async () => {
  const told = await nova("ask", `Remember that ${SECRET}`);
  expect(told.code).toBe(0);

  const service = await startService(home, place.env);
  try {
    const owner = await signIn(service.loginUrl);
    const answer = await askInBrowser(service, owner, QUESTION);
    expect(answer).toContain(SECRET);
    expect(answer).toMatch(/\[m\d+\]/);

    const link = z.object({ url: z.string() }).parse(JSON.parse((await nova("link", "--new", "Dana", "--json")).out));
    const dana = await signIn(link.url);
    const others = await askInBrowser(service, dana, QUESTION);
    expect(others).not.toContain("flowerpot");
    expect(others).toMatch(/nothing stored|not stored|cannot tell|language model/i);
    expect((await nova("ask", "--as", "Dana", QUESTION)).out).not.toContain("flowerpot");
    expect((await nova("ask", QUESTION)).out).toContain(SECRET);
  } finally {
    expect(await service.stop()).toBe(0);
  }
}, 120_000);
