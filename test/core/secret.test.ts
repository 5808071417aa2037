/** What is cut out of words for logs and traces, and what is left as it is. */
import { expect, test } from "vitest";
import { withoutSecrets } from "#core";

test.each([
  ["a key of a model's provider", "sk-proj-Ab12Cd34Ef56Gh78"],
  ["a key of a payment service", "sk_live_51HxAbCdEfGhIjKl"],
  ["a bot's token", "xoxb-1234-abcdefgh"],
  ["an app's token", "xapp-1-A0B1C2D3"],
  ["a token of GitHub", "ghp_0123456789abcdefABCDEF0123456789abcd"],
  ["a cloud's key", "AKIAIOSFODNN7EXAMPLE"],
  ["an endpoint's secret", "whsec_MfKQ9r8GKYqrTwjUPD8I"],
  ["a signed token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"],
  ["an account", "DE89370400440532013000"],
  ["an account in groups", "GB29 NWBK 6016 1331 9268 19"],
  ["an account of another length", "NO93 8601 1117 947"],
  ["a social security number", "078-05-1120"],
  ["an insurance number", "AB 12 34 56 C"],
  ["a tax code", "RSSMRA85T10A562S"],
])("S25: %s is cut out of free text", (_what, secret) => {
  expect(withoutSecrets(`it is ${secret}, as I said`)).toBe("it is [secret], as I said");
});

test.each([
  ["Authorization: Bearer abcdef0123456789", "Authorization: [secret]"],
  ["Cookie: session=abc; theme=dark\nnext", "[secret]\nnext"],
  ["postgres://nova:hunter2@db.example/nova", "postgres://[secret]@db.example/nova"],
  ["password=hunter22 was refused", "password=[secret] was refused"],
  ['{"api_key": "hunter22"}', '{"api_key": "[secret]"}'],
])("S25: of %j the secret is cut, and the rest stays", (text, left) => {
  expect(withoutSecrets(text)).toBe(left);
});

test.each([
  "The build is red on branch risk-assessment-of-the-year.",
  "turn 12, part 3 of 4, 2026-11-21T15:00:00.000Z",
  // Of the form of an account, with check digits that do not fit.
  "DE88370400440532013000",
  "GB28 NWBK 6016 1331 9268 19",
  "call +49 30 1234567 or 555-0199",
  "000-12-3456",
  "NovaError: Port 3000 is in use. Set NOVA_PORT to another one.",
  "https://example.org/a?token",
  "0f8e2b1c9d7a4e3f8b6c5d4e3f2a1b0c",
  "",
])("S25 twin: %j is no secret and stays as it is", (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
