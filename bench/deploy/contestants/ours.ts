import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run } from "../../../lab/exec.ts";
import { savedLayer } from "../../../lab/layer.ts";
import { newKey, type Place, type ReadyLayer, sshConfigOf } from "../place.ts";
import { newProject, type Project } from "../project.ts";
import { secretKey } from "../project-files.ts";
import type { Contestant, Deployed, Deployer } from "./types.ts";

const root = process.cwd();
export const cli = join(root, "dist/cli/index.js");

/** djdeploy.yml of the measured project. */
export function configuration(options: { tests?: boolean; hosts?: string[]; vars?: string } = {}): string {
  return `app: shop
server: {workers: 3}
${options.tests ? "" : "test: {command: false}\n"}env:
  secrets: [SECRET_KEY]
${options.vars ? `  vars: {${options.vars}}\n` : ""}environments:
  production:
    url: http://shop.example.com
    hosts: [${(options.hosts ?? ["web1"]).join(", ")}]
`;
}

/** A host after `djdeploy setup`, with PostgreSQL for the fleets, which is not started. `program`: the command line. */
export function oursLayer(program = cli): Promise<ReadyLayer> {
  const sources = ["src/release/setup", "src/services", "src/host/layout.ts", "src/plan/venv.ts"];
  const setupFiles = readdirSync(join(root, "src/host/files")).filter((name) => name.startsWith("setup-"));
  // Another bundle than the committed one may lay a host out in another way.
  const key =
    program === cli
      ? hashOf([...sources, ...setupFiles.map((name) => `src/host/files/${name}`)], postgres)
      : createHash("sha256").update(readFileSync(program)).digest("hex");
  const name = program === cli ? "bench-ours" : "bench-other";
  return savedLayer({ name, base: "bookworm", key }, async (host) => {
    const folder = mkdtempSync(join(tmpdir(), "djdeploy-bench-layer-"));
    const deploy = newKey("ed25519");
    const project = newProject(join(folder, "project"));
    project.commit({ "djdeploy.yml": configuration() });
    const alias = join(folder, "ssh_config");
    writeFileSync(alias, sshConfigOf({ host, keyFile: host.privateKeyFile }, "web1"));
    try {
      const words = ["setup", "production", "--yes", "--user", "root", "--ssh-config", alias];
      const keys = ["--identity", host.privateKeyFile, "--ci-key", `${deploy.file}.pub`];
      const set = await run(process.execPath, [program, ...words, ...keys], { cwd: project.folder });
      if (set.code !== 0) throw new Error(`setup: ${set.code}\n${set.stdout}${set.stderr}`);
      const done = await host.root(postgres, { timeoutMs: 300_000 });
      if (done.code !== 0) throw new Error(`PostgreSQL: ${done.stdout}${done.stderr}`);
      return { key: deploy.key };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

const postgres = `set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -q -y install --no-install-recommends postgresql >/dev/null
cd /tmp
su postgres -c "createuser shop; createdb -O shop shop"
echo "listen_addresses = '*'" >>/etc/postgresql/15/main/postgresql.conf
echo "host shop shop 10.99.0.0/16 trust" >>/etc/postgresql/15/main/pg_hba.conf
systemctl disable --quiet --now postgresql
`;

interface Report {
  result: string;
  previousRelease: string | null;
  durationMs: number;
  steps: { step: string; ms: number }[];
}

/** Runs a verb of the committed command line (or another one) in the checkout as a user does, with the report as JSON. */
export async function djdeploy(
  place: Place,
  project: Project,
  words: string[],
  program = cli,
): Promise<Report> {
  const values = join(place.folder, "production.env");
  writeFileSync(values, `SECRET_KEY=${secretKey}\n`, { mode: 0o600 });
  const [verb = ""] = words;
  const given = verb === "deploy" ? ["--env-file", values] : [];
  // Who logs in is what setup made: another user than the one of the other contestants, or not, by the version.
  const alias = `${place.sshConfig}.ours`;
  writeFileSync(alias, readFileSync(place.sshConfig, "utf8").replaceAll(/^ {2}User shop\n/gm, ""));
  const reach = ["--ssh-config", alias, "--identity", place.keyFile];
  const all = [verb, "production", ...words.slice(1), "--format", "json", ...given, ...reach];
  const output = await place.run(process.execPath, [program, ...all], { cwd: project.folder });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Report;
}

/** The committed command line, with what a user configures. */
function ours(id: string, name: string, does: string, words: string[]): Contestant {
  return {
    ...{ id, name, does },
    compared: id === "a",
    ground: "ours",
    missing: () => null,
    layer: oursLayer,
    async start(place, project): Promise<Deployer> {
      return {
        async deploy(): Promise<Deployed> {
          const report = await djdeploy(place, project, ["deploy", ...words]);
          if (report.result !== "deployed") throw new Error(`djdeploy deploy: ${report.result}`);
          return { steps: report.steps, reportedMs: report.durationMs };
        },
      };
    },
  };
}

export const variants: Contestant[] = [
  ours(
    "a",
    "djdeploy",
    "everything a deploy does by default, the settings lint on the runner too; the project's tests are off (`test: {command: false}`), as where an earlier job ran them",
    [],
  ),
  ours("a0", "djdeploy, lint skipped", "the same with `--skip-lint`", ["--skip-lint"]),
  ours("a1", "djdeploy, with tests", "the same with the project's tests, which none of the others runs", [
    "--config",
    "djdeploy.tests.yml",
  ]),
];

function hashOf(sources: string[], text: string): string {
  const hash = createHash("sha256").update(text);
  const add = (path: string) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== "__pycache__") add(join(path, name));
    } else hash.update(relative(root, path)).update(readFileSync(path));
  };
  for (const source of sources) add(join(root, source));
  return hash.digest("hex");
}
