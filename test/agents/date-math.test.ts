/** Dates: counted in UTC wherever the machine stands, shown in full, and never guessed. */
import { describe, expect, test } from "vitest";
import dateMath from "../../agents/tools/date-math.ts";
import { toolContext } from "../contract/context.ts";

const run = (words: string, input: Parameters<typeof dateMath.run>[0] = {}) =>
  dateMath.run(input, toolContext({ words }));

describe("on Saturday 21 November 2026", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["how many days between 3 May 2026 and 1 June 2026", ": 29 days, or 4 weeks and 1 day."],
    ["how many days are there between 3 May and 1 June?", ": 29 days, or 4 weeks and 1 day."],
    ["days between 20 December and 5 January", ": 16 days"],
    ["days from 3 May 2024 to 1 June", "From Friday 3 May 2024 (2024-05-03) to Saturday 1 June 2024"],
    ["days between 3 May and 1 June 2024", "From Friday 3 May 2024"],
    ["how many working days are in June 2026?", "30 days, both counted. Working days"],
    ["how many days does February 2028 have?", ": 29 days, both counted."],
    ["how many days until Christmas?", "to Friday 25 December 2026 (2026-12-25): 34 days"],
    ["days between 2026-02-28 and 2028-02-29", ": 731 days"],
    ["what date is 45 days after 2026-05-03", "(2026-06-17)"],
    ["90 days before 1 March 2027", "(2026-12-01)"],
    ["90 days ago", "(2026-08-23)"],
    ["what is the date in six weeks?", "(2027-01-02)"],
    ["three months from 30 November 2026", "(2027-02-28)"],
    ["10 working days after 3 May 2026", "(2026-05-15)"],
    ["working days between 1 and 30 June 2026", "no holidays known: 22."],
    ["which weekday was 3 May 2026", "Sunday 3 May 2026"],
    ["what weekday is 3/5/2026?", "Sunday 3 May 2026"],
    ["what day is it today?", "Saturday 21 November 2026 (2026-11-21)."],
    ["how many days until 1 June?", "to Tuesday 1 June 2027 (2027-06-01): 192 days"],
    ["how many days since 1 March 2020?", ": 2456 days"],
  ];
  test.each(cases)("%s", async (asked, said) => {
    expect(await run(asked)).toContain(said);
  });

  test("of several questions the one that it is given", async () => {
    const [until, after] = ["how many days until Christmas?", "what date is 45 days after 2026-05-03?"];
    expect(await run(`${until} ${after}`, { question: until })).toContain(": 34 days");
    expect(await run(`${until} ${after}`, { question: after })).toContain("(2026-06-17)");
  });

  test("a model's own fields come before the words", async () => {
    const input = { operation: "after", from: "31 January 2027", amount: 1, unit: "months" } as const;
    expect(await run("one month on, please", input)).toContain("(2027-02-28)");
  });
});

describe("refuses in words", () => {
  test.each([
    ["ultimo", {}, /No date/],
    ["how long until then?", {}, /No date/],
    ["5000 years after today", {}, /thousand years/],
    ["99999999 working days after today", {}, /thousand years/],
    ["x", { from: "the day of the feast" }, /cannot be read/],
  ])("%s", async (words, input, reason) => {
    await expect(run(words, input)).rejects.toMatchObject({
      name: "NovaError",
      message: expect.stringMatching(reason),
    });
  });
});
