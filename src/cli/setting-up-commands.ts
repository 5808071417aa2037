/** The grammar of `nova init`. Added to the program by program.ts. */
import type { Command } from "commander";

export type SettingUpOptions = { manifest?: boolean; guide?: boolean; json?: boolean };
export type SettingUpActions = {
  /** Without a platform: what there is, and what is set. */
  init(platform: string | undefined, options: SettingUpOptions): Promise<void>;
};

export function addSettingUp(program: Command, actions: SettingUpActions): void {
  program
    .command("init")
    .summary("Set up a channel: what to do by hand, then whether it works")
    .description(
      "Set up a channel such as Slack or Discord: prints what to do there, step by step, as long as a setting is missing, " +
        "then tries what is set and says what to do about what does not work. Run it again until all is well. " +
        "It needs no database, and works with and without a running service. Without a platform it lists them. " +
        "Ends with exit code 1 while something is missing or wrong.",
    )
    .argument("[platform]", "slack or discord")
    .option("--guide", "print only the steps")
    .option("--manifest", "print only what is to be pasted there: Slack's app manifest, Discord's invite link")
    .option("--json", "print the steps and what was found as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ nova init\n  $ nova init slack\n  $ nova init slack --guide\n  $ nova init slack --manifest > manifest.json\n  $ nova init discord --json\n",
    )
    .action((platform: string | undefined, options: SettingUpOptions) => actions.init(platform, options));
}
