import { posix, resolve } from "node:path";
import { bareConfig } from "../../config/bare.ts";
import { judge } from "../../config/judge.ts";
import { takesCertificate } from "../../config/tls.ts";
import { writeConfig } from "../../config/write.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { readRegular } from "../../files/read.ts";
import { workflows } from "../../github/workflows/index.ts";
import { type Survey, survey } from "../../project/survey.ts";
import { jsonText } from "../../report/json-text.ts";
import { printed } from "../../report/printed.ts";
import { certbotOf } from "../../services/certificate.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { noMore } from "../environment.ts";
import { actionFor } from "../init/action.ts";
import { debugOff } from "../init/debug.ts";
import { mostBytes, under, type WrittenFile, writeFiles } from "../init/files.ts";
import { hostText, keptConfig, lacking, oneBranch } from "../init/kept.ts";
import { type Left, leftToDo } from "../init/left.ts";
import { type Offer, offerFor, withOffer } from "../init/offer.ts";
import { type Sorted, sortVariables } from "../init/variables.ts";
import { interactive } from "../io.ts";
import { ownCommit } from "../own-commit.ts";
import { ask, confirm } from "../prompt.ts";
import { notShown } from "../word.ts";

const options = {
  host: { value: "HOST", help: "where to deploy to: [user@]host[:port]" },
  url: { value: "URL", help: "the site's address, such as https://www.example.com" },
  build: { value: "COMMAND", help: "what builds the front end, such as 'npm ci && npm run build'" },
  include: {
    value: "PATHS",
    help: "with --build: what it makes, relative to djdeploy.yml, separated by commas",
  },
  branch: { value: "NAME", help: "the branch whose pushes deploy (default: the repository's)" },
  action: {
    value: "OWNER/NAME@REF",
    help: "the action the workflows use (default: this version, by its commit)",
  },
  force: { help: "replace files that are there already, djdeploy.yml too" },
} as const;

export const initCommand = defineCommand({
  name: "init",
  summary: "look at the repository and write djdeploy.yml and the workflows",
  usage: "[ENV] [options]",
  example: "djdeploy init --host 203.0.113.10 --url https://www.example.com",
  about:
    "Writes djdeploy.yml, with only what is no default, and three workflows for GitHub: deploy, plan and rollback.\n" +
    "What is there already is kept, and what it says is taken: a second run writes only what is missing.\n" +
    "Offers, as a diff, the settings for production and the requirements that a fresh project lacks: written with\n" +
    "--yes or a yes, never into a file with changes of yours.\n" +
    "Then says what is left to do by hand, each with its command. Asks only for what can not be found out.",
  options,
  async run(invocation) {
    const { io, common, positionals } = invocation;
    const environment = positionals[0] ?? "production";
    noMore(positionals.slice(1));
    const action = actionFor(invocation.options.action, ownCommit(process.argv[1]));
    const file = resolve(io.cwd, common.config ?? "djdeploy.yml");
    const kept = invocation.options.force ? null : await keptConfig(file, io.cwd, environment);
    const bare = bareConfig(resolve(file, ".."));
    const known = kept ?? bare;
    const looked = await survey(known);
    requireAddress(invocation.options.url ?? "");
    const { host, url } = kept ? { host: hostText(kept), url: kept.url } : await answers(invocation);
    const offer = await offerFor(known, looked, url);
    const agreed = offer !== null && (await agrees(invocation, offer));
    const found = agreed ? withOffer(looked, offer) : looked;
    const branch = (kept && oneBranch(kept)) ?? invocation.options.branch ?? found.branch;
    const build = builtBy(invocation.options);
    const app = kept?.app ?? found.app;
    const put = ({ secrets, vars }: Sorted) =>
      writeConfig({
        ...{ app, environment, host, url, build, secrets, vars },
        branch: branch === "main" ? null : branch,
      });
    const place = { host: bareHost(host), url };
    const before = sortVariables(looked.variables, {
      ...place,
      debugOff: looked.settings === null ? {} : await debugOff(bare, looked.variables),
    });
    // The settings that were agreed to say themselves that DEBUG is off.
    const read = agreed ? sortVariables(found.variables, { ...place, debugOff: {} }) : before;
    // What init wrote and nobody changed since is no file of theirs.
    const own = kept !== null && readRegular(file, mostBytes)?.toString() === put(before);
    const written = kept === null || own;
    const text = put(written ? read : before);
    if (written) requireValid(text);
    const secrets = written ? read.secrets : kept.env.secrets;
    const artifact = kept === null ? (build?.artifact ?? null) : kept.build.artifact;
    const config = posix.join(found.prefix, posix.basename(file));
    const files = await writeFiles(
      {
        [file]: text,
        ...under(
          found.top,
          workflows({
            action,
            environment,
            url,
            branch,
            config: config === "djdeploy.yml" ? null : config,
            secrets,
            artifact: artifact && posix.join(found.prefix, artifact),
          }),
        ),
      },
      {
        cwd: io.cwd,
        top: found.top,
        force: invocation.options.force,
        agreed: { ...(own ? { [file]: text } : {}), ...(agreed ? under(found.top, offer.files) : {}) },
      },
    );
    const left = leftToDo({
      survey: { ...found, branch },
      app,
      environment,
      host,
      https:
        url?.startsWith("https:") && (kept === null || kept.tls === "none" || certbotOf(kept.tls))
          ? url
          : null,
      certificate: kept === null ? takesCertificate(url) : certbotOf(kept.tls) !== null,
      secrets,
      missing: written ? null : lacking(kept, read),
      optional: written ? read.optional : [],
      files: files.map(({ path }) => path),
      offered: offer && { ...offer, agreed, shown: interactive(invocation.io) },
      pinned: /@[0-9a-f]{40}(?: |$)/.test(action),
    });
    const offered = offer && { diff: offer.diff, written: agreed };
    io.stdout.write(
      common.format === "json"
        ? `${jsonText({ files, left, offered })}\n`
        : printed(`${agreed && common.yes ? `${offer.diff}\n` : ""}${shown(found, files, left)}`),
    );
    return ExitCode.done;
  },
});

/** A build with what it makes, or none. */
function builtBy({ build: command, include }: Invocation<typeof options>["options"]) {
  if (command === null && include === null) return null;
  const paths = (include ?? "").split(",").map((path) => path.trim());
  if (command === null || paths.includes("")) {
    throw usageError("init.build", "a build needs both: what runs, and what it makes", {
      hint: "djdeploy init --build 'npm ci && npm run build' --include frontend/dist",
    });
  }
  return { command, include: paths, artifact: "build.tar" };
}

/** Host and address from the options, or from the person in front. */
async function answers({ io, common, options: given }: Invocation<typeof options>) {
  const mayAsk = interactive(io) && !common.yes;
  const host = given.host ?? (mayAsk ? await ask(io, "Host to deploy to ([user@]host[:port]): ") : "");
  if (host === "") {
    throw usageError("init.host", "which host? It can not be found out from the repository", {
      hint: "djdeploy init --host 203.0.113.10",
    });
  }
  const url =
    given.url ??
    (mayAsk && given.host === null ? await ask(io, "Address of the site (empty: none yet): ") : "");
  requireAddress(url);
  return { host, url: url || null };
}

function requireAddress(url: string): void {
  if (url === "" || URL.canParse(url)) return;
  throw usageError("init.url", `--url is no address ${notShown(url)}`, {
    expected: "one such as https://www.example.com",
  });
}

/** Nothing is changed that was not shown and agreed to; without a person in front only with --yes. */
async function agrees({ io, common }: Invocation<typeof options>, { diff, files }: Offer): Promise<boolean> {
  if (diff === "" || common.yes) return diff !== "";
  if (!interactive(io)) return false;
  io.stderr.write(printed(diff));
  return confirm(io, `Write ${Object.keys(files).join(" and ")}?`);
}

/** `deploy@[2001:db8::1]:22` is `2001:db8::1`. */
function bareHost(written: string): string {
  const host = written.replace(/^[^@]*@/, "");
  return /^\[(.+)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/^([^:]+):\d+$/, "$1");
}

/** What we write is judged as what people write: a host or an address that can not stand there is said now. */
function requireValid(text: string): void {
  const [problem] = judge(text).problems;
  if (problem) throw usageError("init.value", problem.message);
}

/** Of a file that is not what we would write now. */
const keptWords = "  (yours; --force replaces it)";

function shown(found: Survey, files: WrittenFile[], left: Left[]): string {
  const all = [
    ...files.map(({ path, state }) => `${state.padEnd(9)}  ${path}${state === "kept" ? keptWords : ""}`),
    "",
    found.settings ? `Settings: ${found.settings}` : "Settings: not found",
    "",
    "Left to do:",
    ...left.flatMap(({ what, how }, index) => [
      `${String(index + 1).padStart(2)}. ${what}`,
      ...how.map((line) => `      ${line}`),
    ]),
  ];
  return `${all.join("\n")}\n`;
}
