import type { Problem } from "./problems.ts";

/** The parser's errors in our words, where its own would not help. */
export function syntaxProblem(
  code: string,
  message: string,
  from: string,
): Pick<Problem, "code" | "message" | "hint"> {
  const rest = from.split("\n", 1)[0]!.trim();
  switch (code) {
    case "TAB_AS_INDENT":
      return { code: "syntax", message: "a tab in the indentation", hint: "indent with two spaces" };
    case "MULTIPLE_DOCS":
      return { code: "syntax", message: "a second document begins here", hint: "remove the line ---" };
    case "TAG_RESOLVE_FAILED":
      return {
        code: "syntax",
        message: `the tag ${/^\S*/.exec(rest)![0]} means nothing here`,
        hint: "put the value in quotes",
      };
    default: {
      const known = inPlainWords.find(([pattern]) => pattern.test(message));
      if (known) return { code: "syntax", message: known[1], hint: known[2] };
      const [line] = message.split("\n", 1);
      return { code: "syntax", message: `not valid YAML: ${line!.charAt(0).toLowerCase()}${line!.slice(1)}` };
    }
  }
}

const inPlainWords: readonly [pattern: RegExp, message: string, hint: string][] = [
  [/call stack/, "nested too deeply", "no key of djdeploy.yml needs more than five levels"],
  [/end with a \]/, "a [ above is not closed", "close it with ]"],
  [/end with a \}/, "a { above is not closed", "close it with }"],
  [
    /Nested mappings are not allowed/,
    'a second ": " in one line',
    'a value that holds ": " stands in quotes',
  ],
  [/same column/, "indented differently from the keys above", "keys of one map begin in one column"],
  [/Implicit (map )?keys need to be/, "neither key: value nor part of the value above", "write key: value"],
  [/Missing closing .*quote/, "a quote is not closed", "close it in the same line"],
  [
    /Plain value cannot start with/,
    "a value begins with a character of YAML's own",
    "put the value in quotes",
  ],
];
