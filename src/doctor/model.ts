/** What an answer of the model's server means, and what to do about it. Built by doctoring.ts. */
import { awayBy } from "#core";
import { ill, warning, well, type Finding } from "./finding.ts";

/** As the room of the models tells it. */
export type ModelAnswer =
  | { readonly kind: "reached"; readonly models: readonly string[]; readonly ms: number }
  | { readonly kind: "strange" }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "unreachable"; readonly code: string };

/** `baseUrl`: null for OpenAI itself. `wanted`: the names that are configured. */
export function judgeModel(answer: ModelAnswer, baseUrl: string | null, wanted: readonly string[]): Finding {
  const place = baseUrl === null ? "OpenAI" : `The server at ${new URL(baseUrl).host}`;
  switch (answer.kind) {
    case "reached":
      return known(answer, place, wanted);
    case "strange":
      return warning("model", `${place} answers, but with no list of models.`, OTHER_ADDRESS);
    case "refused":
      return refused(answer.status, place);
    case "unreachable":
      return ill(
        "model",
        `${place} cannot be reached: ${awayBy(answer.code).happened}. The offline model answers instead.`,
        baseUrl === null
          ? "Check that this machine may reach api.openai.com over HTTPS."
          : "Check OPENAI_BASE_URL, that the server runs, and that this machine may reach it.",
      );
  }
}

const OTHER_ADDRESS = "Check that OPENAI_BASE_URL ends as the server's documentation says, usually in /v1.";
/** Some servers name the version of a model that they serve under its bare name as well. */
const serves = (models: readonly string[], name: string): boolean =>
  models.includes(name) || models.includes(`${name}:latest`);

function known(
  { models, ms }: { readonly models: readonly string[]; readonly ms: number },
  place: string,
  wanted: readonly string[],
): Finding {
  const answered = `${place} answers in ${Math.round(ms)} ms`;
  const missing = wanted.filter((name) => !serves(models, name));
  if (missing.length === 0) return well("model", `${answered} and has ${wanted.join(", ")}.`);
  const some = models.slice(0, 5).join(", ");
  return warning(
    "model",
    `${answered}, but does not list ${missing.join(", ")}.`,
    some === ""
      ? "Load a model there, and name it in NOVA_MODEL."
      : `Set NOVA_MODEL to one that it has, for instance ${some}.`,
  );
}

function refused(status: number, place: string): Finding {
  const detail = `${place} answers with status ${status}`;
  if (status === 401 || status === 403) {
    return ill("model", `${detail}: it does not take the key.`, "Correct OPENAI_API_KEY.");
  }
  if (status === 404) {
    return warning("model", `${detail}: it has no list of models, or its address is another one.`, OTHER_ADDRESS);
  }
  if (status === 429) {
    return warning(
      "model",
      `${detail}: it asks for a pause.`,
      "Wait a little; if it stays so, look at its limits and billing.",
    );
  }
  return ill(
    "model",
    `${detail}.`,
    "Look at the server's own log or status page; meanwhile the offline model answers.",
  );
}
