/** Deliveries for the contract suite: what parse.ts makes an inbound of, and what it leaves alone. Used by index.ts. */
const ABOUT = { team: "T024BE7LD", bot: { user: "U0NOVA", id: "B0NOVA" } };
const MESSAGE = {
  type: "message",
  user: "U023BECGF",
  team: "T024BE7LD",
  text: "hello",
  ts: "1795281614.000100",
  channel: "D024BE91L",
  channel_type: "im",
};
const MENTION = { ...MESSAGE, type: "app_mention", channel: "C024BE91L", text: "<@U0NOVA> what is &lt;this&gt;?" };
const COMMAND = {
  command: "/nova",
  text: "remember that the key is under the mat",
  team_id: "T024BE7LD",
  channel_id: "C024BE91L",
  user_id: "U023BECGF",
  user_name: "ada",
  trigger_id: "13345224609.738474920.8088930838d88f008e0",
};
const FILE = { id: "F0S43P1CZ", name: "plan.csv", mimetype: "text/csv", size: 7, mode: "hosted" };

const event = (inner: unknown) => ({
  ...ABOUT,
  body: { type: "event_callback", team_id: "T024BE7LD", event_id: "Ev0PV52K21", event: inner },
});

export const examples = {
  accepted: [
    event(MESSAGE),
    event({ ...MESSAGE, text: "*bold* <https://example.org|here> 👋", thread_ts: "1795281600.000100" }),
    event({ ...MESSAGE, text: "", subtype: "file_share", files: [FILE] }),
    event({ ...MESSAGE, subtype: "thread_broadcast" }),
    event(MENTION),
    event({ ...MENTION, text: "<@U0NOVA>" }),
    event({ ...MENTION, type: "message", channel_type: "channel", user_team: "T0OTHER00" }),
    { ...event(MESSAGE), names: { U023BECGF: "Ada" } },
    { ...ABOUT, body: COMMAND, handle: { sealed: "c2VhbGVk", expiresAt: 1_795_283_414_000 } },
    { ...ABOUT, body: { ...COMMAND, text: "why" } },
  ],
  ignored: [
    null,
    "hello",
    [],
    {},
    ABOUT,
    { ...ABOUT, body: { type: "url_verification", challenge: "3eZbrw1aB" } },
    { ...ABOUT, body: { ...COMMAND, text: "  " } },
    event({ ...MESSAGE, text: " " }),
    event({ ...MESSAGE, bot_id: "B0OTHER" }),
    event({ ...MESSAGE, user: "U0NOVA" }),
    event({ ...MESSAGE, subtype: "channel_join" }),
    event({ ...MESSAGE, subtype: "message_changed", message: MESSAGE }),
    event({ ...MESSAGE, channel: "C024BE91L", channel_type: "channel" }),
    event({ ...MENTION, text: "write `<@U0NOVA> hi` to reach <mailto:nova@example.org|nova@example.org>" }),
    event({ ...MENTION, edited: { user: "U023BECGF", ts: "1795281700.000000" } }),
    event({ type: "reaction_added", user: "U023BECGF" }),
  ],
};
