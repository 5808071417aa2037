/** Events for the contract suite: what parse.ts makes an inbound of, and what it leaves alone. Read by index.ts. */
const BOT = "1040000000000000001";
const ADA = { id: "1040000000000000002", username: "ada", global_name: "Ada" };
const ENVELOPE = { application: BOT, bot: BOT };
const CHANNEL = "1040000000000000003";

const MESSAGE = {
  id: "1441351728148480000",
  channel_id: CHANNEL,
  channel_type: 1,
  author: ADA,
  content: "hello",
  timestamp: "2026-11-21T10:00:00.000000+00:00",
  edited_timestamp: null,
  type: 0,
  mentions: [],
  attachments: [],
};
const NOVA = { id: BOT, username: "nova", bot: true };
const MENTION = {
  ...MESSAGE,
  channel_type: 0,
  guild_id: "1040000000000000004",
  content: `<@${BOT}> hello`,
  mentions: [NOVA],
};
const FILE = {
  id: "1441351728148480009",
  filename: "sales.csv",
  content_type: "text/csv",
  size: 120,
  url: "https://cdn.discordapp.com/x",
};

const COMMAND = {
  id: "1441351728148480001",
  application_id: BOT,
  type: 2,
  token: "aW50ZXJhY3Rpb24",
  channel_id: CHANNEL,
  context: 1,
  user: ADA,
  authorizing_integration_owners: { "0": "0" },
  data: { id: "1", name: "ask", type: 1, options: [{ name: "question", type: 3, value: "what is new?" }] },
};
const IN_GUILD = {
  ...COMMAND,
  context: 0,
  guild_id: "1040000000000000004",
  user: undefined,
  member: { user: ADA, nick: "The Countess" },
};

const said = (data: unknown) => ({ ...ENVELOPE, event: "MESSAGE_CREATE", data });
const given = (data: unknown) => ({ ...ENVELOPE, event: "INTERACTION_CREATE", data });

export const accepted: readonly unknown[] = [
  said(MESSAGE),
  said({ ...MESSAGE, content: "👋" }),
  said({ ...MESSAGE, content: "see this", attachments: [FILE] }),
  said(MENTION),
  said({ ...MENTION, content: `<@${BOT}>` }),
  given(COMMAND),
  given({ ...COMMAND, data: { id: "2", name: "why", type: 1 } }),
  given(IN_GUILD),
];

export const ignored: readonly unknown[] = [
  null,
  "hello",
  [],
  {},
  said(null),
  said({ ...MESSAGE, content: "  " }),
  said({ ...MESSAGE, author: { ...ADA, bot: true } }),
  said({ ...MESSAGE, webhook_id: "7" }),
  said({ ...MESSAGE, type: 7 }),
  said({ ...MENTION, content: "hello all", mentions: [] }),
  { ...said(MESSAGE), event: "MESSAGE_UPDATE" },
  { ...said({ id: MESSAGE.id, channel_id: CHANNEL }), event: "MESSAGE_DELETE" },
  given({ ...COMMAND, data: { id: "3", name: "dance", type: 1 } }),
  given({ ...COMMAND, type: 3, data: { custom_id: "nova:sources:1", component_type: 2 } }),
  given({ ...COMMAND, user: undefined }),
];
