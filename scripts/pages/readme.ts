import { readFileSync } from "node:fs";
import { unsupportedCommands } from "../../src/cli/commands/unsupported.ts";
import { supportTable } from "../../src/config/support.ts";
import { notBackedUpYet } from "../../src/plan/backups.ts";
import { deployExample, shownAction } from "../github/examples.ts";

/** README.md is written by hand but for what stands between these marks. */
const sections: Record<string, () => string> = {
  missing: () =>
    [
      'What is not built is refused with "not yet supported" before anything is touched, or said by `plan`, the run and the',
      "report:",
      "",
      `- verbs: ${unsupportedCommands.map(({ name }) => `\`${name}\``).join(", ")}`,
      `- backups of ${notBackedUpYet.join(" and ")}: they are migrated without one`,
      ...supportTable
        .filter((row) => !row.unenforced)
        .map(({ key, works, reason }) => `- \`${key}\`: anything but ${works}; ${reason}`),
      "",
      "Protecting defaults that are not enforced yet, which every run says:",
      "",
      ...supportTable
        .filter((row) => row.unenforced)
        .map(({ key, works, reason }) => `- \`${key}\`: ${works}; ${reason}`),
    ].join("\n"),
  action: () =>
    `A GitHub Action (\`uses: ${shownAction}\`), a command line (\`djdeploy\`) and a library (\`import { deploy }\`) over one core.`,
  workflow: () => `\`\`\`yaml\n${deployExample()}\n\`\`\``,
};

/** The README with its generated sections made anew. */
export function readme(): string {
  return Object.entries(sections).reduce(
    (text, [name, make]) => {
      const [begin, end] = [`<!-- generated: ${name} -->\n`, `\n<!-- end: ${name} -->`];
      const [before, rest, more] = text.split(begin);
      const after = rest?.split(end)[1];
      if (before === undefined || after === undefined || more !== undefined)
        throw new Error(`README.md has lost the marks of its section ${name}`);
      return `${before}${begin}${make()}${end}${after}`;
    },
    readFileSync("README.md", "utf8"),
  );
}
