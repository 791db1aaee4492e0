import { pure } from "../../python/logic/apply.ts";
import { toCondition } from "../../python/logic/decide.ts";
import { factAbout } from "../../python/logic/facts.ts";
import type { Obj, Value } from "../../python/logic/values.ts";
import { bool, FALSE, TRUE } from "../../python/logic/values.ts";
import { elements, type Judge, setting, since } from "../judge.ts";
import { given } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { whileUnset } from "../verdict.ts";

/** Django's own measure of a key (core/checks/security/base.py). */
export function isWeakKey(key: string, prefixCounts: boolean): boolean {
  return key.length < 50 || new Set(key).size < 5 || (prefixCounts && key.startsWith("django-insecure-"));
}

function weak(j: Judge, v: Value): Value {
  return pure(j.m, [v], ([o]) => {
    if (o?.t === "str" || o?.t === "bytes") return bool(isWeakKey(o.v, since(j, 3, 2)));
    // Of a key made at start only the length is known.
    if (o?.t === "unknown")
      return o.length === undefined ? factAbout(j.m, o, "is a weak key") : bool(o.length < 50);
    return TRUE;
  });
}

/** What is wrong with the key, as far as it is known; the key itself is never shown. */
function weakness(key: Value): string {
  if (key.t === "none" || key.t === "missing") return "SECRET_KEY is missing";
  if (key.t !== "str") return "SECRET_KEY is missing or weak";
  if (key.v === "") return "SECRET_KEY is empty";
  if (key.v.startsWith("django-insecure-"))
    return "SECRET_KEY is the one that startproject made (django-insecure-…)";
  return key.v.length < 50
    ? `SECRET_KEY is ${key.v.length} characters long, fewer than 50`
    : "SECRET_KEY has fewer than 5 different characters";
}

const isLiteral = (o: Obj): boolean => (o.t === "str" || o.t === "bytes") && o.v !== "";

/** Family K: SECRET_KEY. */
export const secretKeyRules: Rule[] = [
  {
    id: "security.W009",
    level: "error",
    title: "SECRET_KEY is missing or weak",
    why: "Whoever knows or guesses the key can forge sessions, password reset links and signed data.",
    fix: 'Read it from the environment without a default: SECRET_KEY = os.environ["SECRET_KEY"], with at least 50 random characters.',
    docs: "ref/settings/#secret-key",
    check: (j) => [
      {
        when: weak(j, setting(j, "SECRET_KEY")),
        setting: "SECRET_KEY",
        message: weakness(setting(j, "SECRET_KEY")),
        hint: "give it 50 or more random characters through the environment",
        shape: "is empty or shorter than 50 characters",
      },
    ],
  },
  {
    id: "djdeploy.secret-key-published",
    level: "error",
    title: "SECRET_KEY stands in the repository",
    why: "Everyone who can read the repository, its history or a copy of it can forge sessions and signed data.",
    fix: 'Read it from the environment without a default: SECRET_KEY = os.environ["SECRET_KEY"], and make a new one.',
    docs: "topics/security/",
    partOf: "security.W009",
    check: (j) => {
      const key = setting(j, "SECRET_KEY");
      // A constant in some worlds only is the fallback of a variable: see secret-key-fallback.
      if (key.t === "choice") return [];
      return [
        {
          when: isLiteral(key) && !given(j, key) ? bool(true) : FALSE,
          setting: "SECRET_KEY",
          message: "SECRET_KEY is written in the repository",
          hint: 'read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"]',
        },
      ];
    },
  },
  {
    id: "djdeploy.secret-key-fallback",
    level: "error",
    title: "SECRET_KEY falls back to a text of the repository",
    why: "If the variable is ever missing, the site runs with a key that everyone can read, and nobody notices.",
    fix: 'Read it without a default: SECRET_KEY = os.environ["SECRET_KEY"].',
    docs: "ref/settings/#secret-key",
    check: (j) => {
      const key = setting(j, "SECRET_KEY");
      const fallback = key.t === "choice" ? whileUnset(j.evaluation, key) : null;
      if (fallback?.t !== "str" || fallback.v === "") return [];
      return [
        {
          when: toCondition(key, (o) => o.t === "str" && o.v === fallback.v),
          setting: "SECRET_KEY",
          message: "SECRET_KEY falls back to a text that stands in the repository",
          hint: 'read it without a default: SECRET_KEY = os.environ["SECRET_KEY"]',
        },
      ];
    },
  },
  rule({
    id: "djdeploy.secret-key-generated",
    level: "error",
    title: "SECRET_KEY is made anew at every start",
    why: "Each worker and each restart has another key: sessions, reset links and signed data die with it.",
    fix: 'Read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"].',
    docs: "ref/settings/#secret-key",
    setting: "SECRET_KEY",
    message: "SECRET_KEY is generated while the settings load, so every worker has another one",
    hint: 'read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"]',
    when: (j) => generated(setting(j, "SECRET_KEY")),
  }),
  {
    id: "security.W025",
    level: "warning",
    title: "A fallback of SECRET_KEY is weak",
    why: "Data signed with a fallback key is accepted, so a weak one is as bad as a weak SECRET_KEY.",
    fix: "Remove the weak entry from SECRET_KEY_FALLBACKS.",
    docs: "ref/settings/#secret-key-fallbacks",
    from: [4, 1],
    check: (j) =>
      elements(j, setting(j, "SECRET_KEY_FALLBACKS"))
        .filter(({ item }) => item.t === "str")
        .map(({ item, when }) => ({
          when: item.t === "str" && isWeakKey(item.v, true) ? when : FALSE,
          setting: "SECRET_KEY_FALLBACKS",
          message: "an entry of SECRET_KEY_FALLBACKS is weak",
        })),
  },
];

const generated = (v: Value): Value => toCondition(v, (o) => o.t === "unknown" && o.generated === true);
