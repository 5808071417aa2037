/** The contract of adapters, as tests over every adapter that the loader finds in a folder. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarkdown, plainText, type AdapterDefinition } from "#core";
import { ANA, NOW } from "./context.ts";

const LATER = new Date(NOW.getTime() + 60_000);

/** Registers the suite. `where` names the folder in the report. */
export function judgeAdapters(where: string, adapters: readonly AdapterDefinition[]): void {
  describe(`the adapters of ${where}`, () => {
    test("there are some, with names that are all different", () => {
      expect(adapters.length).toBeGreaterThan(0);
      expect(new Set(adapters.map((adapter) => adapter.platform)).size).toBe(adapters.length);
    });

    describe.each(adapters.map((adapter) => [adapter.platform, adapter] as const))("%s", (_, adapter) => {
      describe("its definition", () => {
        test("says what it can do", () => {
          expect(adapter.caps.maxText).toBeGreaterThan(100);
          expect(typeof adapter.caps.idempotentSend).toBe("boolean");
          // Where it is true, the channel's own tests show that each label is seen and each click put to the host.
          expect(typeof adapter.caps.buttons).toBe("boolean");
          expect(adapter.examples.accepted.length).toBeGreaterThan(0);
          expect(adapter.examples.ignored.length).toBeGreaterThan(0);
        });

        test("describes each of its settings", () => {
          for (const [name, field] of Object.entries(adapter.settings.shape)) {
            expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
            expect(field.description ?? "").toMatch(/\w/);
          }
        });
      });

      describe("parse", () => {
        test.each(adapter.examples.accepted)("makes an inbound of %j, with the same keys each time", (body) => {
          const first = inboundOf(adapter, body, NOW);
          const second = inboundOf(adapter, structuredClone(body), LATER);
          expect(first.address.platform).toBe(adapter.platform);
          expect(first.text.trim() !== "" || (first.files ?? []).length > 0).toBe(true);
          expect(first.deliveryKey).not.toBe("");
          expect(first.messageKey).not.toBe("");
          expect([second.deliveryKey, second.messageKey]).toEqual([first.deliveryKey, first.messageKey]);
          expect(second.address).toEqual(first.address);
          expect(second.sender).toEqual(first.sender);
        });

        test.each(adapter.examples.ignored.map((body) => [body]))("ignores %j and says why", (body) => {
          const parsed = adapter.parse(body, { person: ANA, now: NOW });
          expect(parsed).toEqual({ ignored: expect.stringMatching(/\w/) });
        });

        test("never throws, whatever the body", () => {
          const bodies = fc.oneof(fc.jsonValue({ maxDepth: 4 }), damaged(adapter.examples.accepted));
          fc.assert(
            fc.property(bodies, (body) => {
              const parsed = adapter.parse(body, { person: ANA, now: NOW });
              const words = "ignored" in parsed ? [parsed.ignored] : [parsed.deliveryKey, parsed.messageKey];
              expect(words).not.toContain("");
            }),
            { numRuns: 300 },
          );
        });
      });

      describe("render", () => {
        test("keeps every letter of any Markdown, in order, within the limit", () => {
          fc.assert(
            fc.property(markdown, (text) => {
              const parts = adapter.render(text).map(({ body }) => body);
              for (const body of parts) expect(body.length).toBeLessThanOrEqual(adapter.caps.maxText);
              expect(holdsInOrder(letters(parts.join("")), letters(plainText(parseMarkdown(text))))).toBe(true);
            }),
            { numRuns: 150 },
          );
        });

        test("never cuts a character in two, and shows something for any words", () => {
          fc.assert(
            fc.property(
              fc.string({ unit: "grapheme", maxLength: 400 }),
              fc.string({ unit: "binary", maxLength: 80 }),
              (a, b) => {
                const text = `x ${a}${b}`;
                const parts = adapter.render(text).map(({ body }) => body);
                expect(parts.some((body) => body.trim() !== "")).toBe(true);
                for (const body of parts) expect(body.isWellFormed()).toBe(true);
              },
            ),
            { numRuns: 150 },
          );
        });

        test("takes a long reply apart without losing a line or an emoji", () => {
          const lines = Array.from({ length: 400 }, (_, i) => `Строка ${i} 👩‍👩‍👧‍👦 ${"слово ".repeat(i % 30)}конец.`);
          const parts = adapter.render(lines.join("\n\n")).map(({ body }) => body);
          for (const body of parts) {
            expect(body.length).toBeLessThanOrEqual(adapter.caps.maxText);
            expect(body.isWellFormed()).toBe(true);
          }
          expect(holdsInOrder(letters(parts.join("")), letters(lines.join("")))).toBe(true);
        });

        test("keeps code as it is", () => {
          const code = ["if (a < b) {", "  return a * b; // не трогать *это*", "}"];
          const shown = decoded(
            adapter
              .render(`Вот:\n\n\`\`\`ts\n${code.join("\n")}\n\`\`\`\n`)
              .map(({ body }) => body)
              .join("\n"),
          );
          for (const line of code) expect(shown).toContain(line.trim());
        });
      });
    });
  });
}

function inboundOf(adapter: AdapterDefinition, body: unknown, now: Date) {
  const parsed = adapter.parse(body, { person: ANA, now });
  if ("ignored" in parsed) throw new Error(`ignored: ${parsed.ignored}`);
  return parsed;
}

/** Good bodies with one field taken away or replaced: closer to what goes wrong than any JSON. */
function damaged(bodies: readonly unknown[]): fc.Arbitrary<unknown> {
  const records = bodies.filter((body) => typeof body === "object" && body !== null);
  if (records.length === 0) return fc.anything();
  return fc.tuple(fc.constantFrom(...records), fc.nat(), fc.option(fc.jsonValue())).map(([body, at, value]) => {
    const keys = Object.keys(body);
    return { ...body, [keys[at % Math.max(1, keys.length)] ?? "x"]: value };
  });
}

/** Cyrillic words, so that no tag or mark of a dialect can stand in for a letter that was lost. */
const word = fc.string({ unit: fc.constantFrom(...Array.from("абвгдежзиклмнопрстуфх")), minLength: 1, maxLength: 12 });
const phrase = fc.array(word, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(" "));
const block = fc.oneof(
  phrase,
  phrase.map((text) => `## ${text}`),
  phrase.map((text) => `**${text}** и *${text}* и ~~${text}~~`),
  phrase.map((text) => `[${text}](https://example.org/a?b=1&c=2)`),
  phrase.map((text) => `> ${text}\n> ${text}`),
  phrase.map((text) => `\`${text}\``),
  phrase.map((text) => `\`\`\`\n${text}\n\n  ${text}\n\`\`\``),
  fc.array(phrase, { minLength: 1, maxLength: 5 }).map((items) => items.map((each) => `- ${each}`).join("\n")),
  fc
    .array(phrase, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((each, i) => `${i + 1}. ${each}`).join("\n")),
  fc.tuple(word, word, word, word).map(([a, b, c, d]) => `| ${a} | ${b} |\n| --- | --- |\n| ${c} | ${d} |`),
  phrase.map((text) => `${text} *не закрыто _и это \`тоже`),
);
const markdown = fc.array(block, { minLength: 1, maxLength: 12 }).map((blocks) => blocks.join("\n\n"));

const letters = (text: string): string => text.replace(/\P{Script=Cyrillic}/gu, "");

/** Whether all characters of `wanted` stand in `text` in their order. */
function holdsInOrder(text: string, wanted: string): boolean {
  let at = 0;
  for (const character of text) if (character === wanted[at]) at += 1;
  return at === wanted.length;
}

/** Undoes the escapes of HTML and of chat dialects. */
function decoded(text: string): string {
  return text
    .replace(/<[^>]+>/g, "")
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
