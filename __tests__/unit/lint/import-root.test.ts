import { expect, test } from "vitest";
import { lint } from "../../../src/lint/index.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import { verdict } from "./judge-of.ts";

const judge = (files: Record<string, string>, root: string, settingsModule: string) =>
  lint({ files: recordTree(files), settingsModule, root, djangoVersion: "5.2", ignore: {} });

test.each([
  ["above manage.py's folder", "pkg/web/settings.py", "pkg.web.settings", "from pkg.web.base import *"],
  ["below it", "pkg/src/web/settings.py", "web.settings", "from web.base import *"],
])("settings are found that are imported from %s", (_, file, module, line) => {
  const files = {
    "pkg/manage.py": "",
    [file]: line,
    [file.replace("settings", "base")]: "DEBUG = True",
  };
  const result = judge(files, "pkg", module);
  expect(verdict(result, "djdeploy.settings-not-found")).toBe("pass");
  expect(verdict(result, "security.W018")).toBe("certain");
});
