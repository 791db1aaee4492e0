import { styleText } from "node:util";
import { type Command, commonOptions, type Options } from "./command.ts";

const groups: readonly { title: string; verbs: readonly string[] }[] = [
  {
    title: "Before a release",
    verbs: ["init", "lint", "test", "build", "plan", "setup", "doctor", "host-key"],
  },
  { title: "Release", verbs: ["deploy", "rollback", "unlock", "hold"] },
  { title: "What is there", verbs: ["releases", "status", "logs", "run", "env", "backup", "restore"] },
  { title: "Help", verbs: ["explain"] },
];

/** `djdeploy --help`. */
export function overview(commands: readonly Command[], color: boolean): string {
  const bold = (text: string) => (color ? styleText("bold", text, { validateStream: false }) : text);
  const works = commands.filter((command) => !command.unsupported);
  const width = Math.max(...works.map((command) => command.name.length)) + 2;
  const lines = [
    "djdeploy takes a Django repository to proven releases on your own servers.",
    "",
    `${bold("Usage:")} djdeploy <verb> [environment] [options]`,
  ];
  for (const group of groups) {
    const verbs = group.verbs.flatMap((name) => works.filter((command) => command.name === name));
    if (verbs.length === 0) continue;
    lines.push("", bold(group.title));
    for (const { name, summary } of verbs) lines.push(`  ${name.padEnd(width)}${summary}`);
  }
  lines.push("", bold("Options of every verb"), ...optionLines(commonOptions), "");
  lines.push("The environment may be left out where djdeploy.yml has only one.");
  lines.push("djdeploy <verb> --help shows a verb's own options with an example.");
  return `${lines.join("\n")}\n`;
}

/** `djdeploy VERB --help`. */
export function verbHelp(command: Command, color: boolean): string {
  const bold = (text: string) => (color ? styleText("bold", text, { validateStream: false }) : text);
  const lines = [`djdeploy ${command.name}: ${command.summary}`];
  if (command.unsupported) lines.push("", "Not yet supported.");
  if (command.about) lines.push("", command.about);
  lines.push("", `${bold("Usage:")} djdeploy ${command.name}${command.usage ? ` ${command.usage}` : ""}`);
  lines.push("", bold("Example"), ...command.example.split("\n").map((line) => `  ${line}`));
  if (Object.keys(command.options).length > 0)
    lines.push("", bold("Options"), ...optionLines(command.options));
  lines.push("", bold("Options of every verb"), ...optionLines(commonOptions));
  return `${lines.join("\n")}\n`;
}

/** How an option is written: `-q, --quiet` or `--revision REF`. */
export function optionName(name: string, option: Options[string]): string {
  const value = option.choices ? option.choices.join("|") : option.value;
  return `${option.short ? `-${option.short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
}

function optionLines(options: Options): string[] {
  return Object.entries(options).map(([name, option]) => {
    const left = optionName(name, option);
    return left.length > 28
      ? `  ${left}\n${" ".repeat(32)}${option.help}`
      : `  ${left.padEnd(30)}${option.help}`;
  });
}
