import { expect, it } from "vitest";
import { djangoFiles, type Repository, repository } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

// Read backwards, no mask would know them.
const hidden = { passphrase: "Passphrase-1234567", token: "ghs_token1234567", ambient: "ambient-1234567" };

/** A repository whose settings show the file `leak` backwards, and what each run of the action over it showed. */
async function linted(prepare: (repo: Repository) => void, inputs: Record<string, string> = {}) {
  const repo = repository({
    ...djangoFiles(),
    "tute/settings.py": `import os
_leak = open(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "leak")).read()
DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = [one[::-1] for one in _leak.replace("\\n", "\\0").split("\\0")]
CSRF_TRUSTED_ORIGINS = ALLOWED_HOSTS
`,
    "djdeploy.yml": "app: tute\nenvironments: {production: {hosts: [a.example]}}\n",
  });
  prepare(repo);
  const run = await runStep(
    repo.directory,
    { command: "lint", "ssh-passphrase": hidden.passphrase, "github-token": hidden.token, ...inputs },
    { env: { OTHER: hidden.ambient } },
  );
  const shown = run.log.replace(/^::add-mask::.*$/gm, "") + run.summary;
  return { run, shown };
}

const backwards = (text: string) => [...text].reverse().join("");

function expectHidden(shown: string): void {
  const all = Object.values(hidden);
  expect([...all, ...all.map(backwards)].filter((one) => shown.includes(one))).toEqual([]);
}

it.each(["/proc/self/environ", "/proc/thread-self/environ", "/dev/fd/../environ"])(
  "a lint shows nothing of the action's environment by a link to %s",
  async (target) => {
    const { shown } = await linted((repo) => {
      repo.link("leak", target);
      repo.commit();
    });
    expect(shown).toContain("tute/settings.py");
    expectHidden(shown);
  },
);

it("a lint reads no file through a link that leads out, nor what git keeps for itself", async () => {
  const outside = repository({ secret: backwards("outside-1234567") }).directory;
  for (const prepare of [
    (repo: Repository) => repo.link("leak", `${outside}/secret`),
    // A folder on the way.
    (repo: Repository) => {
      repo.link("folder", outside);
      repo.link("leak", "folder/secret");
    },
    // Where actions/checkout may keep the token.
    (repo: Repository) => {
      repo.git("config", "x.y", backwards("outside-1234567"));
      repo.link("leak", ".git/config");
    },
    // Written by a step before, and not of the repository.
    (repo: Repository) => {
      repo.write({ ".gitignore": "kept\n", kept: backwards("outside-1234567") });
      repo.link("leak", "kept");
    },
  ]) {
    const { shown } = await linted((repo) => {
      prepare(repo);
      repo.commit();
    });
    expect(shown).not.toContain("outside-1234567");
  }
});

it("a lint follows a link to another file of the repository", async () => {
  const { shown } = await linted((repo) => {
    repo.write({ real: "moc.elpmaxe-txen" });
    repo.link("leak", "real");
    repo.commit();
  });
  expect(shown).toContain("'next-example.com'");
});

it.each(["/proc/self/environ", ".git/config"])("djdeploy.yml as a link to %s is refused", async (target) => {
  for (const tests of ["run", "checked"]) {
    const { run, shown } = await linted(
      (repo) => {
        repo.git("config", "x.y", hidden.ambient);
        repo.link("linked.yml", target);
        repo.commit();
      },
      { command: "deploy", tests, config: "linked.yml" },
    );
    expect(run.code).toBe(2);
    expect(run.annotations).toEqual([expect.stringContaining("linked.yml")]);
    expect(shown).not.toMatch(/GITHUB_|PATH=|\[core\]/);
    expectHidden(shown);
  }
});

it("a lint is sealed before anything of the repository is read", async () => {
  const { run } = await linted((repo) => repo.commit());
  expect(run.masks.filter((mask) => mask === hidden.token)).toHaveLength(2);
});
