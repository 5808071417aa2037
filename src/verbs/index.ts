/** Every verb of the operator. main.ts serves them on the control surface; cli.ts offers them to a shell. */
import { agents } from "./agents.ts";
import { approvals } from "./approvals.ts";
import { backup } from "./backup.ts";
import { console } from "./console.ts";
import { hooks } from "./hooks.ts";
import { link } from "./link.ts";
import { memory } from "./memory.ts";
import { people } from "./people.ts";
import { receivers } from "./receivers.ts";
import { route } from "./route.ts";
import { schedules } from "./schedules.ts";
import { signals } from "./signals.ts";
import { status } from "./status.ts";
import { trace } from "./trace.ts";
import { trust } from "./trust.ts";
import type { Verb } from "./verb.ts";

export type { Beforehand, Facts, Verb, VerbParts } from "./verb.ts";

export const verbs: readonly Verb[] = [
  route,
  trace,
  agents,
  approvals,
  trust,
  memory,
  schedules,
  people,
  link,
  hooks,
  receivers,
  console,
  signals,
  status,
  backup,
];
