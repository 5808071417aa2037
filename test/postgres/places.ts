/** Two tenants with two people, two projects and two branches each, and rows of every table in every place. */
import { randomBytes, randomUUID } from "node:crypto";
import {
  addressKey,
  agentId,
  branchId,
  conversationId,
  placeOf,
  serviceOf,
  tenantId,
  type Address,
  type ConversationId,
  type ItemId,
  type NewMemory,
  type NewProposal,
  type MessageId,
  type ModelCall,
  type Person,
  type Scope,
  type TakenTurn,
  type TenantId,
} from "#core";
import { createLexicon } from "../../src/memory/lexicon.ts";
import { createMemory } from "../../src/memory/memory.ts";
import { createWebhookPosts } from "../../src/postgres/effects/webhook-posts.ts";
import { createIntake } from "../../src/postgres/turns/intake.ts";
import { createLabels } from "../../src/postgres/labels.ts";
import { createMemoryWriter } from "../../src/postgres/memory/writer.ts";
import { createMemoryStore } from "../../src/postgres/memory/memory.ts";
import { createOperations } from "../../src/postgres/operations.ts";
import { createOutbox } from "../../src/postgres/turns/outbox.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createProposals } from "../../src/postgres/effects/proposals.ts";
import { createProjects } from "../../src/postgres/projects.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { createReceivers } from "../../src/postgres/effects/receivers.ts";
import { createStoredTrust } from "../../src/postgres/effects/stored-trust.ts";
import { createRevisions } from "../../src/postgres/turns/revisions.ts";
import { createDueSchedules } from "../../src/postgres/schedules/due.ts";
import { createSchedules } from "../../src/postgres/schedules/schedules.ts";
import { createSpending } from "../../src/postgres/spending.ts";
import { createTranscript } from "../../src/postgres/turns/transcript.ts";
import { createTurns } from "../../src/postgres/turns/turns.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

export async function openPlaces() {
  const database = await testDatabase();
  const clock = { now: () => new Date("2026-03-02T10:00:00Z") };
  const lexicon = createLexicon();
  const queue = await createQueue(database, silentLog);
  const store = createMemoryStore(database, lexicon);
  const writer = createMemoryWriter(lexicon);
  return {
    database,
    queue,
    store,
    lexicon,
    memory: createMemory({ store, lexicon }),
    people: createPeople(database, { clock, random: randomBytes }),
    projects: createProjects(database),
    proposals: createProposals(database, { calls: queue, clock }),
    storedTrust: createStoredTrust(database, { clock }),
    intake: createIntake(database, { calls: queue, clock }),
    turns: createTurns(database, { memory: writer, calls: queue, clock }),
    labels: createLabels(database, { clock }),
    revisions: createRevisions(database, { memory: writer, calls: queue, clock }),
    transcript: createTranscript(database),
    receivers: createReceivers(database, { clock, random: randomBytes }),
    webhookPosts: createWebhookPosts(database, { clock, newId: randomUUID }),
    outbox: createOutbox(database, { calls: queue, clock }),
    operations: createOperations(database),
    schedules: createSchedules(database, { clock, zone: "Europe/Berlin" }),
    due: createDueSchedules(database, { reaches: [], zone: "Europe/Berlin" }),
    spending: createSpending(database, { cap: null, clock, newCall: randomUUID }),
    async close() {
      await queue.stop(0);
      await database.close();
    },
  };
}
export type Places = Awaited<ReturnType<typeof openPlaces>>;

export type Land = {
  readonly tenant: TenantId;
  readonly people: readonly Person[];
  readonly projects: readonly NonNullable<OnePlace["project"]>[];
  readonly branches: readonly NonNullable<OnePlace["branch"]>[];
};

/** Where a row lies: an id or none, never every one. */
export type OnePlace = {
  readonly project: Exclude<Scope["project"], "every">;
  readonly branch: Exclude<Scope["branch"], "every">;
};

/** One told story: a message, its turn, what it left behind. */
export type Told = OnePlace & {
  readonly land: Land;
  /** Null: everyone in the tenant reads along. */
  readonly holder: Person | null;
  readonly author: Person;
  readonly address: Address;
  readonly conversation: ConversationId;
  readonly message: MessageId;
  readonly turn: TakenTurn;
  /** What the turn kept. */
  readonly item: ItemId;
  readonly text: string;
};

/** Stands in every text that is kept or said, so that one search would find them all. */
export const WORD = "lighthouse";

export async function settle(places: Places): Promise<{ lands: readonly Land[]; told: readonly Told[] }> {
  const lands = [await found(places, "home"), await found(places, "abroad")];
  const told: Told[] = [];
  for (const land of lands) {
    for (const place of placesOf(land)) {
      for (const holder of [...land.people, null]) told.push(await tell(places, land, { ...place, holder }));
    }
  }
  return { lands, told };
}

async function found({ database, people, projects, storedTrust }: Places, name: string): Promise<Land> {
  const tenant = tenantId(name);
  await database.pool.query("insert into tenant (id, name) values ($1, $1) on conflict (id) do nothing", [tenant]);
  const persons = [];
  for (const each of ["Ada", "Bob", "All"]) {
    const person = await people.add(tenant, each, "member");
    await people.link({ platform: "web", scope: name, id: each }, person.id);
    persons.push(person);
  }
  const branches = [];
  for (const each of ["North", "South"]) {
    const { rows } = await database.within(serviceOf(tenant), (tx) =>
      tx.query<{ id: string }>("insert into branch (tenant_id, name) values ($1, $2) returning id", [tenant, each]),
    );
    branches.push(branchId(rows[0]?.id ?? ""));
  }
  const atlas = (await projects.ensure(tenant, "Atlas")).id;
  const setting = { agent: agentId("librarian"), verb: "sing", project: atlas, trust: "T2", why: null } as const;
  await storedTrust.set(setting, persons[0]!);
  return {
    tenant,
    people: persons.slice(0, 2),
    projects: [atlas, (await projects.ensure(tenant, "Borea")).id],
    branches,
  };
}

export const placesOf = (land: Land): readonly OnePlace[] =>
  [null, ...land.projects].flatMap((project) => [null, ...land.branches].map((branch) => ({ project, branch })));

async function tell(places: Places, land: Land, where: OnePlace & { readonly holder: Person | null }): Promise<Told> {
  const { holder, project, branch } = where;
  // Whoever speaks where all may read; their memory becomes the tenant's below.
  const author = holder ?? (await places.people.named(land.tenant, "All"))!;
  const name = `${land.tenant} ${holder?.name ?? "shared"} p${project} b${branch}`;
  const address: Address = {
    platform: "web",
    scope: land.tenant,
    container: name,
    root: null,
    visibility: holder ? "private" : "shared",
  };
  await insertConversation(places, { ...where, land, address });
  const text = `The ${WORD} of ${name} is ${randomUUID()}.`;
  const said = await places.intake.put(
    {
      deliveryKey: name,
      messageKey: name,
      address,
      sender: { platform: "web", scope: land.tenant, id: author.name },
      text,
      sentAt: new Date("2026-03-02T09:59:59Z"),
      handle: { sealed: "sealed", expiresAt: new Date("2026-03-02T10:15:00Z") },
      files: [{ ref: "F1", name: "report.csv", mime: "text/csv", size: 3 }],
    },
    false,
  );
  if (said.kind !== "new") throw new Error(`expected a new message, got ${said.kind}`);
  const turn = await places.turns.take(said.conversation);
  if (!turn) throw new Error("nothing waited");
  await places.turns.trace(turn, [{ at: new Date(0), event: { kind: "learned", what: "nothing" } }]);

  const at = new Date("2026-03-02T10:00:00Z");
  const note = (words: string): NewMemory => ({
    kind: "note",
    text: words,
    author: author.name,
    trust: "member",
    happenedAt: at,
    stream: `conversation:${said.conversation}`,
    message: said.message,
  });
  const gone = await places.memory.add(author, note(`Forget the ${WORD} of ${name}.`), { project, branch });
  await places.memory.forget(author, gone.id);
  const agent = agentId("librarian");
  await places.memory.as(author, { project, branch }).recall({ query: WORD, turn: turn.id });
  await places.turns.settle(turn, {
    state: "done",
    route: { to: { kind: "agent", agent }, confidence: 1, stage: "exact", candidates: [], reason: name, words: text },
    steps: [
      {
        agent,
        reply: "answer",
        code: null,
        model: null,
        usage: { modelCalls: 1, toolCalls: 0, tokens: 30 },
        calls: [await call(places, turn)],
        tools: [],
        startedAt: at,
        endedAt: at,
      },
    ],
    reply: { agent, text: `${text} Noted.`, note: { kind: "answer", model: null } },
    parts: [{ body: `${text} Noted.` }],
    keep: [note(text)],
    forget: [],
    cited: [],
    proposals: await propose(places, turn),
    actions: [{ id: "sources:1", label: "Show sources" }],
    signals: [{ kind: "breach", agent, code: "figure", outcome: "mended" }],
  });
  await places.outbox.next(said.conversation);
  await post(places, author, { project, branch });
  await places.labels.note(turn.id, author, { words: name, wanted: agent, given: null, source: "clarified" });
  await revise(places, { address, author, key: name, text: `${text}!` });
  await planFor(places, { author, name, where });
  const [item] = await places.memory.as(author, { project, branch }).newest(1);
  if (!item) throw new Error("nothing was kept");
  if (!holder) await shareMemory(places, author);
  return {
    ...where,
    land,
    author,
    address,
    conversation: said.conversation,
    message: said.message,
    turn,
    item: item.id,
    text,
  };
}

/** One that waits, and one that is in the ledger. */
async function propose({ proposals }: Places, { person, project, branch }: TakenTurn): Promise<readonly NewProposal[]> {
  const args = { text: `Sing of the ${WORD}.` };
  return (await proposals.reserve(2)).map((id, i) => ({
    id,
    agent: agentId("librarian"),
    handedBy: [agentId("concierge")],
    input: args,
    effect: { verb: "sing", args, tenant: person.tenant, person: person.id, project, branch },
    digest: "ab".repeat(32),
    said: `I would sing of the ${WORD}.`,
    stakes: "S1",
    trust: "T3",
    taints: [],
    because: ["trust"],
    decided: i === 1,
    approvers: [],
    expiresAt: new Date("2026-03-03T10:00:00Z"),
  }));
}

/** A signed post on its way, to a receiver of the whole tenant. */
async function post({ receivers, webhookPosts }: Places, person: Person, place: OnePlace): Promise<void> {
  const receiver =
    (await receivers.named(person.tenant, "books")) ??
    (await receivers.add(person, "books", "https://books.example")).receiver;
  const key = `${person.id} ${place.project} ${place.branch}`;
  const effect = { tenant: person.tenant, person: person.id, ...place };
  await webhookPosts.put(effect, { key, receiver: receiver.id, event: "told", body: "{}" });
}

async function revise(
  { revisions }: Places,
  { address, author, key, text }: Pick<Told, "address" | "author" | "text"> & { readonly key: string },
): Promise<void> {
  const sender = { platform: "web", scope: address.scope, id: author.name };
  const revision = { deliveryKey: `${key} edited`, messageKey: key, address, sender, text, at: new Date() };
  const { kind } = await revisions.revise(revision);
  if (kind !== "revised") throw new Error(`expected a version, got ${kind}`);
}

/** A reminder with a run that was missed, and a rhythm. The product puts schedules into projects, and nothing of these into branches yet. */
async function planFor(
  { database, schedules, due }: Places,
  { author, name, where: { project, branch } }: { author: Person; name: string; where: OnePlace },
): Promise<void> {
  const planned = await schedules.add({
    person: author,
    project,
    name: name.slice(0, 80),
    does: "remind",
    wording: "person",
    words: `The ${WORD} of ${name} is due.`,
    when: { kind: "at", at: new Date("2026-03-03T10:00:00Z") },
    address: null,
    urgent: false,
    key: name,
  });
  await database.pool.query("update schedule set branch_id = $2 where id = $1", [planned.id, branch]);
  await due.claim(planned.id, new Date("2026-03-08T10:00:00Z"), () => ({ kind: "missed", nextAt: null }));
  await database.pool.query(
    "insert into person_rhythm (tenant_id, person_id, project_id, branch_id, zone) values ($1, $2, $3, $4, 'Asia/Tokyo')",
    [author.tenant, author.id, project, branch],
  );
}

async function call({ spending }: Places, turn: TakenTurn): Promise<ModelCall> {
  const asked = { agent: agentId("librarian"), model: "gpt-5-mini", micros: 45 };
  const most = { input: 20, output: 20 };
  const where = placeOf(turn);
  const given = await spending.reserve({ ...asked, turn: turn.id, person: turn.person, where, most, ownCap: null });
  if (given.kind !== "reserved") throw new Error("the call was refused");
  return { ...asked, call: given.call, tokens: { input: 20, output: 10 }, counted: "reported", outcome: "answered" };
}

/** Nothing in the product puts a conversation into a branch yet, so it is made here. */
async function insertConversation(
  { database }: Places,
  { land, holder, project, branch, address }: OnePlace & { land: Land; holder: Person | null; address: Address },
): Promise<ConversationId> {
  const { rows } = await database.pool.query<{ id: string }>(
    `with made as (
       insert into conversation (tenant_id, person_id, project_id, branch_id, address_key, platform, scope, container, visibility)
       values ($1, $2, $3, $4, $5, 'web', $6, $7, $8) returning id, tenant_id)
     insert into conversation_tenant (conversation_id, tenant_id) select id, tenant_id from made returning conversation_id as id`,
    [
      land.tenant,
      holder?.id ?? null,
      project,
      branch,
      addressKey(address),
      address.scope,
      address.container,
      address.visibility,
    ],
  );
  return conversationId(rows[0]?.id ?? "");
}

/** Nor does anything share memory with the tenant yet. */
async function shareMemory({ database }: Places, { id }: Person): Promise<void> {
  for (const table of ["memory_source", "memory_item", "memory_term", "memory_corpus", "memory_tombstone"])
    await database.pool.query(`update ${table} set person_id = null where person_id = $1`, [id]);
}

/** A story of the first tenant: of the nth project and branch, 0 for none. */
export function storyOf(told: readonly Told[], name: string, project: number, branch: number): Told {
  const land = told[0]?.land;
  const found = told.find(
    (story) =>
      story.land === land &&
      story.holder?.name === name &&
      story.project === [null, ...story.land.projects][project] &&
      story.branch === [null, ...story.land.branches][branch],
  );
  if (!found) throw new Error(`nobody told a story as ${name} there`);
  return found;
}
