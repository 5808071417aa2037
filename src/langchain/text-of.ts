/** The text of a message. LangChain's own getter turns every message into blocks of three providers first. Called wherever it is read. */
import type { BaseMessage } from "@langchain/core/messages";

export const textOf = (message: BaseMessage): string =>
  typeof message.content === "string" ? message.content : message.text;
