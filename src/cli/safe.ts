import type { Paint } from "../report/paint.ts";
import { printed } from "../report/printed.ts";
import { redactDeep } from "../report/redact.ts";
import type { Io } from "./io.ts";

/** For verbs that write without a reporter: what they show, without the secret values that this run was given. */
export function safeOutput(io: Io) {
  const redact = io.hidden?.redact ?? ((text: string) => text);
  return {
    redact,
    /** Before it is rendered, cut or escaped: after that a value might not be found any more. */
    data: <T>(value: T): T => redactDeep(value, redact) as T,
    /** A whole text on its way out; it may hold lines of the project's files besides. */
    text: (text: string, paint?: Pick<Paint, "color">): string => redact(printed(text, paint)),
  };
}
