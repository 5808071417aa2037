/** What a channel's host offers besides what a test is about: each throws when it is asked for after all. */
import type { AdapterHost } from "#core";

const absent = (): never => {
  throw new Error("this test offers no such thing");
};

export const REST_OF_HOST: Pick<
  AdapterHost,
  "revise" | "press" | "stop" | "drafts" | "seal" | "agents" | "contract" | "proposals"
> = {
  revise: absent,
  press: absent,
  stop: absent,
  drafts: { of: absent, note: absent },
  seal: absent,
  agents: absent,
  contract: absent,
  proposals: absent,
};
