import { posix } from "node:path";
import { notCompiled, translates } from "../gettext.ts";
import { isTruthy, type Judge } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { at } from "./secrets.ts";

const PO = /(?:^|\/)[^/]+\/LC_MESSAGES\/django(?:js)?\.po$/;
const FOREIGN = /(?:^|\/)(?:site-packages|node_modules|\.?venv)\//;

/** The folder of a language that Django's to_locale() never answers: `pt-br` is looked for as `pt_BR`. */
const DASHED = /(?:^|\/)(([a-z]{2,3})-([a-z]{2,8}))\/LC_MESSAGES\/django(?:js)?\.(?:po|mo)$/i;

/** As django.utils.translation.to_locale() has it: a region in upper case, a script with its first letter. */
function localeOf(language: string, rest: string): string {
  const region = rest.length > 2 ? rest[0]?.toUpperCase() + rest.slice(1).toLowerCase() : rest.toUpperCase();
  return `${language.toLowerCase()}_${region}`;
}

/** The files there are, and those of them that a deploy ships. */
function filesOf(j: Judge): { files: Set<string>; shipped: Set<string> } {
  const files = new Set(j.input.files.list());
  const leavesOut = j.input.deployment?.leavesOut;
  return { files, shipped: leavesOut ? new Set([...files].filter((path) => !leavesOut(path))) : files };
}

/** The project's own `.po` files, in order. */
const sources = (files: Iterable<string>): string[] =>
  [...files].filter((path) => PO.test(path) && !FOREIGN.test(path)).sort();

const counted = (messages: number) => (messages === 1 ? "1 message" : `${messages} messages`);

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
      const { files, shipped } = filesOf(j);
      const included = (j.input.deployment?.included ?? []).map((path) => path.replace(/\/+$/, ""));
      const lacking = sources(files)
        .filter((path) => {
          const made = path.replace(/\.po$/, ".mo");
          return !shipped.has(made) && !included.some((one) => made === one || made.startsWith(`${one}/`));
        })
        .filter((path) => translates(j.input.files.read(path) ?? ""));
      const first = lacking[0];
      if (first === undefined) return [];
      // …/locale/de/LC_MESSAGES/django.po
      const folders = [...new Set(lacking.map((path) => posix.join(path, "../../..")))].sort();
      const more = lacking.length > 1 ? ` and ${lacking.length - 1} more` : "";
      return [
        {
          when: isTruthy(j, "USE_I18N"),
          message: `${first}${more}: no .mo file beside it is shipped, and Django reads no other`,
          hint: files.has(first.replace(/\.po$/, ".mo"))
            ? "the .mo file is there, but `exclude` in djdeploy.yml or export-ignore in .gitattributes leaves it out"
            : `build: {command: python manage.py compilemessages, include: [${folders.join(", ")}]} in djdeploy.yml (the runner needs Django and gettext), or commit what compilemessages makes: git add -f '${posix.join(folders[0] ?? ".", "*/LC_MESSAGES/*.mo")}'`,
          place: at(first),
        },
      ];
    },
  },
  {
    id: "djdeploy.translations-outdated",
    level: "warning",
    title: "A compiled translation is not that of its source",
    why: "Django reads .mo files only; one that was made from an older .po shows the old texts, or the language of the source.",
    fix: "Run manage.py compilemessages and commit what it makes, or let a build make it.",
    docs: "topics/i18n/translation/#compiling-message-files",
    check: (j): Check[] => {
      const { files, shipped } = filesOf(j);
      if (j.input.deployment?.built) return []; // a build may make them anew
      const outdated = sources(files).flatMap((path) => {
        const made = path.replace(/\.po$/, ".mo");
        const compiled = shipped.has(made) ? j.input.files.bytes?.(made) : null;
        const lacking = compiled ? notCompiled(j.input.files.read(path) ?? "", compiled) : null;
        return lacking ? [{ path, made, lacking }] : [];
      });
      const first = outdated[0];
      if (first === undefined) return [];
      const more = outdated.length > 1 ? `; ${outdated.length - 1} more files likewise` : "";
      return [
        {
          when: isTruthy(j, "USE_I18N"),
          message: `${first.made} has ${counted(first.lacking)} of ${posix.basename(first.path)} otherwise or not at all, and Django reads no other file${more}`,
          hint: `python manage.py compilemessages, and commit what it makes: git add -f '${first.made}'`,
          place: at(first.path),
        },
      ];
    },
  },
  {
    id: "djdeploy.translations-folder",
    level: "warning",
    title: "A folder of translations has a name that Django does not look for",
    why: "Django looks for pt-br in locale/pt_BR; a folder with a dash is never read, and pages come in the language of the source.",
    fix: "Rename the folder: the language, an underscore, the region in upper case, such as pt_BR.",
    docs: "topics/i18n/#term-locale-name",
    check: (j): Check[] => {
      const wrong = new Map<string, { path: string; folder: string; locale: string }>();
      for (const path of j.input.files.list()) {
        const [, folder, language, rest] = DASHED.exec(path) ?? [];
        const from = posix.join(path, "../..");
        if (folder && language && rest && !FOREIGN.test(path) && !wrong.has(from))
          wrong.set(from, { path, folder, locale: localeOf(language, rest) });
      }
      return [...wrong].map(([from, { path, folder, locale }]) => ({
        when: isTruthy(j, "USE_I18N"),
        message: `${path} is never read: Django looks for ${folder.toLowerCase()} in ${locale}`,
        hint: `git mv '${from}' '${posix.join(posix.dirname(from), locale)}'`,
        place: at(path),
      }));
    },
  },
];
