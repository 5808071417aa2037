/** Whether the folder of NOVA_HOME can be used, is private, and has room. Built by doctoring.ts. */
import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { ill, warning, well, type Examination, type Finding } from "./finding.ts";

export function lookAtHome(home: string): Examination {
  return { subject: "folder", look: async () => [await folder(home)] };
}

async function folder(home: string): Promise<Finding> {
  const found = await stat(home).catch(() => undefined);
  if (!found) return missing(home);
  if (!found.isDirectory()) return ill("folder", `${home} is no folder.`, "Set NOVA_HOME to a folder.");
  if (!(await isUsable(home))) {
    return ill(
      "folder",
      `${home} cannot be read and written by this user.`,
      "Give this user the right to it, or set NOVA_HOME to another folder.",
    );
  }
  if ((found.mode & 0o077) !== 0 && process.platform !== "win32") {
    return warning("folder", `Other users of this machine can look into ${home}.`, `Run \`chmod 700 '${home}'\`.`);
  }
  return well("folder", `${home} is this user's alone.`);
}

/** The first start makes it, if it may. */
async function missing(home: string): Promise<Finding> {
  const parent = await nearest(home);
  if (await isUsable(parent)) return well("folder", `${home} does not exist yet; the first start makes it.`);
  return ill("folder", `${home} does not exist, and this user may not make it.`, "Set NOVA_HOME to another folder.");
}

const isUsable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

/** The nearest folder above that exists. */
async function nearest(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  return there || dirname(path) === path ? path : nearest(dirname(path));
}

const LEAST_BYTES = 200e6;
const ENOUGH_BYTES = 1e9;

export function lookAtDisk(home: string): Examination {
  return {
    subject: "disk",
    async look() {
      const { bavail, bsize } = await statfs(await nearest(home));
      return [room(bavail * bsize)];
    },
  };
}

/** `free` in bytes. A database whose disk is full takes no message. */
export function room(free: number): Finding {
  const detail = `${(free / 1e9).toFixed(1)} GB are free.`;
  const remedy = "Make room on the disk of NOVA_HOME, or move it to a larger one.";
  if (free < LEAST_BYTES) return ill("disk", detail, remedy);
  return free < ENOUGH_BYTES ? warning("disk", detail, remedy) : well("disk", detail);
}
