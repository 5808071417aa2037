/** Relevant recall: what is kept, how it is asked for, and the ports of both. */
import type { AgentId, ItemId, MessageId, PersonId, TurnId } from "./ids.ts";
import type { Person } from "./person.ts";
import type { Place, Scope } from "./scope.ts";

export const MEMORY_KINDS = ["turn", "note", "update", "decision", "fact", "preference", "task"] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** Whose words an item holds; a lower one never overrides a higher one. */
export type MemoryTrust = "owner" | "member" | "agent" | "tool" | "web";

export type NewMemory = {
  readonly kind: MemoryKind;
  /** 1 to 20,000 characters. */
  readonly text: string;
  readonly author: string;
  readonly trust: MemoryTrust;
  readonly happenedAt: Date;
  /** Items of one stream are each other's context, in order of arrival. */
  readonly stream: string;
  readonly message: MessageId | null;
  /** The person asked for it to be kept: that outranks having had the same words forgotten before. */
  readonly asked?: boolean;
};

/** A change of memory, staged by a step and written in the settling transaction. */
export type MemoryChange =
  | { readonly kind: "keep"; readonly item: { readonly kind: MemoryKind; readonly text: string } }
  | { readonly kind: "forget"; readonly item: ItemId };

export type MemoryItem = {
  readonly id: ItemId;
  readonly kind: MemoryKind;
  readonly text: string;
  readonly author: string;
  readonly trust: MemoryTrust;
  readonly at: Date;
  /** Whose item it is; null for one shared by the tenant. */
  readonly person: PersonId | null;
  /** The name of the project that it is in, null for none; absent where nobody looked. */
  readonly project?: string | null;
};

export type RecallAsk = {
  readonly query: string;
  /** Most that may be returned, in tokens of 4 characters. 0 returns nothing. Default 800. */
  readonly budgetTokens?: number;
  /** Most items. Default 8. */
  readonly limit?: number;
  readonly kinds?: readonly MemoryKind[];
  /** When it is asked, for "last week" and "in March". When left out, the time of the newest line that was found. */
  readonly now?: Date;
  /** Returns what ranks best also when the verdict is `none`: `nova eval` measures the ranking apart from the verdict. */
  readonly unjudged?: boolean;
  /** For the recall log. */
  readonly agent?: AgentId;
  readonly turn?: TurnId;
};

export type RecalledItem = MemoryItem & {
  /** 0 and up; comparable within one recall only. */
  readonly score: number;
  /** Parts of the score, for --explain. */
  readonly why: {
    readonly lex: number;
    readonly subject: number;
    readonly time: number;
    readonly length: number;
    readonly penalty: number;
  };
  /** Query words that the item holds itself, stemmed. */
  readonly matched: readonly string[];
  /** True when `text` was cut to the budget. */
  readonly cut: boolean;
};

export type Recalled = {
  /** Best first, within the budget. Empty when the verdict is `none`, unless `unjudged` was asked for. */
  readonly items: readonly RecalledItem[];
  readonly tokens: number;
  /** 0 to 1: how likely it is that memory answers this, of the one whom it asks about. */
  readonly confidence: number;
  readonly verdict: "answer" | "weak" | "none";
  /** Words of the question that nothing kept holds, and the known words that they were read as; absent when none were. */
  readonly readings?: readonly WordRead[];
  /** What was found tells of somebody else than the one asked about; never with the verdict `answer`. */
  readonly otherwise?: FoundForAnother;
};

/** An unknown word of a question, and the one that it was taken for a slip of. Both lower-case. */
export type WordRead = { readonly word: string; readonly as: string };

/** Whom the question names, and of whom the best item tells; null when it names nobody. */
export type FoundForAnother = { readonly asked: string; readonly found: string | null };

/** Memory as one person sees it: every method is bound to that person's scope. */
export interface Recall {
  /** Any string is a legal query; a strange or empty one gives the verdict `none`. */
  recall(ask: RecallAsk): Promise<Recalled>;
  /** What was kept last, newest first; of these kinds only, when they are named. */
  newest(limit: number, kinds?: readonly MemoryKind[]): Promise<readonly MemoryItem[]>;
  get(item: ItemId): Promise<MemoryItem | undefined>;
}

/** The memory of this installation, before it is bound to a person. */
export interface Memory {
  /** Everywhere, if not told where. Where others read along, `shared`, only what is marked shareable is seen. */
  as(person: Person, where?: Place & { readonly shared?: boolean }): Recall;
  /**
   * Keeps an item at once, outside any turn, in the project and branch of `where` or in none. The same text of the same
   * person there twice is one item: `seen`.
   */
  add(
    person: Person,
    item: NewMemory,
    where?: Place,
  ): Promise<{ readonly id: ItemId; readonly kept: "new" | "seen" | "forgotten" }>;
  /** Deletes source, item and index rows in one transaction and leaves a tombstone. False when there is no such item. */
  forget(person: Person, item: ItemId): Promise<boolean>;
  newest(person: Person, limit: number, kinds?: readonly MemoryKind[]): Promise<readonly MemoryItem[]>;
}

/** A line of a stream as the index sees it. */
export type StreamLine = {
  readonly text: string;
  readonly speaker: string;
  readonly at: Date;
};

/** Term weights of one line in its context, before length normalisation. */
export type LexicalDocument = {
  readonly terms: readonly { readonly term: string; readonly dim: number; readonly weight: number }[];
  /** Sum of the weights. */
  readonly length: number;
  /** Number of the line's own terms. */
  readonly own: number;
  readonly isQuestion: boolean;
  readonly hasTime: boolean;
};

/** A term of a question. */
export type AskedTerm = {
  readonly term: string;
  readonly dim: number;
  /** The word that it is the stem of, lower-case. */
  readonly word: string;
  /** Whether it names whom or what the question is about. */
  readonly isName: boolean;
};

/** A word that an unknown one may be a slip of. */
export type Reading = {
  readonly word: string;
  readonly term: string;
  readonly dim: number;
  /** Likeness to the unknown word, 0.8 to 1: what the reading weighs beside a word that was written right. */
  readonly weight: number;
};

export type LexicalQuery = {
  /** Distinct stems of the query, stop words dropped. */
  readonly terms: readonly AskedTerm[];
  /** Words that may name a speaker, lower-case. */
  readonly names: readonly string[];
  readonly asksTime: boolean;
};

/** The lexical recipe: pure functions, versioned, implemented in src/memory and handed to the store. */
export interface Lexicon {
  /** Raised when any rule changes; items of another version are indexed anew. */
  readonly version: number;
  /** Lines before and after within which lines lend each other their terms. */
  readonly reach: number;
  document(line: StreamLine, before: readonly StreamLine[], after: readonly StreamLine[]): LexicalDocument;
  query(text: string): LexicalQuery;
  /** What this word may be a slip of, known or not, each stem once; nothing for a figure or a word too short to tell. */
  readings(asked: AskedTerm): readonly Reading[];
  /** BM25 weight of each term of a document, given the average document length. */
  weights(
    document: LexicalDocument,
    averageLength: number,
  ): readonly { readonly dim: number; readonly value: number }[];
  /** Inverse document frequency. */
  idf(documents: number, having: number): number;
}

/** What the store returns for ranking; features are combined in src/memory. */
export type LexicalHit = MemoryItem & {
  readonly bm25: number;
  /** Lines of one stream are each other's context; their ids rise. */
  readonly stream: string;
  /** The name of the project that it is in; null for none. */
  readonly project: string | null;
  readonly own: number;
  readonly isQuestion: boolean;
  readonly hasTime: boolean;
};

export type LexicalSearch = {
  readonly hits: readonly LexicalHit[];
  /** Every term as it was read, once. */
  readonly terms: readonly TermFound[];
  readonly readings: readonly WordRead[];
  readonly documents: number;
};

export type TermFound = {
  readonly term: string;
  /** How many documents of the scope hold it; 0 for an unknown word. */
  readonly df: number;
  /** 1, or less for an unknown word that was read as this one. */
  readonly weight: number;
};

/** Rows of memory. Implemented in postgres/memory/memory.ts; every call runs under the scope's row-level security. */
export interface MemoryStore {
  search(
    scope: Scope,
    query: LexicalQuery,
    options: { kinds?: readonly MemoryKind[]; limit: number },
  ): Promise<LexicalSearch>;
  add(scope: Scope, item: NewMemory): Promise<{ id: ItemId; kept: "new" | "seen" | "forgotten" }>;
  forget(scope: Scope, item: ItemId): Promise<boolean>;
  get(scope: Scope, item: ItemId): Promise<MemoryItem | undefined>;
  /** `project`: only what is in the one of this name, in lower case. */
  newest(scope: Scope, limit: number, kinds?: readonly MemoryKind[], project?: string): Promise<readonly MemoryItem[]>;
  /**
   * Searches and notes the recall, in one transaction: `conclude` makes of what was found what is returned and what is
   * noted. It may be called again when the transaction met another one.
   */
  recall<T>(
    scope: Scope,
    query: LexicalQuery,
    options: { kinds?: readonly MemoryKind[]; limit: number },
    conclude: (found: LexicalSearch) => { readonly result: T; readonly note: RecallNote },
  ): Promise<T>;
  /** Notes a recall that needed no search. */
  note(scope: Scope, note: RecallNote): Promise<void>;
}

/** What a recall returned, for the log; which of it an answer cites is filled in later. */
export type RecallNote = {
  readonly turn: TurnId | null;
  readonly agent: AgentId | null;
  readonly verdict: Recalled["verdict"];
  readonly confidence: number;
  readonly returned: readonly ItemId[];
};
