import { expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import { collectShipment, readProject } from "../../../src/project/index.ts";
import { compareWith } from "../../../src/release/plan-since.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

const yml = "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n";
const good = `import os
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["www.example.com"]
WSGI_APPLICATION = "tute.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
`;

async function compared(directory: string, live: string | null) {
  const config = await loadConfig({ cwd: directory, environment: null });
  const project = await readProject(config, null);
  const shipment = await collectShipment(project, config);
  return compareWith(live, { config, project, shipment, values: {} });
}

it("shows commits, and only the findings that the live settings do not have", async () => {
  const repo = repository({ ...djangoFiles(), "tute/settings.py": good, "djdeploy.yml": yml });
  const live = repo.git("rev-parse", "HEAD");
  repo.write({ "tute/settings.py": `\n\n${good.replace("DEBUG = False", "DEBUG = True")}` });
  repo.commit("Look into it");
  const since = await compared(repo.directory, live);
  expect(since.commits?.map(({ subject }) => subject)).toEqual(["Look into it"]);
  expect([since.findings.since, since.findings.new.map(({ id }) => id)]).toEqual([live, ["security.W018"]]);
});

it("says that nothing was compared where the history was pushed away, or is not in the clone", async () => {
  const repo = repository({ ...djangoFiles(), "tute/settings.py": good, "djdeploy.yml": yml });
  const live = repo.git("rev-parse", "HEAD");
  repo.git("checkout", "-q", "--orphan", "again");
  repo.commit("Begin anew");
  repo.git("branch", "-q", "-D", "main");
  const clone = `${temporaryFolder()}/clone`;
  repo.git("clone", "-q", "--depth=1", `file://${repo.directory}`, clone);
  for (const gone of [live, "0".repeat(40)]) {
    const since = await compared(clone, gone);
    expect([since.commits, since.findings.since, since.packages]).toEqual([null, null, null]);
  }
  expect((await compared(clone, null)).findings.since).toBeNull();
});
