import { expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const files = {
  ...djangoFiles("tute.settings.production"),
  "tute/settings/__init__.py": "",
  "tute/settings/base.py": `import os

DEBUG = os.environ.get("DEBUG", "1") == "1"
if os.environ.get("SECURE"):
    X_FRAME_OPTIONS = "DENY"
else:
    X_FRAME_OPTIONS = "SAMEORIGIN"
SECRET_KEY = "something that nobody shall see"
INSTALLED_APPS = ["a"]
INSTALLED_APPS += [
    "b",
]
`,
  "tute/settings/common.py": "from .base import *\n",
  "tute/settings/production.py": `try:
    from tute.settings.common import *
except ImportError:
    pass

TIME_ZONE = "UTC"
`,
};
const { "tute/settings.py": _, ...project } = files as Record<string, string>;
const explain = async (...words: string[]) => {
  const { directory } = repository(project);
  return djdeploy(["lint", "--explain-value", ...words], { cwd: directory });
};

it("names the statement, the imports and branches on the way, and the variable", async () => {
  const { code, stdout } = await explain("X_FRAME_OPTIONS");
  expect([code, stdout]).toEqual([
    0,
    `X_FRAME_OPTIONS = "SAMEORIGIN" while nothing is set; it depends on SECURE

decided at tute/settings/base.py:7:5, when SECURE is empty, or not set
  in tute/settings/production.py:1:1  try:
  by tute/settings/production.py:2:5  from tute.settings.common import *
  by tute/settings/common.py:1:1  from .base import *
  in tute/settings/base.py:4:1  if os.environ.get("SECURE"):  (its else)
      7 | X_FRAME_OPTIONS = "SAMEORIGIN"

decided at tute/settings/base.py:5:5, when SECURE has any non-empty value, 'False' included
  in tute/settings/production.py:1:1  try:
  by tute/settings/production.py:2:5  from tute.settings.common import *
  by tute/settings/common.py:1:1  from .base import *
  in tute/settings/base.py:4:1  if os.environ.get("SECURE"):
      5 | X_FRAME_OPTIONS = "DENY"

reads SECURE at tute/settings/base.py:4:4: default None
`,
  ]);
});

it("tells scripts the same", async () => {
  const { stdout } = await explain("INSTALLED_APPS", "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    setting: "INSTALLED_APPS",
    value: ["a", "b"],
    certainty: "certain",
    from: "project",
    decisions: [
      {
        file: "tute/settings/base.py",
        line: 10,
        column: 1,
        text: 'INSTALLED_APPS += [ "b", ]',
        when: null,
        chain: [
          { kind: "branch", text: "try:" },
          { kind: "import", line: 2 },
          { kind: "import", line: 1 },
        ],
      },
    ],
    reads: [],
    others: [{ file: "tute/settings/base.py", line: 9, text: 'INSTALLED_APPS = ["a"]' }],
  });
});

it("never shows a secret", async () => {
  const { stdout } = await explain("SECRET_KEY");
  expect(stdout).toContain("tute/settings/base.py:8:1");
  expect(stdout).not.toContain("nobody shall see");
});

it("knows Django's defaults, and names that are no setting", async () => {
  expect((await explain("SECURE_HSTS_SECONDS")).stdout).toBe(
    "SECURE_HSTS_SECONDS = 0: Django's default, nothing in the project sets it\n",
  );
  expect(await explain("SECURE_HSTS")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("SECURE_HSTS is set nowhere"),
  });
});

it("says that nothing is known where the settings do not load", async () => {
  const { directory } = repository({
    ...project,
    "tute/settings/base.py": "raise Exception('no')\nDEBUG = True\n",
  });
  const { code, stdout } = await djdeploy(["lint", "--explain-value", "DEBUG"], { cwd: directory });
  expect([code, stdout.split("\n")[0]]).toEqual([
    0,
    "DEBUG is not known without running the project: the settings do not load; djdeploy lint says why",
  ]);
});

it("finds the attribute in the classes of django-configurations", async () => {
  const settings = `from configurations import Configuration
class Base(Configuration):
    DEBUG = False
class Production(Base):
    SITE_ID = 1
`;
  const { directory } = repository({ ...djangoFiles(), "tute/settings.py": settings });
  const { stdout } = await djdeploy(["lint", "--explain-value", "DEBUG"], { cwd: directory });
  expect(stdout).toBe(`DEBUG = false, whatever the environment says

decided at tute/settings.py:3:5
  in tute/settings.py:2:1  class Base(Configuration):
      3 | DEBUG = False
`);
});
