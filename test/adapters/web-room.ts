/** A Nova just large enough for the web chat: the real adapter on the real server over ports kept in memory. */
import {
  agentId,
  conversationId,
  createProgressBus,
  HOME,
  messageId,
  partId,
  personId,
  turnId,
  type Action,
  type AdapterHost,
  type Address,
  type Inbound,
  type Log,
  type LogFields,
  type Message,
  type OutPart,
  type Person,
  type PersonId,
  type Press,
  type Pressed,
  type Progress,
  type Receipt,
  type ReplyNote,
  type TurnId,
} from "#core";
import web from "../../adapters/web/index.ts";
import { createHttpServer, type HttpServer } from "../../src/http/server.ts";
import { REST_OF_HOST } from "../support/host.ts";

export type WebRoom = Awaited<ReturnType<typeof openWebRoom>>;

type LogLine = { readonly level: string; readonly event: string; readonly fields?: LogFields | undefined };

const missing = (): never => {
  throw new Error("not part of this room");
};

export async function openWebRoom(options: { publicUrl?: string } = {}) {
  let now = new Date("2026-11-20T10:00:00Z");
  let serial = 100;
  let accepting: (inbound: Inbound) => Promise<Receipt | undefined> = async () => undefined;
  let reading: () => Promise<void> = async () => {};
  let pressing: (press: Press) => Promise<Pressed> = async () => missing();
  const presses: Press[] = [];
  const people = new Map<PersonId, Person>();
  const codes = new Map<string, PersonId>();
  const sessions = new Map<string, { person: PersonId; until: Date }>();
  const links = new Map<string, PersonId>();
  const transcript = new Map<string, Message[]>();
  const deliveries = new Map<string, Message>();
  const accepted: Inbound[] = [];
  const logged: LogLine[] = [];

  const log: Log = {
    debug: (event, fields) => void logged.push({ level: "debug", event, fields }),
    info: (event, fields) => void logged.push({ level: "info", event, fields }),
    warn: (event, fields) => void logged.push({ level: "warn", event, fields }),
    error: (event, _error, fields) => void logged.push({ level: "error", event, fields }),
  };
  const progress = createProgressBus((error) => {
    throw error;
  });
  const lines = (address: Address): Message[] => {
    const known = transcript.get(address.container) ?? [];
    transcript.set(address.container, known);
    return known;
  };

  const host: AdapterHost = {
    ...REST_OF_HOST,
    async press(press) {
      presses.push(press);
      return pressing(press);
    },
    async accept(inbound) {
      const special = await accepting(inbound);
      if (special) return special;
      const person = people.get(links.get(JSON.stringify(inbound.sender)) ?? personId("none"));
      if (!person) return { kind: "unknown", hint: null };
      const known = deliveries.get(inbound.deliveryKey);
      const said: Message = known ?? {
        id: messageId(String((serial += 1))),
        conversation: conversationId(person.id),
        author: { kind: "person", person: person.id, name: person.name },
        text: inbound.text,
        at: inbound.sentAt,
        turn: null,
        reply: null,
      };
      if (!known) {
        deliveries.set(inbound.deliveryKey, said);
        lines(inbound.address).push(said);
        accepted.push(inbound);
      }
      return { kind: "accepted", message: said.id, conversation: said.conversation, person, duplicate: !!known };
    },
    endpoints: { keys: missing, byToken: missing, touched: missing },
    people: {
      async identify(external) {
        const person = people.get(links.get(JSON.stringify(external)) ?? personId("none"));
        return person ? { kind: "linked", person } : { kind: "unknown" };
      },
      owner: missing,
      add: missing,
      named: missing,
      all: missing,
      redeem: missing,
      issueCode: missing,
      async link(external, person) {
        links.set(JSON.stringify(external), person);
      },
      async openSession(code, at, expiresAt) {
        const person = people.get(codes.get(code) ?? personId("none"));
        if (!person || at > expiresAt) return { kind: "refused" };
        codes.delete(code);
        const token = `token-${(serial += 1)}-${crypto.randomUUID()}`;
        sessions.set(token, { person: person.id, until: expiresAt });
        return { kind: "open", token, person };
      },
      async session(token, at) {
        const session = sessions.get(token);
        return session && session.until > at ? people.get(session.person) : undefined;
      },
      async closeSession(token) {
        sessions.delete(token);
      },
    },
    transcript: {
      before: missing,
      upTo: missing,
      lastRoute: missing,
      lastRouteBeside: missing,
      exchangesBeside: missing,
      answeredBeside: missing,
      replyTo: missing,
      isUnderWay: missing,
      turnOf: missing,
      stateOf: missing,
      cameIn: missing,
      heardAt: missing,
      async at(address, _person, after, limit) {
        const all = lines(address);
        const page =
          after === null ? all.slice(-limit) : all.filter(({ id }) => Number(id) > Number(after)).slice(0, limit);
        await reading();
        return page;
      },
    },
    progress,
    clock: { now: () => now },
    agentName: (id) =>
      id.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => (dash && " ") + letter.toUpperCase()),
    log,
    publicUrl: () => options.publicUrl ?? "http://127.0.0.1:3000",
  };

  const adapter = web.create({}, host);
  const serve = (port: number): HttpServer =>
    createHttpServer({
      host: "127.0.0.1",
      port,
      publicUrl: options.publicUrl,
      routes: adapter.routes,
      health: [],
      log,
    });
  let server = serve(0);
  const { url } = await server.start();
  const addressOf = (person: Person): Address => ({
    platform: "web",
    scope: "local",
    container: person.id,
    root: null,
    visibility: "private",
  });

  const partOf = (person: Person, reply: Message): OutPart => ({
    id: partId(`part-${reply.id}`),
    turn: reply.turn ?? turnId("0"),
    conversation: reply.conversation,
    message: reply.id,
    ordinal: 0,
    of: 1,
    address: addressOf(person),
    person,
    agent: reply.author.kind === "agent" ? reply.author.agent : null,
    note: reply.reply ?? { kind: "answer", model: null },
    at: reply.at,
    attempts: 0,
    actions: reply.actions ?? [],
    handles: [],
    draft: null,
    amends: null,
    body: web.render(reply.text)[0]?.body ?? "",
  });

  const room = {
    url,
    adapter,
    accepted,
    presses,
    logged,
    links,
    addPerson(name: string): Person {
      const person: Person = { id: personId(String((serial += 1))), tenant: HOME, name, role: "owner" };
      people.set(person.id, person);
      return person;
    },
    code(person: Person): string {
      const code = `CODE-${(serial += 1)}`;
      codes.set(code, person.id);
      return code;
    },
    /** Signs in as a browser would and returns the cookie header. */
    async signIn(person: Person): Promise<string> {
      const answer = await fetch(`${url}/login?code=${room.code(person)}`, { redirect: "manual" });
      return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    },
    endSessions: () => sessions.clear(),
    /** Breaks every open line and answers nobody, until `comeBack`. */
    goDown: () => server.stop(),
    /** As when Nova is told to stop: the channel says goodbye first. */
    async leave() {
      await adapter.stop?.();
      await server.stop();
    },
    async comeBack(): Promise<void> {
      server = serve(Number(new URL(url).port));
      await server.start();
    },
    /** Moves the clock. */
    pass(ms: number): void {
      now = new Date(now.getTime() + ms);
    },
    /** What `accept` does instead, until it is changed again. */
    onAccept(behaviour: typeof accepting): void {
      accepting = behaviour;
    },
    /** What a click is answered with. */
    onPress(behaviour: typeof pressing): void {
      pressing = behaviour;
    },
    /** What happens after the transcript was read and before the reader has it. */
    onRead(behaviour: typeof reading): void {
      reading = behaviour;
    },
    /** Writes a reply into the transcript, as a settling turn does, without delivering it. */
    settle(
      person: Person,
      text: string,
      more: {
        agent?: string;
        model?: string;
        kind?: ReplyNote["kind"];
        turn?: TurnId;
        actions?: readonly Action[];
      } = {},
    ) {
      const reply: Message = {
        id: messageId(String((serial += 1))),
        conversation: conversationId(person.id),
        author: { kind: "agent", agent: more.agent ? agentId(more.agent) : null },
        text,
        at: now,
        turn: more.turn ?? turnId(String((serial += 1))),
        reply: { kind: more.kind ?? "answer", model: more.model ?? null },
        ...(more.actions ? { actions: more.actions } : {}),
      };
      lines(addressOf(person)).push(reply);
      return reply;
    },
    deliver: (person: Person, reply: Message) => adapter.send(partOf(person, reply), new AbortController().signal),
    /** Changes what a reply says, as an amendment does; `elsewhere` when another process tells the platform. */
    async amend(
      person: Person,
      reply: Message,
      { text, actions = [] }: { text: string; actions?: readonly Action[] },
      elsewhere = false,
    ): Promise<void> {
      const all = lines(addressOf(person));
      const amended = { ...reply, text, actions };
      all[all.findIndex(({ id }) => id === reply.id)] = amended;
      if (elsewhere) return progress.publish(addressOf(person), { kind: "said" });
      const part = {
        ...partOf(person, amended),
        id: partId(`part-${(serial += 1)}`),
        amends: `part-${reply.id}`,
        ordinal: 1,
      };
      await adapter.send(part, new AbortController().signal);
    },
    progress: (person: Person, news: Progress) => progress.publish(addressOf(person), news),
    async close(): Promise<void> {
      await adapter.stop?.();
      await server.stop();
    },
  };
  return room;
}
