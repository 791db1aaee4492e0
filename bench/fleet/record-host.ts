import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedHost } from "../../lab/embedded.ts";
import { must } from "../../lab/exec.ts";
import { newProject, type Project } from "../deploy/project.ts";
import { secretKey } from "../deploy/project-files.ts";
import { type Answered, listen } from "./conversation.ts";

export interface Recorded {
  project: Project;
  answers: Answered[];
  /** Deploys with a djdeploy.yml for these hosts; words of the command line in front of their options. */
  configuration(hosts: string[], knownHosts: string[]): string;
  words: string[];
}

const cli = join(process.cwd(), "dist/cli/index.js");

/**
 * One real host (lab/embedded.ts) that is deployed to twice, without root: what its agent answers to the second deploy,
 * the change of one template line. Nothing of that host runs afterwards.
 */
export async function recordHost(folder: string): Promise<Recorded> {
  let heard: ReturnType<typeof listen> | null = null;
  const host = await startEmbeddedHost({
    folder: join(folder, "host"),
    app: "shop",
    environment: "production",
    tap: () => {
      heard = listen();
      return heard.hear;
    },
  });
  try {
    const project = newProject(join(folder, "project"));
    const values = join(folder, "production.env");
    writeFileSync(values, `SECRET_KEY=${secretKey}\n`, { mode: 0o600 });
    const words = [
      cli,
      "deploy",
      "production",
      "--ssh-config",
      "none",
      "--env-file",
      values,
      "--format",
      "json",
    ];
    const configuration = (hosts: string[], knownHosts: string[]) => `app: shop
server: {manager: supervisord, workers: 1}
test: {command: false}
env: {secrets: [SECRET_KEY]}
release: {path: ${host.site}}
environments:
  production:
    url: http://shop.example.com
    nginx: none
    front: {port: ${host.front.port}}
    known-hosts: ${JSON.stringify(knownHosts)}
    hosts: ${JSON.stringify(hosts)}
`;
    const one = configuration([`${host.ssh.host}:${host.ssh.port}`], host.ssh.knownHosts);
    project.commit({ "djdeploy.yml": one });
    const deploy = () =>
      must(process.execPath, [...words, "--identity", host.keyFile], { cwd: project.folder });
    await deploy();
    project.change();
    await deploy();
    const answers = (heard as ReturnType<typeof listen> | null)?.answered() ?? [];
    return { project, words, configuration, answers: answers.map(asOnServer) };
  } finally {
    await host.stop();
  }
}

/** The recorded host has its database in a file, which several hosts can not share. */
function asOnServer(answer: Answered): Answered {
  const text = JSON.stringify(answer.said, (key, value) => (key === "sqlite" ? [] : value));
  return { ...answer, said: JSON.parse(text) as object[] };
}
