/** Several Nova processes on one database (or one, embedded), of which any may be killed and comes back. */
import { join } from "node:path";
import { startService, type Service } from "./service.ts";

export interface Fleet {
  /** Those that listen at this moment. */
  up(): readonly Service[];
  /** SIGKILL, whatever it does; a new process takes its place at once and has come up when this resolves. */
  killAndRestart(index: number): Promise<void>;
  /** SIGTERM to all; their exit codes. */
  stop(): Promise<readonly (number | null)[]>;
  readonly size: number;
}

export type FleetOptions = {
  readonly folder: string;
  readonly size: number;
  /** Of every process; several need a DATABASE_URL. */
  readonly env: Record<string, string>;
};

/** The NOVA_HOME of a member. */
export const homeIn = (folder: string, index: number): string => join(folder, `home-${index}`);

export async function startFleet({ folder, size, env }: FleetOptions): Promise<Fleet> {
  const start = (index: number): Promise<Service> => startService(homeIn(folder, index), env);
  const members: (Service | undefined)[] = await Promise.all(Array.from({ length: size }, (_, index) => start(index)));
  return {
    size,
    up: () => members.filter((member) => member !== undefined),
    async killAndRestart(index) {
      const victim = members[index];
      members[index] = undefined;
      await victim?.kill();
      members[index] = await start(index);
    },
    stop: () => Promise.all(members.map(async (member) => (member ? member.stop() : null))),
  };
}
