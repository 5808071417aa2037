/** A delimiter around quoted data that no text can have foreseen. Used by the step runner and the router's model. */
import { randomBytes } from "node:crypto";

export const randomMark = (): string => `----- ${randomBytes(9).toString("base64url")} -----`;
