/** Memory's rows as the core knows them, and whose rows a scope may write. Used by the memory files of this room. */
import { createHash } from "node:crypto";
import { SparseVector } from "pgvector";
import {
  itemId,
  NovaError,
  personId,
  type BranchId,
  type ItemId,
  type LexicalHit,
  type MemoryItem,
  type MemoryKind,
  type MemoryTrust,
  type PersonId,
  type ProjectId,
  type Scope,
  type TenantId,
} from "#core";

/** Whose memory a statement writes, and of which project and branch: what is kept everywhere is of none. */
export type Owner = {
  readonly tenant: TenantId;
  readonly person: PersonId;
  readonly project: ProjectId | null;
  readonly branch: BranchId | null;
};

export function ownerOf(scope: Scope): Owner {
  if (scope.person === "service") throw new NovaError("forbidden", "Nova itself keeps no memory; only people do.");
  return {
    tenant: scope.tenant,
    person: scope.person,
    project: scope.project === "every" ? null : scope.project,
    branch: scope.branch === "every" ? null : scope.branch,
  };
}

/** The owner's rows in the owner's own place, and in no other that can be seen from it. Needs `placeColumns` as $1 to $4. */
export const OF_OWNER = `tenant_id = $1 and person_id = $2
  and project_id is not distinct from $3::bigint and branch_id is not distinct from $4::bigint`;

export const placeColumns = (owner: Owner) => [owner.tenant, owner.person, owner.project, owner.branch];

export type ItemRow = {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly text: string;
  readonly author: string;
  readonly trust: MemoryTrust;
  readonly happened_at: Date;
  readonly person_id: string | null;
};
export const ITEM_COLUMNS = "id, kind, text, author, trust, happened_at, person_id";

export function toItem(row: ItemRow): MemoryItem {
  return {
    id: itemId(row.id),
    kind: row.kind,
    text: row.text,
    author: row.author,
    trust: row.trust,
    at: row.happened_at,
    person: row.person_id === null ? null : personId(row.person_id),
  };
}

export type HitRow = ItemRow & {
  readonly bm25: number;
  readonly stream: string;
  readonly project: string | null;
  readonly own: number;
  readonly is_question: boolean;
  readonly has_time: boolean;
};

export function toHit(row: HitRow): LexicalHit {
  const { bm25, stream, project, own, is_question: isQuestion, has_time: hasTime } = row;
  return { ...toItem(row), bm25, stream, project, own, isQuestion, hasTime };
}

/** Ids come from texts, too, such as `[m12]`: what cannot be a row's number names no row. */
export const namesRow = (id: ItemId): boolean => /^\d{1,18}$/.test(id);

const DIMENSIONS = 2 ** 20;

/** A vector as the column `sv` reads it. */
export function sparse(elements: readonly { readonly dim: number; readonly value: number }[]): string {
  return new SparseVector(new Map(elements.map(({ dim, value }) => [dim, value])), DIMENSIONS).toString();
}

/** Equal for texts that read the same: spaces at the ends and the way accents are encoded do not count. */
export const contentHash = (text: string): Buffer => createHash("sha256").update(text.normalize("NFC").trim()).digest();
