/** Tells an open chat what Nova says unasked, as it is said. Used by the news route. */
import type { AdapterHost, MessageId, Person } from "#core";
import type { Seat } from "./desk.ts";
import type { Look } from "./render.ts";
import { unaskedAfter, type Read, type Unasked } from "./unasked.ts";

type Listening = {
  readonly person: Person;
  readonly look: Look;
  /** The newest that the chat has shown; null: it has shown nothing. */
  readonly after: MessageId | null;
};

/** Ticks between two looks, where no word came that there is something: half a minute. */
const TICKS = 15;

/** Ends when the reader leaves or Nova stops. */
export async function listen(
  { after, ...to }: Listening,
  seat: Seat,
  emit: (event: { readonly kind: "unasked" } & Unasked) => void,
  { read, host }: { readonly read: Read; readonly host: Pick<AdapterHost, "transcript" | "agentName"> },
): Promise<void> {
  let mark = after;
  let ticks = 0;
  const look = async (): Promise<void> => {
    const found = await unaskedAfter(mark, to, host);
    for (const one of found.said) emit({ kind: "unasked", ...one });
    mark = found.mark;
    if (mark !== null) read.set(to.person.id, mark);
  };
  await look();
  for await (const news of seat) {
    if (news.kind === "closing") return;
    if (news.kind === "progress" && news.progress.kind !== "said") continue;
    if (news.kind === "sent" && news.part.amends !== null) continue;
    if (news.kind === "tick") {
      ticks += 1;
      if (ticks % TICKS !== 0) continue;
    }
    await look();
  }
}
