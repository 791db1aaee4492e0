import { FALSE, TRUE } from "../../python/logic/values.ts";
import { elements, type Judge, setting } from "../judge.ts";
import type { Rule } from "../rule.ts";
import { settingDocs } from "../simple.ts";
import { placeOf } from "../verdict.ts";

/** Family Q: what Django is told to keep quiet about. */
export const silencedRules: Rule[] = [
  {
    id: "djdeploy.deploy-check-silenced",
    level: "warning",
    title: "SILENCED_SYSTEM_CHECKS hides a security check",
    why: "Nobody is told any more, here or by manage.py check --deploy.",
    fix: "Remove the id, or ignore it in djdeploy.yml with a reason.",
    docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
    check: (j) =>
      elements(j, setting(j, "SILENCED_SYSTEM_CHECKS")).map(({ item, when }) => ({
        when: item.t === "str" && /^security\./.test(item.v) ? when : FALSE,
        setting: "SILENCED_SYSTEM_CHECKS",
        level: item.t === "str" && /W009|W018|W020/.test(item.v) ? "warning" : "info",
        message: `SILENCED_SYSTEM_CHECKS hides ${item.t === "str" ? item.v : ""}`,
      })),
  },
  {
    id: "djdeploy.silenced-in-production-only",
    level: "info",
    title: "Checks are silenced in production only",
    why: "Development still shows them, so nobody notices what production hides.",
    fix: "Silence them for all settings, or correct what they say.",
    docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
    check: (j) => {
      const place = placeOf(j.evaluation, "SILENCED_SYSTEM_CHECKS", TRUE);
      const items = elements(j, setting(j, "SILENCED_SYSTEM_CHECKS"));
      const first = items.find(({ item }) => item.t === "str");
      if (!place || !first || place.file !== j.evaluation.file || !hasBase(j)) return [];
      return [
        {
          when: first.when,
          setting: "SILENCED_SYSTEM_CHECKS",
          message: "SILENCED_SYSTEM_CHECKS is set in the production settings only",
        },
      ];
    },
  },
  {
    id: "djdeploy.silenced-not-raised",
    level: "info",
    title: "A silenced check would not be raised",
    why: "The id hides nothing: what it was for is mended, or this Django has no such check.",
    fix: "Remove the id from SILENCED_SYSTEM_CHECKS, so that it is told again when it matters.",
    docs: settingDocs("SILENCED_SYSTEM_CHECKS"),
    // Found out last, by suppress.ts: only then is it known what was raised.
    check: () => [],
  },
];

/** Settings that others build on were loaded too. */
function hasBase(j: Judge): boolean {
  return j.evaluation.files.some(
    (f) => f !== j.evaluation.file && /(^|\/)(base|common|settings|defaults?)(\/__init__)?\.py$/.test(f),
  );
}
