/** The examples that a few-shot draw takes from the training part. Called by routing.ts. */
import { NovaError } from "#core";
import type { LearnedExample } from "./scratch.ts";
import type { ByIntent, FewshotFile, Labels } from "./utterance-file.ts";

type Place = number | readonly [intent: string, index: number];
type Draw = Readonly<Record<string, readonly Place[]>>;
type Draws = Readonly<Record<string, Draw>>;

/**
 * The draws that belong to this training part: those whose labels are its intents, or for domains, those whose places
 * name them. Throws `bad_input` when none or several do.
 */
export function drawsFor(file: FewshotFile, train: ByIntent, labels: Labels): Draws {
  const fitting = Object.entries(file).filter(([, seeds]) => {
    const [draw = {}] = Object.values(seeds);
    const places = Object.entries(draw).flatMap(([label, [place]]) => (place === undefined ? [] : [{ label, place }]));
    const fits = ({ label, place }: (typeof places)[number]): boolean =>
      labels === "domain"
        ? typeof place !== "number" && place[0] in train
        : typeof place === "number" && label in train;
    return places.length > 0 && places.every(fits);
  });
  const [found, another] = fitting;
  if (found && !another) return found[1];
  const names = Object.keys(file).join(", ");
  throw new NovaError(
    "bad_input",
    `${found ? "Several draws" : "No draw"} of the file after --fewshot (${names}) fit${found ? "" : "s"} the ${labels}s of the training part.`,
    { advice: "Check --train and --labels." },
  );
}

/** The first `shots` of each label. */
export function examplesOf(draw: Draw, train: ByIntent, shots: number): readonly LearnedExample[] {
  return Object.entries(draw).flatMap(([label, places]) => {
    if (places.length < shots) {
      throw new NovaError("bad_input", `The draw holds ${places.length} examples of "${label}", not ${shots}.`, {
        advice: "Ask for fewer --shots.",
      });
    }
    return places.slice(0, shots).map((place) => {
      const [intent, index] = typeof place === "number" ? [label, place] : place;
      const text = train[intent]?.[index];
      if (text !== undefined) return { text, label };
      throw new NovaError(
        "bad_input",
        `The draw names train.${intent}[${index}], which the training part does not hold.`,
        {
          advice: "Check --train: the draw belongs to another file.",
        },
      );
    });
  });
}
