import { jsonSchema } from "../src/config/jsonschema.ts";
import { referencePage } from "../src/config/reference.ts";
import { actionFolder, folderAction } from "./github/action-folder.ts";
import { calledWorkflows } from "./github/called.ts";
import { zizmorPolicy } from "./github/examples.ts";
import { actionPage } from "./pages/action.ts";
import { attacksPage } from "./pages/attacks.ts";
import { cliPage } from "./pages/cli.ts";
import { faultsPage } from "./pages/faults.ts";
import { githubPage } from "./pages/github.ts";
import { performancePage } from "./pages/performance.ts";
import { readme } from "./pages/readme.ts";
import { rulesPage } from "./pages/rules.ts";
import { strategiesPage } from "./pages/strategies.ts";

/** The committed files that are made from the source, by path; a test compares them with what is committed. */
export function generated(): Record<string, string> {
  return {
    "schema/djdeploy.schema.json": `${JSON.stringify(jsonSchema(), null, 2)}\n`,
    "docs/configuration.md": referencePage(),
    "docs/cli.md": cliPage(),
    "docs/action.md": actionPage(),
    "docs/github.md": githubPage(),
    "docs/rules.md": rulesPage(),
    "docs/performance.md": performancePage(),
    "docs/attacks.md": attacksPage(),
    "docs/faults.md": faultsPage(),
    "docs/strategies.md": strategiesPage(),
    "README.md": readme(),
    [`${actionFolder}/action.yml`]: folderAction(),
    ".github/zizmor.yml": zizmorPolicy(),
    ...calledWorkflows(),
  };
}
