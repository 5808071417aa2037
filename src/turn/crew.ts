/** What the turn room is given by the roof: ports only, so that a turn can be read without knowing who keeps them. */
import type {
  Address,
  AgentId,
  Alarms,
  Announcements,
  Cleaning,
  Clock,
  Destinations,
  DraftNotes,
  DueSchedules,
  EffectDefinition,
  Executor,
  Fetched,
  FetchLimits,
  FileRef,
  FullRoster,
  Deeds,
  Directory,
  Intake,
  Ledger,
  Log,
  NamedPlaces,
  Memory,
  OperationsStore,
  Outbox,
  Pairings,
  People,
  Person,
  PersonId,
  Place,
  Policy,
  ProgressBus,
  Projects,
  Proposals,
  ProposalWatch,
  Queue,
  Revisions,
  Roster,
  RouteLabels,
  Router,
  Schedules,
  SendResult,
  Signals,
  OutPart,
  Spending,
  StepRunner,
  StoredTrust,
  Surfaces,
  Telemetry,
  ToolDefinition,
  Transcript,
  Turns,
  Wire,
} from "#core";

/** How a part leaves: the adapter's send with what is known of its sends. Undefined when the channel is not running. */
export type Outlet = {
  readonly idempotentSend: boolean;
  send(part: OutPart, signal: AbortSignal): Promise<SendResult>;
  /** Absent: the channel hands out no files. */
  fetch?(file: FileRef, limits: FetchLimits, signal: AbortSignal): Promise<Fetched>;
  reconcile?(part: OutPart, signal: AbortSignal): Promise<"sent" | "absent" | "cannot_tell">;
};

export type Crew = {
  readonly intake: Intake;
  readonly people: People;
  readonly namedPlaces: NamedPlaces;
  readonly directory: Directory;
  readonly pairings: Pairings;
  readonly turns: Turns;
  readonly revisions: Revisions;
  readonly transcript: Transcript;
  readonly outbox: Outbox;
  readonly drafts: DraftNotes;
  readonly queue: Queue;
  readonly cleaning: Cleaning;
  readonly router: Router;
  readonly labels: RouteLabels;
  /** As it changes; a turn works with `roster.now()`. */
  readonly roster: FullRoster;
  readonly tools: ReadonlyMap<string, ToolDefinition>;
  /** By their verbs. */
  readonly effects: ReadonlyMap<string, EffectDefinition>;
  readonly policy: Policy;
  /** What the operator lets agents do, verb by verb. */
  readonly storedTrust: StoredTrust;
  readonly proposals: Proposals;
  readonly watch: ProposalWatch;
  /** The names of those whom the operator lets decide besides the owner. */
  readonly approvers: readonly string[];
  readonly ledger: Pick<Ledger, "giveUp">;
  readonly deeds: Deeds;
  readonly executor: Executor;
  readonly projects: Projects;
  /** Whom this person may reach while working there. */
  readonly destinationsOf: (person: Person, where: Place) => Destinations;
  /** IANA name, for instance `Europe/Berlin`: where this person's days begin. */
  readonly zoneOf: (person: PersonId) => Promise<string>;
  readonly schedules: Schedules;
  readonly due: DueSchedules;
  readonly alarms: Alarms;
  readonly steps: StepRunner;
  readonly memory: Memory;
  readonly operations: OperationsStore;
  readonly spending: Spending;
  readonly signals: Signals;
  readonly surfaces: Surfaces;
  /** For what is said unasked. */
  readonly announcements: Announcements;
  readonly progress: ProgressBus;
  /** To the other processes of this Nova. */
  readonly wire: Wire;
  readonly clock: Clock;
  readonly log: Log;
  /** Watches and changes nothing. */
  readonly telemetry: Telemetry;
  readonly outlet: (address: Address) => Outlet | undefined;
};

/** How a person sees an agent: its name, or its id when the agent is gone from the roster. */
export const agentName = (roster: Roster, agent: AgentId): string => roster.get(agent)?.name ?? agent;
