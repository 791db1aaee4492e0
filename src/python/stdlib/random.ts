import type { Class, Value } from "../logic/values.ts";
import { scope, unknown } from "../logic/values.ts";
import { type Entries, fn } from "./entries.ts";
import { made } from "./objects.ts";

const generated = (name: string, length: (n: number) => number): [string, Value] => [
  name,
  fn(name, ([n]) =>
    unknown(`${name}()`, {
      type: "str",
      truthy: true,
      generated: true,
      length: length(n?.t === "num" ? n.v : 32),
    }),
  ),
];

/** One of a text's characters; of other sequences one element that nobody knows. */
const randomChoice = (name: string): Value =>
  fn("choice", ([of]) =>
    of?.t === "str" && of.v !== ""
      ? unknown(`${name}.choice()`, { type: "str", truthy: true, generated: true, length: 1 })
      : unknown(`${name}.choice()`),
  );

/** `secrets` and `random`: what they give is another at each start. */
export const RANDOM: Record<string, () => Entries> = {
  secrets: () =>
    Object.fromEntries([
      generated("token_urlsafe", (n) => Math.ceil((n * 4) / 3)),
      generated("token_hex", (n) => n * 2),
      [
        "token_bytes",
        fn("token_bytes", () => unknown("token_bytes()", { type: "bytes", truthy: true, generated: true })),
      ],
      ["choice", randomChoice("secrets")],
    ]),
  random: () => ({
    SystemRandom: fn("SystemRandom", () => {
      const cls: Class = { t: "class", name: "SystemRandom", bases: [], unknownBase: null, scope: scope() };
      return made(cls, {
        choice: randomChoice("random"),
        choices: fn("choices", () => unknown("random.choices()", { type: "list", generated: true })),
      });
    }),
    choice: randomChoice("random"),
    choices: fn("choices", () => unknown("random.choices()", { type: "list", generated: true })),
  }),
};
