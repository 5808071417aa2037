/** The slash commands: what Discord shows of them, and what they say in words. Read by parse.ts, doors/register.ts and setup/setup.ts. */
export const OPTION = { text: 3, flag: 5 } as const;

export type CommandOption = {
  readonly type: (typeof OPTION)[keyof typeof OPTION];
  readonly name: string;
  readonly description: string;
  readonly required?: true;
  readonly autocomplete?: true;
};

export type Given = {
  /** The text of an option, trimmed; empty when it was left out. */
  text(name: string): string;
};

export type Command = {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** The same, as somebody would write it. */
  readonly words: (given: Given) => string;
};

const text = (name: string, description: string, more: Pick<CommandOption, "required" | "autocomplete"> = {}) => ({
  type: OPTION.text,
  name,
  description,
  ...more,
});

const NEEDED = { required: true } as const;
const AGENT = "agent";
const NUMBER = "number";
/** Answers are for the asker's eyes alone unless this is set. */
export const SHARE = "share";
const share = (description: string): CommandOption => ({ type: OPTION.flag, name: SHARE, description });

const withRest = (word: string, rest: string): string => (rest === "" ? word : `${word} ${rest}`);

export const COMMANDS: readonly Command[] = [
  {
    name: "ask",
    description: "Ask Nova something",
    options: [
      text("question", "What you want to know or have done", NEEDED),
      text(AGENT, "Who should answer; Nova chooses when this is left out", { autocomplete: true }),
      share("Show question and answer to everyone here"),
    ],
    words: (given) =>
      given.text(AGENT) === "" ? given.text("question") : `@${idOf(given.text(AGENT))} ${given.text("question")}`,
  },
  {
    name: "agent",
    description: "Keep one agent for this conversation, or let Nova choose again",
    options: [
      text("name", "The agent; leave it out to see all of them", { autocomplete: true }),
      share("Do it for the conversation that everyone here sees"),
    ],
    words: (given) => withRest("/agent", given.text("name")),
  },
  {
    name: "remember",
    description: "Keep something in your memory",
    options: [text("what", "What to keep", NEEDED)],
    words: (given) => `/remember ${given.text("what")}`,
  },
  {
    name: "recall",
    description: "Look something up in your memory",
    options: [text("what", "What it is about", NEEDED)],
    words: (given) => `/recall ${given.text("what")}`,
  },
  {
    name: "forget",
    description: "Forget something that was kept",
    options: [text("which", "Its sign, for instance m12", NEEDED)],
    words: (given) => `/forget ${given.text("which")}`,
  },
  {
    name: "why",
    description: "See which agent answered last, and why",
    options: [share("About the conversation that everyone here sees")],
    words: () => "/why",
  },
  {
    name: "stop",
    description: "End the answer that is being written",
    options: [share("The answer in the conversation that everyone here sees")],
    words: () => "/stop",
  },
  {
    name: "link",
    description: "Connect this account with you, or get a code for another one",
    options: [text("code", "The one-time code that Nova gave you elsewhere")],
    words: (given) => withRest("/link", given.text("code")),
  },
  { name: "approvals", description: "See what waits for your decision", options: [], words: () => "/approvals" },
  {
    name: "approve",
    description: "Have something done that waits for your decision",
    options: [text(NUMBER, "Its number; leave it out to see all of them")],
    words: (given) => withRest("/approve", given.text(NUMBER)),
  },
  {
    name: "deny",
    description: "Turn down something that waits for your decision",
    options: [text(NUMBER, "Its number, as /approvals lists it", NEEDED), text("why", "A word for whoever asked")],
    words: (given) => withRest(`/deny ${given.text(NUMBER)}`, given.text("why")),
  },
  {
    name: "schedules",
    description: "See your reminders and schedules, or pause, resume or remove one",
    options: [text("change", "For instance: remove call Ann. Leave it out to see all of them")],
    words: (given) => withRest("/schedules", given.text("change")),
  },
  {
    name: "quiet",
    description: "See or set the hours in which Nova does not disturb you",
    options: [text("hours", "For instance 22:00-07:00, or off")],
    words: (given) => withRest("/quiet", given.text("hours")),
  },
  {
    name: "timezone",
    description: "See or set your time zone",
    options: [text("zone", "For instance Europe/Berlin")],
    words: (given) => withRest("/timezone", given.text("zone")),
  },
  {
    name: "place",
    description: "See or name the places where Nova may be asked to say something",
    options: [
      text("name", "What this place is called; leave it out to see all of them"),
      share("Name the place that everyone here sees"),
    ],
    words: (given) => withRest("/place", given.text("name")),
  },
  {
    name: "project",
    description: "See which projects there are, and which one this conversation is in",
    options: [text("name", "How something is kept in this one; leave it out to see all of them")],
    words: (given) => withRest("/project", given.text("name")),
  },
  { name: "help", description: "See what Nova can do", options: [], words: () => "/help" },
];

/** Typed by hand instead of chosen, it may be a name. */
const idOf = (agent: string): string => agent.toLowerCase().replace(/^@/, "").replace(/\s+/g, "-");
