/** The notifier's code: a request in a plain form is proposed as it stands, without a model that could change a word of it. */
import { defineAgentCode, type CodedReply } from "#core";
import { readRequest } from "./notifier/request.ts";

export default defineAgentCode({
  async before({ ask, given }): Promise<CodedReply | undefined> {
    // What another agent has it do is not all that the person said.
    if (given?.how === "delegate") return undefined;
    const request = readRequest(ask.own ?? ask.words);
    switch (request.kind) {
      case "message":
        return propose("send_message", { to: request.to, text: request.text });
      case "webhook":
        return propose("post_webhook", { receiver: request.receiver, event: request.event, text: request.text });
      case "wordless":
        return { reply: { kind: "clarify", question: `What am I to tell ${request.to}?`, options: [] } };
      case "other":
        return undefined;
    }
  },
});

const propose = (verb: string, input: Readonly<Record<string, string>>): CodedReply => ({
  reply: { kind: "propose", text: "In your words, as you put them.", effects: [{ verb, input }] },
});
