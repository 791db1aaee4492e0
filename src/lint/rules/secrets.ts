import type { Place } from "../../python/logic/values.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import { type Judge, setting } from "../judge.ts";
import { isPlaceholder } from "../placeholders.ts";
import { isLiteral } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { isStorageKey } from "./media.ts";
import { type Token, tokensIn } from "./tokens.ts";

export const at = (file: string, line = 1): Place => ({ t: "place", file, line, column: 1 });

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)(_ID)?$/;
/** Settings with a rule of their own, and names of Django's that hold no secret. */
const JUDGED_ELSEWHERE = /^(SECRET_KEY|EMAIL_HOST_PASSWORD|CSRF_\w+|\w*_FIELD|\w*_URL)$/;

/** Families E and V: files that should not be there, secrets in the repository. */
export const secretRules: Rule[] = [
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
        .map((f) => ({ when: TRUE, everywhere: true, message: `${f} is tracked by git`, place: at(f) })),
  },
  {
    id: "djdeploy.database-tracked",
    level: "warning",
    title: "A database, a dump or a private key is tracked by git",
    why: "Data of people, or a key, is then in every copy of the repository.",
    fix: "git rm --cached it and add it to .gitignore.",
    check: (j) =>
      j.input.files
        .list()
        .filter((f) => isData(f) || isKey(j, f))
        .filter((f) => !SAMPLES.test(f))
        .map((f) => ({ when: TRUE, everywhere: true, message: `${f} is tracked by git`, place: at(f) })),
  },
  {
    id: "djdeploy.token-in-settings",
    level: "error",
    title: "A provider's secret stands in the settings",
    why: "Everyone who can read the repository can use it.",
    fix: "Read it from the environment, and replace it at the provider.",
    check: (j) => j.evaluation.files.flatMap((file) => found(j, file, "the settings")),
  },
  {
    id: "djdeploy.token-in-repository",
    level: "warning",
    title: "A provider's secret stands in the repository",
    why: "Everyone who can read the repository, its history or a copy of it can use it.",
    fix: "Remove it, and replace it at the provider: what was pushed once is known.",
    partOf: "djdeploy.env-file-tracked",
    check: tokensElsewhere,
  },
  {
    id: "djdeploy.secret-literal",
    level: "warning",
    title: "A setting that is named like a secret is a text of the repository",
    why: "Everyone who can read the repository has it.",
    fix: "Read it from the environment.",
    check: (j) =>
      [...j.evaluation.settings.keys()]
        .filter((name) => SECRET_NAME.test(name) && !JUDGED_ELSEWHERE.test(name) && !isStorageKey(name))
        .map((name) => {
          const v = setting(j, name);
          const telling = v.t === "str" && v.v.length >= 8 && !isPlaceholder(v.v) && !/[/.: ]/.test(v.v);
          return {
            when: telling && isLiteral(j, v) ? TRUE : FALSE,
            setting: name,
            message: `${name} is written in the repository`,
          };
        }),
  },
  {
    id: "djdeploy.secret-in-workflow",
    level: "warning",
    title: "A workflow shows a secret, or puts it on a command line",
    why: "GitHub hides a secret's exact text only, and other users of a machine can read command lines.",
    fix: "Hand it over by env: of the step, and read the variable in the script.",
    docs: "https://docs.github.com/en/actions/security-for-github-actions/security-guides/using-secrets-in-github-actions",
    check: inWorkflows,
  },
];

const SAMPLES = /(^|\/)(tests?|testing|fixtures?|examples?|samples?|docs?|seeds?|demo)\//;

const isData = (f: string): boolean =>
  /(^|\/)(db\.sqlite3|[^/]+\.(sqlite3|p12|pfx|jks|dump|sql\.(gz|bz2|xz|zst))|(dump|backup)[^/]*\.sql|id_(rsa|dsa|ecdsa|ed25519))$/.test(
    f,
  );

/** A .pem or .key may hold a certificate, which is no secret. */
function isKey(j: Judge, f: string): boolean {
  return /\.(pem|key)$/.test(f) && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(j.input.files.read(f) ?? "");
}

/** Values of a file for developers: a password that everybody knows keeps nothing secret. */
const FOR_DEVELOPERS =
  /^(?:postgres(?:ql)?|mysql|root|admin|django|user|test(?:ing)?|dev(?:elopment)?|debug|local(?:host)?|insecure|dummy|guest|(?:test|dev|debug|dummy|local|example)[-_ ][-\w ]*|true|false|null|\$\{.*)$|^(?:django-)?insecure|change[-_ ]?me|:\/\/[^/]*@?(?:localhost|127\.0\.0\.1|db|postgres|redis)\b/i;

const holdsValues = (text: string): boolean =>
  [
    ...text.matchAll(
      /^[ \t]*(?:export[ \t]+)?\w*(?:SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL)\w*[ \t]*=[ \t]*["']?([^\s"'#]{4,})/gim,
    ),
  ].some(([, value = ""]) => !isPlaceholder(value) && !FOR_DEVELOPERS.test(value));

function found(j: Judge, file: string, where: string): Check[] {
  const lines = j.evaluation.parsed.get(file)?.lines ?? j.input.files.read(file)?.split(/\r?\n/) ?? [];
  return lines.flatMap((line, i) =>
    tokensIn(line).map(({ what, open }: Token) => ({
      when: TRUE,
      everywhere: true,
      ...(open
        ? { level: "info", hint: "restrict it to your own pages at the provider, if pages hold it" }
        : /^\s*#/.test(line)
          ? { level: "warning", hint: "take it out, and replace it at the provider: it is in every copy" }
          : {}),
      message: `${what} stands in ${where}`,
      place: at(file, i + 1),
    })),
  );
}

/** Configuration and scripts; code, data and documentation are too many, and full of examples. */
const WATCHED =
  /(^|\/)(\.env[\w.-]*|[^/]+\.(ya?ml|toml|ini|cfg|conf|sh|env|properties|service|tf|tfvars)|Dockerfile[\w.-]*|Procfile|Makefile|Jenkinsfile|\.npmrc|\.pypirc|\.netrc)$/;
const LARGEST = 100_000;
const MOST = 400;

function tokensElsewhere(j: Judge): Check[] {
  const files = j.input.files
    .list()
    .filter(
      (f) => WATCHED.test(f) && !SAMPLES.test(f) && !/(^|\/)(node_modules|vendor|locale|static)\//.test(f),
    )
    .slice(0, MOST);
  return files.flatMap((file) => {
    const text = j.input.files.read(file) ?? "";
    return text.length > LARGEST ? [] : found(j, file, file).slice(0, 3);
  });
}

/** `echo ${{ secrets.X }}` that goes to the log, and secrets as arguments of programs. */
function inWorkflows(j: Judge): Check[] {
  const shown = /^\s*(?:-\s+)?(?:run:\s*)?(?:echo|printf)\s[^|>]*\$\{\{\s*secrets\.\w+\s*\}\}[^|>]*$/;
  const argument = /\s--?(?:password|passwd|token|secret|api-?key|p)[= ]["']?\$\{\{\s*secrets\.\w+/;
  return j.input.files
    .list()
    .filter((f) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(f))
    .flatMap((file) =>
      (j.input.files.read(file) ?? "").split(/\r?\n/).flatMap((line, i) => {
        if (/::add-mask::/.test(line) || !(shown.test(line) || argument.test(line))) return [];
        const what = shown.test(line) ? "prints a secret" : "puts a secret on a command line";
        return [{ when: TRUE, everywhere: true, message: `the workflow ${what}`, place: at(file, i + 1) }];
      }),
    );
}
