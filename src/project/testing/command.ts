import { join } from "node:path";
import type { Config } from "../../config/types.ts";
import { parseToml } from "../detect/lock-files.ts";
import { configPrefix, joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Project } from "../types.ts";
import { foldersOf, type Needs } from "./needs.ts";

/** How the tests are run: a program in a folder of the checkout, in the words of its own command line. */
export interface TestCommand {
  file: string;
  args: string[];
  /** Relative to the checkout. */
  folder: string;
  shown: string;
}

/** `test.command`, else pytest where it is configured, else `manage.py test`. */
export async function testCommand(
  tree: Tree,
  project: Project,
  config: Config,
  needs: Needs,
  venv: string,
): Promise<TestCommand> {
  const prefix = await configPrefix(config, project.directory);
  const { command } = config.test;
  if (command !== "auto" && command !== false)
    return { file: "sh", args: ["-c", command], folder: prefix, shown: command };
  const python = join(venv, "bin", "python");
  const configured = await pytestFolder(tree, foldersOf(project, prefix));
  if (configured !== null || needs.packages.has("pytest-django"))
    return {
      file: python,
      args: ["-m", "pytest", "--color=no", "-rfE", "-p", "no:cacheprovider"],
      folder: configured ?? project.root.value,
      shown: "pytest",
    };
  return {
    file: python,
    args: ["manage.py", "test", "--noinput"],
    folder: project.root.value,
    shown: "manage.py test",
  };
}

/** The folder whose files configure pytest. https://docs.pytest.org/en/stable/reference/customize.html */
async function pytestFolder(tree: Tree, folders: string[]): Promise<string | null> {
  for (const folder of folders) {
    const text = async (name: string) => (await tree.text(joined(folder, name))) ?? "";
    if (tree.has(joined(folder, "pytest.ini")) || tree.has(joined(folder, "pytest.toml"))) return folder;
    const pyproject = joined(folder, "pyproject.toml");
    if (tree.has(pyproject) && parseToml(await text("pyproject.toml"), pyproject).tool?.pytest) return folder;
    if (/^\[tool:pytest\]/m.test(await text("setup.cfg")) || /^\[pytest\]/m.test(await text("tox.ini")))
      return folder;
  }
  return null;
}
