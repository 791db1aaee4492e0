import { readFileSync } from "node:fs";
import { deployExample, shownAction } from "../github/examples.ts";

/** README.md is written by hand but for what stands between these marks. */
const sections: Record<string, () => string> = {
  action: () => `A GitHub Action (\`uses: ${shownAction}\`) and a command line (\`djdeploy\`) over one core.`,
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
