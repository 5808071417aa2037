/** The program of the `nova` command: compiles nothing twice, and goes on in cli.ts. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Before anything else is loaded: what follows is compiled once and not at every start. No harm where it cannot be written.
enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "nova"));
await import("./cli.ts");
