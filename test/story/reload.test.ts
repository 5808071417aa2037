/** A new agent put on call while Nova runs; a broken one leaves the others where they were. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openTrial, type Trial } from "../contract/trial-folder.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let trial: Trial;
let lab: TestNova;
beforeEach(async () => {
  trial = await openTrial();
  lab = await startNova({ agents: trial.agents });
});
afterEach(async () => {
  await lab.nova.stop();
  await trial.close();
});

const stargazer = (golden: string) => `---
name: Stargazer
purpose: Names stars, planets and constellations of the night sky.
useWhen: Somebody asks what stands in the night sky.
notFor: Horoscopes.
skills:
  - name: sky
    description: Tells what can be seen in the night sky
    examples:
${SKY.map((example) => `      - ${example}`).join("\n")}
trust: T1
visibility: member
failureModes:
  - what: It names a star that is not up.
    detect: No detector yet; the person sees the sky.
    fallback: It says that it is not sure.
golden:
  - input: ${golden}
    route: stargazer
---
You name what stands in the night sky, for the place and the hour that the person gives. When either is missing, ask
for it. Say from where to where the object can be seen and how bright it is, in one or two sentences. Horoscopes and
the meaning of signs are not yours: say so.
`;

const SKY = [
  "which constellation is next to orion",
  "when does jupiter rise tonight",
  "name the brightest star of the winter sky",
  "is venus a morning star this month",
  "where do I find the big dipper",
  "which planets can I see with the naked eye",
  "when is the next meteor shower",
  "what is the red star in taurus",
  "how do I find the polar star",
  "is saturn above the horizon tonight",
  "which stars form the summer triangle",
  "when does the moon rise tonight",
  "what constellation is that near the moon",
  "can I see the andromeda galaxy without a telescope",
  "which star sign constellation is in the south now",
];

test("an agent's new file is on call after a reload, and chosen by its words", async () => {
  const { onCall } = z.object({ onCall: z.int() }).parse(await lab.verb("agents", { do: "reload" }));
  await trial.write("agents/general/stargazer.md", stargazer("when does jupiter rise"));
  expect(await lab.verb("agents", { do: "reload" })).toEqual({ onCall: onCall + 1 });
  expect(await lab.ask("/agent")).toContain("stargazer");
  expect(await lab.verb("route", { words: "when does jupiter rise tonight?" })).toMatchObject({ agent: "stargazer" });
});

test("a broken file, and one whose golden route fails, are refused by name; the agents from before stay", async () => {
  await trial.write("agents/general/stargazer.md", stargazer("when does jupiter rise").replace("purpose:", "purposs:"));
  await expect(lab.verb("agents", { do: "reload" })).rejects.toThrow(/stargazer\.md.*purposs/s);
  await trial.write("agents/general/stargazer.md", stargazer("what is 17% of 2,340?"));
  await expect(lab.verb("agents", { do: "reload" })).rejects.toThrow(
    /stargazer: "what is 17% of 2,340\?" went to analyst/,
  );
  expect(await lab.ask("/agent stargazer")).toContain("no agent called");
  expect(await lab.ask("what is 17% of 2,340?")).toContain("397.8");
});
