/** The grammar of `nova doctor`. Added to the program by program.ts. */
import type { Command } from "commander";

export type DoctoringActions = {
  doctor(options: { json?: boolean }): Promise<void>;
};

export function addDoctoring(program: Command, actions: DoctoringActions): void {
  program
    .command("doctor")
    .summary("Look for what keeps Nova from working, with a remedy for each")
    .description(
      "Look for what keeps Nova from working: settings, folder, disk, database, its extension and schema, the model's\n" +
        "server, channels, port and clock. Nothing that is stored is changed, and nothing is paid; it works beside a running service, and\n" +
        "where no service can start. Ends with exit code 1 when something is wrong.",
    )
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExamples:\n  $ nova doctor\n  $ nova doctor --json\n")
    .action((options: { json?: boolean }) => actions.doctor(options));
}
