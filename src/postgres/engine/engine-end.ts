/** Notices when the embedded engine's own process ends inside this one. Used by embedded.ts. */
import type { PGlite } from "@electric-sql/pglite";
import { EngineEnded } from "./failure.ts";

/**
 * The engine ends as a server's backend would: after a write-ahead log that cannot be written, or a fatal error. Its
 * protocol loop takes no notice and asks the ended program again for ever, which would freeze this whole process. Here
 * the first end is kept, and every later step of that loop throws it.
 */
export function watchEnd(engine: PGlite, onEnd: (end: EngineEnded) => void): void {
  const program = engine.Module;
  const step = program._PostgresMainLoopOnce;
  const restore = program.stackRestore;
  let end: EngineEnded | undefined;

  program._PostgresMainLoopOnce = () => {
    if (end) throw end;
    try {
      return step();
    } catch (cause) {
      if (!isJump(cause)) {
        end = new EngineEnded("the embedded engine has ended", { cause });
        onEnd(end);
      }
      throw cause;
    }
  };
  // Called by the loop right after a step that threw, and the one place from which an error leaves it.
  program.stackRestore = (pointer) => {
    const restored = restore(pointer);
    if (end) throw end;
    return restored;
  };
}

/** How the engine jumps out of a statement that failed: an everyday matter. */
const JUMP_STATUS = 100;

const isJump = (thrown: unknown): boolean =>
  typeof thrown === "object" && thrown !== null && "status" in thrown && thrown.status === JUMP_STATUS;
