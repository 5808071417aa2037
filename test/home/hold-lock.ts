/** A process of its own that takes a folder's lock, says so, and holds it until it is killed. */
import { lockHome } from "../../src/home/lock.ts";

const [folder = ""] = process.argv.slice(2);
try {
  await lockHome(folder, { waitMs: 0 });
  process.stdout.write("held\n");
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error && "code" in error ? String(error.code) : "failed"}\n`);
}
