import { randomBytes } from "node:crypto";
import { growingRedactor } from "../../src/report/redact.ts";

// npm run bench:redact: how long it takes to hide 1 000 values in 10 MB of output.
const megabyte = 1 << 20;
/** A clock of the wall and one of the processor: the machine may have other work. */
function clock(): () => string {
  const begun = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return `${Math.round(performance.now() - begun)} ms (${Math.round((user + system) / 1000)} of the processor)`;
  };
}

function values(count: number, bytes: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    at % 4 === 0
      ? `p4ss/"${at}'é${randomBytes(bytes).toString("hex")}`
      : randomBytes(bytes).toString("base64"),
  );
}

/** Lines as steps print them, every hundredth with a value. */
function output(secrets: string[], size: number): string[] {
  const lines: string[] = [];
  for (let length = 0; length < size; ) {
    const at = lines.length;
    const said = `web1 migrate | ${at} Applying polls.${at % 977}_alter "name"… OK (https://example.com/${at * 7919})`;
    const line = at % 100 === 0 ? `${said} ${secrets[at % secrets.length]}` : said;
    lines.push(line);
    length += line.length + 1;
  }
  return lines;
}

function measure(title: string, secrets: string[]): void {
  let time = clock();
  const redactor = growingRedactor();
  for (const secret of secrets) redactor.add([secret]);
  redactor.redact("the first line");
  const built = time();
  const lines = output(
    secrets.slice(0, 10).map((secret) => secret.slice(0, 200)),
    10 * megabyte,
  );
  const whole = lines.join("\n");
  time = clock();
  redactor.redact(whole);
  const once = time();
  time = clock();
  for (const line of lines) redactor.redact(line);
  console.log(`${title}: made in ${built}; 10 MB at once ${once}, as ${lines.length} lines ${time()}`);
  console.log(`  memory of the process: ${Math.round(process.memoryUsage().rss / megabyte)} MB`);
}

measure("3 values of 30 characters", values(3, 24));
measure("1 000 values of 40 characters", values(1000, 30));
measure("1 value of 1 MB", [randomBytes(megabyte / 2).toString("hex")]);
const time = clock();
const growing = growingRedactor();
for (const secret of values(1000, 30)) {
  growing.add([secret]);
  growing.redact("a line between two values");
}
console.log(`1 000 values, each with a line behind it: ${time()}`);
