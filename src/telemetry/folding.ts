/** Keeps labels few and harmless: whatever does not look like a name, or comes when there are enough, is `other`. */

export type Folding = (label: string, value: string) => string;

/** What stands for values that are not told apart. */
export const OTHER = "other";
/** Or nothing, where there is no code. */
const NAME = /^[\w.:/@+-]{0,80}$/;

/** At most `most` different values of a label, for as long as the process lives. */
export function createFolding(most = 100): Folding {
  const seen = new Map<string, Set<string>>();
  return (label, value) => {
    const values = seen.get(label) ?? new Set();
    seen.set(label, values);
    if (values.has(value)) return value;
    if (values.size >= most || !NAME.test(value)) return OTHER;
    values.add(value);
    return value;
  };
}
