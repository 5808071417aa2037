/** What a card may show as it is, and what it has to write out: text that is not what it seems. */
import { describe, expect, test } from "vitest";
import { certainly } from "#core";

describe("S18, S24: what is not what it seems is written out", () => {
  test.each([
    ["a letter of another script among Latin ones", "Bеn", "B⟨U+0435⟩n"],
    ["a whole word made of them", "pay to аеrо and Ben", "pay to ⟨U+0430⟩⟨U+0435⟩r⟨U+043E⟩ and Ben"],
    ["a word that could be Latin all over", "send it to сор at once", "send it to ⟨U+0441⟩⟨U+043E⟩⟨U+0440⟩ at once"],
    ["a Greek letter in an address", "αcme.com", "⟨U+03B1⟩cme.com"],
    ["a space of no width", "Ben\u200b", "Ben⟨U+200B⟩"],
    ["a joiner between Latin letters", "Be\u200dn", "Be⟨U+200D⟩n"],
    ["the other direction", "invoice\u202Efdp.exe", "invoice⟨U+202E⟩fdp.exe"],
    ["an isolate of direction", "\u2066abc\u2069", "⟨U+2066⟩abc⟨U+2069⟩"],
    ["tag characters", "hi\u{E0041}\u{E0042}", "hi⟨U+E0041⟩⟨U+E0042⟩"],
    ["a soft hyphen", "B\u00adn", "B⟨U+00AD⟩n"],
    ["a filler that is blank", "a\u3164b", "a⟨U+3164⟩b"],
    ["a blank pattern", "a\u2800b", "a⟨U+2800⟩b"],
    ["a variation that nobody sees", "a\ufe01b\u{E0100}", "a⟨U+FE01⟩b⟨U+E0100⟩"],
    ["a control character", "a\u0007b\u001b[2K", "a⟨U+0007⟩b⟨U+001B⟩[2K"],
    ["a line that ends otherwise", "a\u2028b\rc", "a⟨U+2028⟩b⟨U+000D⟩c"],
    ["a slash that is none", "acme.com\u2044evil", "acme.com⟨U+2044⟩evil"],
    ["wide letters", "Ｂen", "⟨U+FF22⟩en"],
    ["letters of mathematics", "𝐁en", "⟨U+1D401⟩en"],
    [
      "marks that cover the line above",
      "a\u0301\u0301\u0301\u0301\u0301\u0301",
      "a\u0301\u0301\u0301\u0301⟨U+0301⟩⟨U+0301⟩",
    ],
    ["a sign of nobody's", "a\ue000b", "a⟨U+E000⟩b"],
  ])("%s", (_, text, shown) => {
    expect(certainly(text)).toEqual({ text: shown, certain: false });
  });
});

describe("S18 twin, S24 twin: what people write in any script is shown as it is", () => {
  test.each([
    "Lunch at one?\n\tBring Ben & Zoë.",
    "Привет, Бен! Купи хлеб.",
    "Позвони Ben в Berlin",
    "שלום לכולם",
    "می‌خواهم",
    "क्‍ष",
    "日本語のテキスト、全角「記号」",
    "한국어 문장",
    "Γειά σου κόσμε",
    "👩‍👩‍👧 ❤️ 1️⃣ 👍🏽",
    "naïve café Ångström",
    "Tiếng Việt",
    "https://hooks.example.com/x?y=1&z=[a]",
    "½ of 3² — “quoted”, 10 €",
    "",
  ])("%s", (text) => {
    expect(certainly(text)).toEqual({ text, certain: true });
  });

  test("a file's ends of lines are ends of lines", () => {
    expect(certainly("a\r\nb")).toEqual({ text: "a\nb", certain: true });
  });
});
