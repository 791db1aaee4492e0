import { holds, isTruthy, setting } from "../judge.ts";
import type { Rule } from "../rule.ts";

/** Family D: DEBUG and what belongs to it. */
export const debugRules: Rule[] = [
  {
    id: "security.W018",
    level: "error",
    title: "DEBUG is on in production",
    why: "Error pages then show settings, code and local variables to everyone, and memory grows with every query.",
    fix: "Set DEBUG = False in the production settings, or read it with a cast and a default of False.",
    docs: "ref/settings/#debug",
    check: (j) => [
      { when: isTruthy(j, "DEBUG"), setting: "DEBUG", message: "DEBUG is on", hint: "set DEBUG = False" },
    ],
  },
  {
    id: "djdeploy.debug-text",
    level: "error",
    title: "DEBUG is a text",
    why: "Every text but the empty one is true: 'False' and '0' turn DEBUG on.",
    fix: 'Compare or cast the text: DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true").',
    docs: "ref/settings/#debug",
    partOf: "security.W018",
    check: (j) => [
      {
        when: holds(j, setting(j, "DEBUG"), (o) => o.t === "str" && o.v !== "", "is text"),
        setting: "DEBUG",
        message: "DEBUG is a text, and every text but the empty one turns it on, 'False' included",
        hint: 'cast it: os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")',
      },
    ],
  },
];
