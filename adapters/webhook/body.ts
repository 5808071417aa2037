/** What a verified post holds: its JSON, or why that cannot be read. Called by receive.ts. */
import type { Ignored } from "#core";

export function readBody(type: string | null, text: string): { readonly body: unknown } | Ignored {
  const kind = (type ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (kind === "application/x-www-form-urlencoded") {
    return {
      ignored:
        'The body must be of the type application/json. For GitHub set "Content type" to application/json in the webhook\'s settings.',
    };
  }
  if (!/^application\/(?:json|[\w.-]+\+json)$/.test(kind))
    return { ignored: "The body must be of the type application/json." };
  try {
    return { body: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch {
    // What it says of the place of the mistake would repeat the body.
    return { ignored: "The body is not valid JSON." };
  }
}
