/** Branded ids and their only minters; a bare string can never stand where an id is asked for. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<"tenant">;
export type PersonId = Id<"person">;
export type ProjectId = Id<"project">;
export type BranchId = Id<"branch">;
export type ConversationId = Id<"conversation">;
export type MessageId = Id<"message">;
export type TurnId = Id<"turn">;
export type PartId = Id<"part">;
export type ItemId = Id<"item">;
export type CallId = Id<"call">;
export type AgentId = Id<"agent">;
export type ProposalId = Id<"proposal">;
export type ScheduleId = Id<"schedule">;
/** Of a schedule, at one due time. */
export type RunId = Id<"run">;
export type LabelId = Id<"label">;

/** The tenant every installation starts with. */
export const HOME = "home" as TenantId;

export const tenantId = (value: string): TenantId => value as TenantId;
export const personId = (value: string | bigint): PersonId => String(value) as PersonId;
export const projectId = (value: string | bigint): ProjectId => String(value) as ProjectId;
export const branchId = (value: string | bigint): BranchId => String(value) as BranchId;
export const conversationId = (value: string | bigint): ConversationId => String(value) as ConversationId;
export const messageId = (value: string | bigint): MessageId => String(value) as MessageId;
export const turnId = (value: string | bigint): TurnId => String(value) as TurnId;
export const partId = (value: string | bigint): PartId => String(value) as PartId;
export const itemId = (value: string | bigint): ItemId => String(value) as ItemId;
export const callId = (value: string | bigint): CallId => String(value) as CallId;
export const agentId = (value: string): AgentId => value as AgentId;
export const proposalId = (value: string | bigint): ProposalId => String(value) as ProposalId;
export const labelId = (value: string | bigint): LabelId => String(value) as LabelId;
export const scheduleId = (value: string | bigint): ScheduleId => String(value) as ScheduleId;
export const runId = (value: string | bigint): RunId => String(value) as RunId;
