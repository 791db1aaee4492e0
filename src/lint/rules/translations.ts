import { posix } from "node:path";
import { isTruthy } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { at } from "./secrets.ts";

const PO = /(?:^|\/)[^/]+\/LC_MESSAGES\/django(?:js)?\.po$/;
const FOREIGN = /(?:^|\/)(?:site-packages|node_modules|\.?venv)\//;

/** A translated message behind the header: `msgstr "…"`, or its text on the next line. */
const TRANSLATED = /\nmsgid(?:_plural)? (?!""\n(?!"))[\s\S]*?\nmsgstr(?:\[0\])? (?:"[^"\n]|""\n")/;

/** Django reads the compiled `.mo` files alone. */
export const translationRules: Rule[] = [
  {
    id: "djdeploy.translations-not-compiled",
    level: "warning",
    title: "Translations are not compiled",
    why: "Django reads .mo files only; where git has the .po files alone, pages come in the language of the source, and nothing says so.",
    fix: "Commit the .mo files, or let a build make them: build: {command: python manage.py compilemessages, include: [locale]}.",
    docs: "topics/i18n/translation/#compiling-message-files",
    check: (j): Check[] => {
      const files = new Set(j.input.files.list());
      const included = (j.input.deployment?.included ?? []).map((path) => path.replace(/\/+$/, ""));
      const lacking = [...files]
        .filter((path) => PO.test(path) && !FOREIGN.test(path))
        .filter((path) => {
          const made = path.replace(/\.po$/, ".mo");
          return !files.has(made) && !included.some((one) => made === one || made.startsWith(`${one}/`));
        })
        .filter((path) => TRANSLATED.test(`\n${j.input.files.read(path) ?? ""}`.replace(/\r\n/g, "\n")))
        .sort();
      const first = lacking[0];
      if (first === undefined) return [];
      // …/locale/de/LC_MESSAGES/django.po
      const folders = [...new Set(lacking.map((path) => posix.join(path, "../../..")))].sort();
      const more = lacking.length > 1 ? ` and ${lacking.length - 1} more` : "";
      return [
        {
          when: isTruthy(j, "USE_I18N"),
          message: `${first}${more}: no .mo file beside it is shipped, and Django reads no other`,
          hint: `build: {command: python manage.py compilemessages, include: [${folders.join(", ")}]} in djdeploy.yml (the runner needs Django and gettext), or commit what compilemessages makes: git add -f '${posix.join(folders[0] ?? ".", "*/LC_MESSAGES/*.mo")}'`,
          place: at(first),
        },
      ];
    },
  },
];
