/** The grammar of the commands that save what is stored and put it elsewhere. Added to the program by program.ts. */
import type { Command } from "commander";

export type KeepingActions = {
  /** `file`: as typed; `-` is standard output. */
  backup(file: string | undefined, options: { check?: boolean; json?: boolean }): Promise<void>;
  /** `file`: as typed; `-` is standard input. */
  restore(file: string, options: { replace?: boolean; json?: boolean }): Promise<void>;
  /** `to`: a server's address; `-` reads it from standard input. */
  migrate(options: { to?: string; replace?: boolean; json?: boolean }): Promise<void>;
};

const JSON_OPTION = ["--json", "print the result as JSON"] as const;

export function addKeeping(program: Command, actions: KeepingActions): void {
  program
    .command("backup")
    .summary("Save all that is stored into a file, or check such a file")
    .description(
      "Save all that is stored into a file, also while Nova runs. One file fits both the embedded database and a server.\n\n" +
        "It holds all that people wrote, and the secrets of webhooks: guard it like a password. The environment and\n" +
        "the queue are not in it; what waited for an answer is answered after a restore.",
    )
    .argument("[file]", "where to; - writes to standard output (default: nova-<time>.backup in this folder)")
    .option("--check", "read a backup through and say what is in it; needs no database")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples([
        "nova backup",
        "nova backup /safe/monday.backup",
        "nova backup --check /safe/monday.backup",
        "nova backup - | ssh elsewhere 'cat > nova.backup'",
      ]),
    )
    .action((file: string | undefined, options: { check?: boolean; json?: boolean }) => actions.backup(file, options));
  program
    .command("restore")
    .summary("Put a backup in the place of what is stored")
    .description(
      "Put a backup into the database that Nova is set to, embedded or server: all of it, or nothing is changed. Stop\n" +
        "Nova first. The file is read through before anything is touched. A replaced embedded database is kept beside\n" +
        "the new one; on a server what was there is gone, so save it first.",
    )
    .argument("<file>", "a backup; - reads it from standard input")
    .option("--replace", "also where something is stored already")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples([
        "nova restore monday.backup",
        "nova restore monday.backup --replace",
        "DATABASE_URL=postgres://nova@db/nova nova restore monday.backup",
      ]),
    )
    .action((file: string, options: { replace?: boolean; json?: boolean }) => actions.restore(file, options));
  program
    .command("migrate")
    .summary("Bring the database up to date, or move it to a server")
    .description(
      "Bring the database up to date with this Nova; `nova start` does so too. With --to, move all that is stored from\n" +
        "the embedded database to an empty one on a PostgreSQL server, and compare both. Stop Nova first. The embedded\n" +
        "database stays as it was.",
    )
    .option("--to <url>", "the server, as in DATABASE_URL; - reads it from standard input, so that no password shows")
    .option("--replace", "with --to: also where something is stored already")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples([
        "nova migrate",
        "nova migrate --to postgres://nova@db.example/nova",
        "nova migrate --to - < address.txt",
        "PGPASSWORD=... nova migrate --to postgres://nova@db.example/nova",
      ]),
    )
    .action((options: { to?: string; replace?: boolean; json?: boolean }) => actions.migrate(options));
}

const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;
