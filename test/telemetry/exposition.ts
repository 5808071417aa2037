/** Reads what `GET /metrics` serves, as a Prometheus server would: the text format, version 0.0.4. */

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

export type Exposition = {
  /** The type of each metric, by its name. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
  /** The one sample with these labels and no others; undefined when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** The sum over all samples that have these labels among theirs. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
};

/** Throws at a line that is none. */
export function readExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [, comment, about = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (comment === "HELP") helps.set(about, rest);
    else if (comment === "TYPE") types.set(about, rest);
    else samples.push(readSample(line));
  }
  return {
    types,
    helps,
    samples,
    value: (name, labels = {}) =>
      samples.find(
        (sample) =>
          sample.name === name &&
          Object.keys(sample.labels).length === Object.keys(labels).length &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )?.value,
    sum: (name, labels = {}) =>
      samples
        .filter(
          (sample) =>
            sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
        )
        .reduce((sum, { value }) => sum + value, 0),
  };
}

function readSample(line: string): Sample {
  const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (!found) throw new Error(`no sample: ${line}`);
  const [, name = "", inner = "", value = ""] = found;
  const labels = Array.from(inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, label = "", said = ""]) => [label, said]);
  return { name, labels: Object.fromEntries(labels), value: value === "+Inf" ? Infinity : Number(value) };
}
