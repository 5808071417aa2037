/** What a turn is compared with: two calls of the same model without any framework, and one row inserted. */
import { Agent, request } from "node:http";
import type { Database } from "../../src/postgres/engine/database.ts";
import { median } from "./figures.ts";

const BODY = JSON.stringify({
  model: "stub",
  messages: [{ role: "user", content: "How do I take care of the lawn?" }],
});
const ROUNDS = 3;
const ROUND_MS = 1_500;

/** How often a second, with so many at once. */
export async function bareRate(database: Database, stub: string, lanes: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  await database.pool.query("create table if not exists bare_turn (id bigint generated always as identity, text text)");
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    let done = 0;
    const lane = async (): Promise<void> => {
      while (performance.now() - began < ROUND_MS) {
        await call(stub, agent);
        const answer = await call(stub, agent);
        await database.pool.query("insert into bare_turn (text) values ($1)", [answer]);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    rates.push((done / (performance.now() - began)) * 1_000);
  }
  agent.destroy();
  return median(rates);
}

function call(stub: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${stub}/chat/completions`,
      { method: "POST", agent, headers: { "content-type": "application/json", "content-length": BODY.length } },
      (response) => {
        let body = "";
        response.on("data", (piece: Buffer) => (body += piece.toString()));
        response.on("end", () => {
          const read: { choices: { message: { content: string } }[] } = JSON.parse(body);
          resolve(read.choices[0]?.message.content ?? "");
        });
      },
    );
    sent.on("error", reject);
    sent.end(BODY);
  });
}
