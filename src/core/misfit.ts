/** What is wrong with a field that was filled in, in plain words. Used wherever a person or a program is told of it. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** One clause about `name`, for instance "`text` is missing". Words that the schema has of its own stay as they are. */
export function misfit(issue: Issue, name: string): string {
  const field = `\`${name}\``;
  if (!RAW.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (issue.message.endsWith("received undefined")) return `${field} is missing`;
      return `${field} must be ${KINDS[issue.expected] ?? `of the kind ${issue.expected}`}`;
    case "invalid_value":
      return `${field} must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `${issue.keys.map((key) => `\`${key}\``).join(", ")} is not known here`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return `${field} must not be empty`;
      return `${field} must ${MEASURES[issue.origin]?.("at least", Number(issue.minimum)) ?? `be at least ${issue.minimum}`}`;
    case "too_big":
      return `${field} must ${MEASURES[issue.origin]?.("at most", Number(issue.maximum)) ?? `be at most ${issue.maximum}`}`;
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
      return `${field} does not have the form that is needed`;
  }
}

/** How the validator itself begins. */
const RAW = /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/;

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

type Measure = (bound: string, count: number) => string;
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const MEASURES: Readonly<Record<string, Measure>> = {
  string: (bound, count) => `have ${bound} ${counted(count, "character")}`,
  array: (bound, count) => `have ${bound} ${count === 1 ? "one entry" : `${count} entries`}`,
};
