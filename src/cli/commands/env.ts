import { didYouMean } from "../../config/nearest.ts";
import { usageError } from "../../errors.ts";
import { envImport, envList, envSet, envUnset } from "../../release/env.ts";
import type { EnvView } from "../../release/types.ts";
import { renderEnv } from "../../release/views/env.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { noMore } from "../environment.ts";
import { view } from "../modes.ts";
import { readSecret } from "../prompt.ts";
import type { Session } from "../session.ts";
import { readValues } from "../values.ts";
import { unknownWord } from "../word.ts";

const actions = ["list", "set", "unset", "import"] as const;

export const envCommand = defineCommand({
  name: "env",
  summary: "the stored secrets of the hosts",
  usage: "[ENV] list|set NAME|unset NAME|import FILE [options]",
  example:
    "djdeploy env production set SECRET_KEY --generate\n" +
    "djdeploy env production set DATABASE_URL < url.txt\n" +
    "djdeploy env production import production.env",
  about:
    "A value is typed without being shown, or read from standard input (one newline at its end is left out); it is\n" +
    "never an argument. list shows names, ages and the beginning of a hash, never a value. A stored value takes\n" +
    "effect with the next deploy.",
  options: { generate: { help: "set: make a random value on the host and never show it" } },
  run: (invocation) =>
    view(
      invocation,
      { further: true },
      (session) => change(session, invocation),
      (shown, paint) => renderEnv(shown, new Date(), paint),
    ),
});

async function change(
  { context, rest, reporter, hide }: Session,
  { io, options }: Pick<Invocation<{ generate: { help: string } }>, "io" | "options">,
): Promise<EnvView> {
  const [action = "list", ...words] = rest;
  if (options.generate && action !== "set") {
    throw usageError("usage.option", "--generate belongs to env set NAME");
  }
  switch (action) {
    case "list":
      noMore(words);
      return envList(context);
    case "set": {
      const name = oneName(words, "set NAME");
      const prompt = `${name} for ${context.config.environment}: `;
      const value = options.generate ? null : await reporter.hold(() => readSecret(io, prompt));
      if (value === "")
        throw usageError("usage.no-value", `the value of ${name} is empty: nothing was stored`);
      if (value?.includes("\0")) throw usageError("usage.value", `the value of ${name} holds a NUL`);
      if (value !== null) hide({ [name]: value });
      return envSet(context, { name, value });
    }
    case "unset":
      return envUnset(context, oneName(words, "unset NAME"));
    case "import": {
      const [file, ...more] = words;
      if (file === undefined) throw usageError("usage.argument", "env import needs a file of NAME=VALUE");
      noMore(more);
      const values = await readValues(io, file);
      hide(values);
      return envImport(context, values);
    }
    default:
      throw usageError(
        "usage.argument",
        `env has no action ${unknownWord(action, actions)}${didYouMean(action, actions)}`,
        {
          expected: actions.join(", "),
        },
      );
  }
}

function oneName([name, ...more]: string[], usage: string): string {
  if (name === undefined) throw usageError("usage.argument", `env ${usage}: which name?`);
  if (name.includes("=")) {
    // The value is in the shell's history by now; it must at least not come into a log. One in base64 ends on "=" itself.
    const [, before = "NAME"] = /^([A-Z][A-Z0-9_]*)=/.exec(name) ?? [];
    throw usageError("usage.argument", "a value is never an argument: give only the name", {
      hint: `djdeploy env ENV set ${before}, and type the value or pipe it in`,
    });
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw usageError("usage.argument", "this is no name of a variable", {
      expected: "letters, digits and _",
    });
  }
  // Not shown: it may be a value.
  if (more.length > 0)
    throw usageError("usage.argument", "a value is never an argument: type it or pipe it in");
  return name;
}
