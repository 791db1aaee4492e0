import { describe, expect, it } from "vitest";
import { parse } from "../../../src/cli/args.ts";
import { commands } from "../../../src/cli/commands/index.ts";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

function run(...argv: string[]) {
  const parsed = parse(argv, commands);
  if (parsed.kind !== "run") throw new Error(`not a run: ${parsed.kind}`);
  return parsed;
}

describe("words", () => {
  it("finds verb, environment and options wherever common options stand", () => {
    const parsed = run("--config", "a.yml", "deploy", "staging", "--revision", "v1", "-v", "--wait");
    expect(parsed.command.name).toBe("deploy");
    expect(parsed.positionals).toEqual(["staging"]);
    expect(parsed.options).toMatchObject({ revision: "v1", wait: true, force: null, "skip-lint": false });
    expect(parsed.common).toMatchObject({ config: "a.yml", verbose: true, quiet: false });
  });

  it("takes --option=value, also with a value that begins with a dash", () => {
    expect(run("deploy", "--revision=-x").options).toMatchObject({ revision: "-x" });
  });

  it("takes a lone dash as a value", () => {
    expect(run("deploy", "--env-file", "-").common["env-file"]).toBe("-");
  });

  it("leaves everything behind -- to the command, options included", () => {
    const parsed = run(
      "run",
      "production",
      "-v",
      "--",
      "manage.py",
      "shell",
      "-c",
      "print(1)",
      "--",
      "--help",
    );
    expect(parsed.rest).toEqual(["manage.py", "shell", "-c", "print(1)", "--", "--help"]);
    expect(parsed.positionals).toEqual(["production"]);
    expect(parsed.common.help).toBe(false);
  });
});

describe("wrong usage ends with exit code 2 and says what was meant", () => {
  it.each([
    [["depoly"], 'there is no verb "depoly"; did you mean "deploy"?'],
    [["statsu", "production"], 'did you mean "status"?'],
    [["deploy", "--revison", "v1"], 'there is no option "--revison"; did you mean "--revision"?'],
    [["deploy", "--fromat", "json"], 'did you mean "--format"?'],
    [["deploy", "--format", "jsn"], 'not one "jsn"; did you mean "json"?'],
    [["deploy", "--revision"], "--revision needs a value (REF)"],
    [["deploy", "--revision", "--wait"], "--revision needs a value (REF)"],
    [["deploy", "--revision="], "--revision is empty"],
    [["deploy", "--revision", "a", "--revision", "b"], "--revision is given twice"],
    [["deploy", "--wait=yes"], "--wait takes no value"],
    [["--colour", "never"], 'there is no option "--colour"'],
    [["backup", "production"], "not yet supported"],
    [["restore", "production", "x"], "not yet supported"],
    [["run", "production"], "what is to be run?"],
    [["run", "production", "--"], "what is to be run?"],
    [["host-key"], "which host?"],
    [["host-key", "a b"], "no address"],
    [["host-key", "web1:99999"], "no address"],
    [["explain"], "which id?"],
    [["explain", "nonsense.X1"], "there is no finding like that"],
    [["logs", "--lines", "many"], "--lines takes a whole number"],
  ])("%j", async (words, message) => {
    const { code, stdout, stderr } = await djdeploy(words);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("stays one line of JSON for a script", async () => {
    const { code, stdout, stderr } = await djdeploy(["deploy", "--format", "json", "--revison", "x"]);
    expect(code).toBe(2);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ code: "error", level: "error", data: { exitCode: 2 } });
  });
});

describe("a secret in the place of another word is not repeated", () => {
  const secret = "Tr0ub4dor-3xyz";
  it.each([
    [[secret]],
    [["help", secret]],
    [[`--${secret}`]],
    [[`--${secret}=x`, "status"]],
    [["status", `--password=${secret}`]],
    [["status", `-p${secret}`]],
    [["status", "--format", secret]],
    [["status", secret]],
    [["status", "production", secret]],
    [["explain", secret]],
    [["explain", "security.W018", secret]],
    [["logs", "--lines", secret]],
    [["host-key", `x ${secret}`]],
    [["host-key", "web1", secret]],
    [["env", "production", secret]],
    [["env", "production", "set", "A", secret]],
    [["env", "production", "set", `A=${secret}`]],
    [["env", "production", "set", `${secret}==`]],
    [["env", "production", "set", secret]],
    [["init", "--host", "web1", "--url", `no address ${secret}`]],
    [["init", "--host", "web1", "--action", secret]],
    [["run", "production", secret]],
  ])("%j", async (words) => {
    const cwd = repository({
      ...djangoFiles(),
      "djdeploy.yml": "app: x\nenvironments: {production: {hosts: [192.0.2.1]}}\n",
    }).directory;
    for (const more of [[], ["--format=json"]]) {
      const { code, stdout, stderr } = await djdeploy([...words, ...more], { cwd });
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain(secret.slice(0, 5));
    }
  });
});

describe("help", () => {
  it("lists what works, and not what is not built", async () => {
    const { code, stdout } = await djdeploy(["--help"]);
    expect(code).toBe(0);
    for (const { name, summary, unsupported } of commands) {
      if (unsupported) expect(stdout).not.toContain(summary);
      else expect(stdout).toContain(`${name.padEnd(2)}`);
    }
  });

  it("is the same without any word", async () => {
    expect((await djdeploy([])).stdout).toBe((await djdeploy(["--help"])).stdout);
  });

  it.each(commands.map((command) => command.name))(
    "%s --help shows an example and its options",
    async (name) => {
      const { code, stdout } = await djdeploy([name, "--help"]);
      const command = commands.find((one) => one.name === name)!;
      expect(code).toBe(0);
      expect(stdout).toContain(`djdeploy ${name}`);
      for (const line of command.example.split("\n")) expect(stdout).toContain(line);
      for (const option of Object.keys(command.options)) expect(stdout).toContain(`--${option}`);
      expect((await djdeploy(["help", name])).stdout).toBe(stdout);
    },
  );

  it("fits a terminal of 120 columns", async () => {
    for (const words of [["--help"], ...commands.map((command) => [command.name, "--help"])]) {
      const { stdout } = await djdeploy(words);
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    }
  });

  it("every example parses", () => {
    for (const command of commands) {
      for (const line of command.example.split("\n")) {
        const words = line.replace(/ (?:[<>]|>>) ?\S+$/, "").match(/"[^"]*"|\S+/g)!;
        expect(() =>
          parse(
            words.slice(1),
            commands.map((one) => ({ ...one, unsupported: undefined as never })),
          ),
        ).not.toThrow();
      }
    }
  });
});
