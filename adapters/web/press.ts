/** A click on a button of the page: verified as a message is, done, and answered to the one tab that asked. */
import { z } from "zod";
import {
  answerJson,
  answerRefusal,
  readJson,
  type Action,
  type AdapterHost,
  type Form,
  type Person,
  type Press,
  type Pressed,
} from "#core";
import type { Feed } from "./feed.ts";
import { addressOf, identityOf } from "./parse.ts";
import { toHtml } from "./render.ts";
import { verifyPost } from "./verify.ts";

export type PressDeps = {
  readonly host: Pick<AdapterHost, "press" | "people" | "clock">;
  readonly feed: Pick<Feed, "look">;
};

const MAX_FIELD = 20_000;
const MAX_FIELDS = 5;

const body = z.object({
  action: z.string("`action` must be a string.").min(1).max(90),
  /** What was filled into a form, by the names of its fields. */
  fields: z
    .record(z.string().max(64), z.string().max(MAX_FIELD))
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, "A form has at most five fields.")
    .optional(),
});

/** 200 `{"kind","html","actions","form","errors"}`, also for a button that has had its day. */
export async function press(request: Request, { host, feed }: PressDeps): Promise<Response> {
  const session = await verifyPost(request, host);
  if (session instanceof Response) return session;

  const parsed = body.safeParse(await readJson(request));
  if (!parsed.success) {
    const message = parsed.error.issues[0]?.message ?? "The click is not understood.";
    return answerRefusal({ status: 400, code: "bad_input", message });
  }
  const pressed = await putTo(host, session.person, parsed.data);
  // It may have said something in the person's name: every tab shows that.
  if (pressed.kind === "done") feed.look(session.person.id);
  return answerJson(answerOf(pressed));
}

type Put = z.infer<typeof body>;

async function putTo(host: PressDeps["host"], person: Person, { action, fields }: Put): Promise<Pressed> {
  const sender = identityOf(person.id);
  // The session proves who this is: only the link may be missing, for instance after it was taken away and restored.
  if ((await host.people.identify(sender)).kind === "unknown") await host.people.link(sender, person.id);
  const press: Press = { address: addressOf(person.id), sender, action };
  return host.press(fields ? { ...press, fields } : press);
}

/** `html` is safe. */
type Answer = {
  readonly kind: Pressed["kind"];
  readonly html: string;
  readonly actions: readonly Action[];
  readonly form?: Form;
  /** By the names of fields. */
  readonly errors?: Readonly<Record<string, string>>;
};

const answerOf = ({ kind, card, form, errors }: Pressed): Answer => ({
  kind,
  html: toHtml(card.text),
  actions: card.actions,
  ...(form ? { form } : {}),
  ...(errors ? { errors } : {}),
});
