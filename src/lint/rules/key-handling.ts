import { FALSE, TRUE } from "../../python/logic/values.ts";
import type { Expr } from "../../python/source/parse.ts";
import { type Call, callsOf, codeOf, mentions, placeOfCode } from "../code.ts";
import { type Judge, setting, within } from "../judge.ts";
import { isLiteral } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";

/** Family K, how a key is handled: written, printed, shared. */
export const keyHandlingRules: Rule[] = [
  {
    id: "djdeploy.secret-key-written",
    level: "warning",
    title: "The settings write SECRET_KEY into a file",
    why: "The file is made anew with every release, or by whichever worker is first: sessions die, and the key lies in a file that nobody looks after.",
    fix: 'Read it from the environment: SECRET_KEY = os.environ["SECRET_KEY"].',
    docs: "ref/settings/#secret-key",
    check: writesKey,
  },
  {
    id: "djdeploy.secret-key-shared",
    level: "warning",
    title: "Development and production have the same SECRET_KEY",
    why: "Everyone who has the development settings can forge production's sessions.",
    fix: "Make a new key for production and read it from the environment.",
    docs: "ref/settings/#secret-key",
    partOf: ["djdeploy.secret-key-published", "security.W009"],
    check: (j) => {
      const key = setting(j, "SECRET_KEY");
      if (!isLiteral(j, key) || key.t !== "str") return [];
      const other = settingsBeside(j).find((file) => (j.input.files.read(file) ?? "").includes(key.v));
      return other
        ? [{ when: TRUE, setting: "SECRET_KEY", message: `SECRET_KEY stands in ${other} too` }]
        : [];
    },
  },
  {
    id: "djdeploy.signing-key-shared",
    level: "warning",
    title: "Tokens are signed with a SECRET_KEY that stands in the repository",
    why: "Whoever reads the repository can make tokens for every user.",
    fix: "Give tokens a key of their own, through the environment.",
    partOf: ["djdeploy.secret-key-published", "security.W009"],
    check: (j) =>
      [
        ["SIMPLE_JWT", "SIGNING_KEY"],
        ["JWT_AUTH", "JWT_SECRET_KEY"],
        ["GRAPHQL_JWT", "JWT_SECRET_KEY"],
      ].map(([name, part]) => {
        const key = within(j, setting(j, name as string), part as string);
        const own = setting(j, "SECRET_KEY");
        const same = key.t === "str" && own.t === "str" && key.v === own.v && isLiteral(j, key);
        return {
          when: same ? TRUE : FALSE,
          setting: name as string,
          message: `${name}["${part}"] is the SECRET_KEY that stands in the repository`,
        };
      }),
  },
  {
    id: "djdeploy.secret-key-printed",
    level: "warning",
    title: "The settings print SECRET_KEY",
    why: "It then stands in the log of every start, for everyone who may read logs.",
    fix: "Remove the line, and make a new key.",
    docs: "ref/settings/#secret-key",
    check: (j) =>
      callsOf(
        j,
        /^(print|pprint(\.pprint)?|(logging|logger|log)\.(debug|info|warning|error|critical|exception))$/,
      )
        .filter((call) => call.always && showsKey(call))
        .map((call) => ({
          when: TRUE,
          setting: "SECRET_KEY",
          message: `${call.name}() shows SECRET_KEY`,
          place: placeOfCode(call),
        })),
  },
];

/** The key itself, also within an f-string or as an argument of format(); not its length. */
function showsKey(call: Call): boolean {
  const plain = (expr: Expr): boolean => {
    if (expr.nodeType === "Name") return expr.id === "SECRET_KEY";
    if (expr.nodeType === "Call")
      return expr.func.nodeType === "Attribute" && expr.func.attr === "format" && expr.args.some(plain);
    return /^(JoinedStr|FormattedValue|BinOp|Tuple)$/.test(expr.nodeType) && !hasCall(expr)
      ? mentions(expr, "SECRET_KEY")
      : false;
  };
  return [...call.args, ...call.keywords.map((k) => k.value)].some(plain);
}

function hasCall(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasCall);
  if (typeof node !== "object" || node === null) return false;
  return (node as { nodeType?: string }).nodeType === "Call" || Object.values(node).some(hasCall);
}

/** One statement both makes a key and opens a file for writing. */
function writesKey(j: Judge): Check[] {
  const whole = codeOf(j).filter(({ node }) => /^(If|Try|With|FunctionDef)$/.test(node.nodeType));
  const found = whole.find(({ file, node }) => {
    const text =
      j.evaluation.parsed
        .get(file)
        ?.lines.slice(node.lineno - 1, node.end_lineno)
        .join("\n") ?? "";
    if (node.nodeType === "If" && mentions((node as unknown as { test: Expr }).test, "DEBUG")) return false;
    const writes = /\.write_text\(|\bopen\([^)]*,\s*(?:mode=)?["'][wax]b?["']/.test(text);
    return (
      writes &&
      /SECRET_KEY/.test(text) &&
      /get_random_secret_key|token_(hex|urlsafe)|random|urandom/.test(text)
    );
  });
  if (!found) return [];
  return [
    {
      when: found.always ? TRUE : FALSE,
      setting: "SECRET_KEY",
      message: "the settings make a SECRET_KEY and write it into a file",
      place: placeOfCode(found),
    },
  ];
}

/** Other settings modules of the repository, that production does not load. */
function settingsBeside(j: Judge): string[] {
  const own = j.evaluation.file ?? "";
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  const executed = new Set(j.evaluation.files);
  return j.input.files
    .list()
    .filter((f) => f.startsWith(folder) && f.endsWith(".py") && !f.slice(folder.length).includes("/"))
    .filter((f) => !executed.has(f) && /settings|dev|local|test|staging|base|ci/.test(f));
}
