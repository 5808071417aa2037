/** The same two hops and one tool as a StateGraph with its Postgres saver: what Nova's are measured beside. Used by hops. */
import { SystemMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { Command, END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { z } from "zod";
import type { Database } from "../../src/postgres/engine/database.ts";
import { scripted } from "../support/model.ts";
import { CALL, CHAIN, nextLine } from "./hops-script.ts";

export interface Graph {
  /** Milliseconds of one turn of this thread. */
  turn(thread: string, words: string): Promise<number>;
  /** Bytes that the saver keeps. */
  kept(): Promise<number>;
}

const replied = z.object({ kind: z.string(), to: z.string().optional() });

/** As its documentation builds one: a node an agent, the whole thread as each agent's messages, `Command` to hand over. */
export async function openGraph(database: Database): Promise<Graph> {
  const { model } = scripted(nextLine);
  const calculate = tool(() => "35", {
    name: CALL.name,
    description: "Works out arithmetic exactly.",
    schema: z.object({ expression: z.string() }),
  });
  /** Streamed, as Nova asks it. */
  const asked = async (field: string, messages: readonly BaseMessage[]): Promise<AIMessageChunk> => {
    const prompt = new SystemMessage(`You answer questions about ${field} in one or two sentences.`);
    let whole: AIMessageChunk | undefined;
    for await (const piece of await model.stream([prompt, ...messages])) whole = whole ? whole.concat(piece) : piece;
    if (!whole) throw new Error("the model said nothing");
    return whole;
  };
  const agent = (field: string) => async (state: typeof MessagesAnnotation.State) => {
    const message = await asked(field, state.messages);
    const update = { messages: [message] };
    if (message.tool_calls?.length) return new Command({ update, goto: "tools" });
    const { to } = replied.parse(JSON.parse(message.text));
    return new Command({ update, goto: to?.replace("field-", "") ?? END });
  };
  const [first, second, last] = CHAIN;
  const graph = new StateGraph(MessagesAnnotation)
    .addNode(first, agent(first), { ends: [second] })
    .addNode(second, agent(second), { ends: [last] })
    .addNode(last, agent(last), { ends: ["tools", END] })
    .addNode("tools", new ToolNode([calculate]))
    .addEdge(START, first)
    .addEdge("tools", last);
  const saver = new PostgresSaver(database.pool);
  await saver.setup();
  const app = graph.compile({ checkpointer: saver });
  return {
    async turn(thread, words) {
      const began = performance.now();
      // As Nova's: nothing counts before it is stored.
      await app.invoke(
        { messages: [{ role: "user", content: words }] },
        { configurable: { thread_id: thread }, durability: "sync" },
      );
      return performance.now() - began;
    },
    async kept() {
      const { rows } = await database.pool.query<{ bytes: string }>(
        `select sum(bytes)::text as bytes from (
           select sum(pg_column_size(checkpoints.*)) as bytes from checkpoints union all
           select sum(pg_column_size(checkpoint_blobs.*)) from checkpoint_blobs union all
           select sum(pg_column_size(checkpoint_writes.*)) from checkpoint_writes) kept`,
      );
      return Number(rows[0]?.bytes ?? 0);
    },
  };
}
