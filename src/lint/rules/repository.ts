import type { Place } from "../../python/values.ts";
import { FALSE, TRUE } from "../../python/values.ts";
import { type Judge, setting } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";

const at = (file: string, line = 1): Place => ({ t: "place", file, line, column: 1 });

/** What a secret of a known provider looks like. */
const TOKENS: [string, RegExp][] = [
  ["an AWS access key", /\bAKIA[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY(?: BLOCK)?-----/],
  ["a GitHub token", /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}\b/],
  ["a Stripe live key", /\b[sr]k_live_[A-Za-z0-9]{20,}\b/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/],
  ["a SendGrid key", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["a Mailgun key", /\bkey-[0-9a-f]{32}\b/],
  ["a PyPI token", /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}\b/],
  ["a DigitalOcean token", /\bdop_v1_[a-f0-9]{64}\b/],
  ["a Telegram bot token", /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/],
];

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)(_ID)?$/;
const HARMLESS =
  /^(|changeme|change-me|your[-_ ].*|xxx+|example|none|null|todo|\*+|<.*>|\{.*\}|password|secret)$/i;

/** Families E, V, W: files that should not be there, secrets in the repository, line endings. */
export const repositoryRules: Rule[] = [
  {
    id: "djdeploy.env-file-tracked",
    level: "error",
    title: "A file of secrets is tracked by git",
    why: "Everyone who can read the repository, or a copy of it, has them; and they stay in its history.",
    fix: "git rm --cached it, add it to .gitignore, and replace every secret in it.",
    check: (j) =>
      j.input.files
        .list()
        .filter((f) => /(^|\/)\.env(\.(prod|production|live|local))?$/.test(f))
        .filter((f) => holdsValues(j.input.files.read(f) ?? ""))
        .map((f) => ({ when: TRUE, message: `${f} is tracked by git`, place: at(f) })),
  },
  {
    id: "djdeploy.database-tracked",
    level: "warning",
    title: "A database or a private key is tracked by git",
    why: "Data of people, or a key, is then in every copy of the repository.",
    fix: "git rm --cached it and add it to .gitignore.",
    check: (j) =>
      j.input.files
        .list()
        .filter((f) => /(^|\/)(db\.sqlite3|[^/]+\.(sqlite3|pem|p12|pfx|jks)|id_(rsa|ed25519))$/.test(f))
        .filter((f) => !/(^|\/)(tests?|fixtures|examples?|docs)\//.test(f))
        .map((f) => ({ when: TRUE, message: `${f} is tracked by git`, place: at(f) })),
  },
  {
    id: "djdeploy.token-in-settings",
    level: "error",
    title: "A provider's secret stands in the settings",
    why: "Everyone who can read the repository can use it.",
    fix: "Read it from the environment, and replace it at the provider.",
    check: (j) => j.evaluation.files.flatMap((file) => tokens(j, file)),
  },
  {
    id: "djdeploy.secret-literal",
    level: "warning",
    title: "A setting that is named like a secret is a text of the repository",
    why: "Everyone who can read the repository has it.",
    fix: "Read it from the environment.",
    check: (j) =>
      [...j.evaluation.settings.keys()]
        .filter((name) => SECRET_NAME.test(name) && name !== "SECRET_KEY" && name !== "EMAIL_HOST_PASSWORD")
        .map((name) => {
          const v = setting(j, name);
          const literal = v.t === "str" && v.v.length >= 8 && !HARMLESS.test(v.v) && !/[/.: ]/.test(v.v);
          const given = v.t === "str" && Object.values(j.input.environment ?? {}).includes(v.v);
          return {
            when: literal && !given ? TRUE : FALSE,
            setting: name,
            message: `${name} is written in the repository`,
          };
        }),
  },
  {
    id: "djdeploy.script-line-endings",
    level: "warning",
    title: "A script has Windows line endings",
    why: "Linux looks for an interpreter whose name ends in a carriage return, and does not find it. A deploy normalises what it ships, and says so.",
    fix: 'Add "*.sh text eol=lf" to .gitattributes and commit the file again.',
    check: (j) =>
      j.input.files
        .list()
        .filter((f) => /\.sh$|(^|\/)(manage\.py|entrypoint|docker-entrypoint|Procfile|crontab)$/.test(f))
        .filter((f) => /^#!.*\r\n|^[a-z]+:.*\r\n/.test(j.input.files.read(f) ?? ""))
        .map((f) => ({ when: TRUE, message: `${f} has Windows line endings`, place: at(f) })),
  },
];

const holdsValues = (text: string): boolean =>
  /^[ \t]*(?:export[ \t]+)?\w*(SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL)\w*[ \t]*=[ \t]*["']?[^\s"'#]{4,}/im.test(
    text,
  );

function tokens(j: Judge, file: string): Check[] {
  const lines = j.evaluation.parsed.get(file)?.lines ?? [];
  const found: Check[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.length > 2000) continue;
    for (const [what, rule] of TOKENS)
      if (rule.test(line))
        found.push({ when: TRUE, message: `${what} stands in the settings`, place: at(file, i + 1) });
  }
  return found;
}
