import { parseArgs } from "node:util";
import { didYouMean } from "../config/nearest.ts";
import { type DeployError, notYetSupported, usageError } from "../errors.ts";
import { type Command, type Common, commonOptions, type Given, type Options } from "./command.ts";
import { unknownWord } from "./word.ts";

/** What the words after `djdeploy` mean. */
export type Parsed =
  | { kind: "version" }
  | { kind: "help"; command: Command | null }
  | {
      kind: "run";
      command: Command;
      positionals: string[];
      rest: string[] | null;
      options: Given<Options>;
      common: Common;
    };

/**
 * Finds the verb and its options. The verb is the first word that is no common option; a verb's own options come
 * after it. Throws a usage error (exit code 2) with the nearest spelling for what is not known.
 */
export function parse(argv: string[], commands: readonly Command[]): Parsed {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const rest = end < 0 ? null : argv.slice(end + 1);
  const at = verbAt(words);
  const verb = at === null ? undefined : words[at];
  if (verb === undefined) {
    if (words.includes("--version") || words.includes("-V")) return { kind: "version" };
    return { kind: "help", command: null };
  }
  if (verb === "help")
    return { kind: "help", command: words[at! + 1] ? find(words[at! + 1]!, commands) : null };
  const command = find(verb, commands);
  const others = words.toSpliced(at!, 1);
  if (others.includes("--help") || others.includes("-h")) return { kind: "help", command };
  if (command.unsupported) {
    throw notYetSupported(`djdeploy ${command.name}`);
  }
  const { values, positionals } = read(others, { ...commonOptions, ...command.options }, command);
  return { kind: "run", command, positionals, rest, options: values, common: values as unknown as Common };
}

function verbAt(words: string[]): number | null {
  const known: Options = { ...commonOptions, version: { short: "V", help: "" } };
  const { tokens } = parseArgs({
    args: words,
    options: toParseArgs(known),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") return token.index;
    // Whether the next word is its value or the verb cannot be known.
    if (token.kind === "option" && !Object.hasOwn(known, token.name)) {
      throw unknownOption(token.rawName, Object.keys(known), null);
    }
  }
  return null;
}

function find(verb: string, commands: readonly Command[]): Command {
  const command = commands.find((one) => one.name === verb);
  if (command) return command;
  const known = commands.filter((one) => !one.unsupported).map((one) => one.name);
  throw usageError("usage.verb", `there is no verb ${unknownWord(verb, known)}${didYouMean(verb, known)}`, {
    hint: "djdeploy --help lists the verbs",
  });
}

function read(words: string[], options: Options, command: Command | null) {
  const { tokens } = parseArgs({
    args: words,
    options: toParseArgs(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | boolean | null> = {};
  for (const [name, option] of Object.entries(options)) values[name] = option.value ? null : false;
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = options[token.name];
    if (!option) throw unknownOption(token.rawName, Object.keys(options), command);
    if (!option.value) {
      if (token.value !== undefined) throw usage(command, `${token.rawName} takes no value`);
      values[token.name] = true;
      continue;
    }
    const value = token.value;
    // A lone "-" is standard input; anything else with a dash is the next option.
    if (value === undefined || (!token.inlineValue && value.startsWith("-") && value !== "-")) {
      throw usage(command, `${token.rawName} needs a value (${option.value})`);
    }
    if (value === "") throw usage(command, `${token.rawName} is empty; it needs a value (${option.value})`);
    if (values[token.name] !== null && values[token.name] !== value) {
      throw usage(command, `${token.rawName} is given twice`);
    }
    if (option.choices && !option.choices.includes(value)) {
      throw usage(
        command,
        `${token.rawName} takes ${option.choices.join(", ")}, not one ${unknownWord(value, option.choices)}${didYouMean(value, option.choices)}`,
      );
    }
    values[token.name] = value;
  }
  return { values: values as Given<Options>, positionals };
}

function toParseArgs(options: Options) {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      {
        type: option.value ? ("string" as const) : ("boolean" as const),
        ...(option.short ? { short: option.short } : {}),
      },
    ]),
  );
}

function unknownOption(raw: string, known: string[], command: Command | null): DeployError {
  const dashed = known.map((name) => `--${name}`);
  return usage(command, `there is no option ${unknownWord(raw, dashed)}${didYouMean(raw, dashed)}`);
}

function usage(command: Command | null, message: string): DeployError {
  const verb = command ? ` ${command.name}` : "";
  return usageError("usage.option", `djdeploy${verb}: ${message}`, {
    hint: `djdeploy${verb} --help shows what it takes`,
  });
}
