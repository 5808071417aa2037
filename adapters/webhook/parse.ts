/** From a verified post to an inbound, at the one address and from the one sender that its endpoint has. Pure. */
import { z } from "zod";
import {
  agentId,
  linkCode,
  PRESETS,
  projectId,
  type Address,
  type ExternalId,
  type Ignored,
  type Inbound,
} from "#core";
import { readGithub } from "./github.ts";
import { PLATFORM } from "./platform.ts";
import { readStandard } from "./standard.ts";

/** A post that was verified, with all that is known of the endpoint it came in by. */
const envelope = z.object({
  endpoint: z.object({
    scope: z.string().min(1),
    origin: z.enum(["person", "outside"]),
    agent: z.string().min(1).nullable(),
    project: z.string().min(1).nullable(),
  }),
  preset: z.enum(PRESETS),
  /** The sender's id of the delivery. */
  id: z.string().min(1).max(200),
  /** What GitHub calls the event; null elsewhere. */
  event: z.string().nullable(),
  /** Parsed JSON that nobody has looked at. */
  body: z.unknown(),
});
export type Envelope = z.infer<typeof envelope>;

export const senderOf = (scope: string): ExternalId => ({ platform: PLATFORM, scope, id: scope });

const addressOf = (scope: string, conversation: string): Address => ({
  platform: PLATFORM,
  scope,
  container: conversation,
  root: null,
  visibility: "private",
});

export function parse(unchecked: unknown, { now }: { readonly now: Date }): Inbound | Ignored {
  const parsed = envelope.safeParse(unchecked);
  if (!parsed.success) return { ignored: "The post is not understood." };
  const { endpoint, preset, id, event, body } = parsed.data;
  const said = preset === "github" ? readGithub(event ?? "", body) : readStandard(body);
  if ("ignored" in said) return said;
  // A person's own words: they would hand this very endpoint to someone else. Those from outside command nothing anyway.
  if (endpoint.origin === "person" && linkCode(said.text) !== undefined)
    return {
      ignored: "An endpoint belongs to a person already. Send the code from the account that you want to link.",
    };
  return {
    deliveryKey: id,
    // Also of the message, so that a replay is known for as long as the message is there.
    messageKey: id,
    address: addressOf(endpoint.scope, said.conversation),
    sender: senderOf(endpoint.scope),
    text: said.text,
    sentAt: now,
    ...(endpoint.origin === "outside" ? { origin: "outside" } : {}),
    agent: endpoint.agent === null ? null : agentId(endpoint.agent),
    project: endpoint.project === null ? null : projectId(endpoint.project),
  };
}
