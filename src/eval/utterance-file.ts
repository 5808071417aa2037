/** The form of labelled utterances and of few-shot draws from them. Read by the roof, used by draw.ts and routing.ts. */
import { z } from "zod";
import { NovaError } from "#core";
import type { LabelledItem } from "./routing-score.ts";

const byIntent = z.record(z.string(), z.array(z.string()));

/** Parts are named by whoever made the file; `oos_<part>` holds the texts of a part that fit no intent. */
export const utteranceFile = z
  .looseObject({
    split: z.string().optional(),
    domains: z.record(z.string(), z.array(z.string())).optional(),
    train: byIntent.optional(),
    oos_train: z.array(z.string()).optional(),
  })
  .readonly();

export type UtteranceFile = z.infer<typeof utteranceFile>;
export type ByIntent = Readonly<Record<string, readonly string[]>>;

/** For each data set, seed and label: places in the training part. A domain's name their intent, too. */
export const fewshotFile = z
  .looseObject({ note: z.string().optional() })
  .transform((file) => Object.fromEntries(Object.entries(file).filter(([key]) => key !== "note")))
  .pipe(
    z.record(
      z.string(),
      z.record(
        z.string(),
        z.record(z.string(), z.array(z.union([z.int().min(0), z.tuple([z.string(), z.int().min(0)])]))),
      ),
    ),
  );

export type FewshotFile = z.infer<typeof fewshotFile>;

export const LABELS = ["intent", "domain"] as const;
export type Labels = (typeof LABELS)[number];

/** What an intent counts as: itself, or its domain. */
export function labelling(labels: Labels, files: readonly UtteranceFile[]): (intent: string) => string | undefined {
  if (labels === "intent") return (intent) => intent;
  const domains = files.map(({ domains: each }) => each).find((each) => each !== undefined);
  if (!domains) {
    throw new NovaError(
      "bad_input",
      "--labels domain needs the field domains in the data or in the file after --train.",
    );
  }
  const domainOf = new Map(
    Object.entries(domains).flatMap(([domain, intents]) => intents.map((each) => [each, domain])),
  );
  return (intent) => domainOf.get(intent);
}

/** The items of a part with what is right for each, in the order of the file; those that nothing fits come last. */
export function itemsOf(
  data: UtteranceFile,
  part: string,
  labelOf: (intent: string) => string | undefined,
): readonly LabelledItem[] {
  const found = byIntent.safeParse(data[part]);
  if (!found.success) throw badPart(data, part);
  const strange = z.array(z.string()).optional().safeParse(data[`oos_${part}`]);
  if (!strange.success) throw new NovaError("bad_input", `The field oos_${part} of the data is no list of texts.`);
  return [
    ...Object.entries(found.data).flatMap(([intent, texts]) => {
      const label = labelOf(intent);
      if (label === undefined) throw new NovaError("bad_input", `No domain of the data holds the intent "${intent}".`);
      return texts.map((text, i) => ({ id: `${part}/${intent}/${i}`, text, label }));
    }),
    ...(strange.data ?? []).map((text, i) => ({ id: `oos_${part}/${i}`, text, label: null })),
  ];
}

function badPart(data: UtteranceFile, part: string): NovaError {
  const parts = Object.keys(data).filter((key) => byIntent.safeParse(data[key]).success && key !== "domains");
  const fault = part in data ? `is not of the form {intent: [text]}` : "does not exist";
  return new NovaError("bad_input", `The part "${part}" of the data ${fault}.`, {
    advice: `Parts that can be tried: ${parts.join(", ") || "none"}.`,
  });
}
