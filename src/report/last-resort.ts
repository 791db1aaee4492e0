import { writeSync } from "node:fs";
import { unforeseenLine } from "../unforeseen.ts";

/**
 * What is thrown where nobody catches it is told as one line of kind and place: Node would print its text and the line of
 * source, and either may hold a secret. Ends the process with 1. `told` gets that line once, before.
 */
export function installLastResort(told: (line: string) => void = () => {}): void {
  const end = (thrown: unknown) => {
    const line = `djdeploy ended on an error of its own (internal): ${unforeseenLine(thrown)}`;
    try {
      writeSync(2, `${line}\n`);
      told(line);
    } catch {
      // Nobody reads any more.
    }
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
