import { TRUE } from "../../python/logic/values.ts";
import type { Rule } from "../rule.ts";

/** Family F: settings that come from where nobody looked. */
export const outsideRules: Rule[] = [
  {
    id: "djdeploy.settings-outside",
    level: "info",
    title: "A star import brings settings from a package",
    why: "Names that a package brings with `import *` are not in the repository. They are taken to be defaults of its own, and not DEBUG, SECURE_… or another of Django's settings.",
    fix: "Import the names that you need, or set what must hold after the import.",
    check: (j) =>
      j.evaluation.notes
        .filter((n) => n.kind === "star-outside" && j.m.trusting)
        .map((n) => ({
          when: TRUE,
          unsure: `${n.what} is outside the repository`,
          whole: true,
          message: `${n.what} may set more than what can be seen; taken not to change Django's own settings`,
          place: n.place,
        })),
  },
];
