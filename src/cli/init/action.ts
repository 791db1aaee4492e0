import { usageError } from "../../errors.ts";
import { home, version } from "../../version.ts";
import { notShown } from "../word.ts";

const owner = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?";
const form = new RegExp(`^${owner}/(?!\\.{1,2}@)[\\w.-]{1,100}@(?<ref>[\\w][\\w./+-]{0,199})$`);

/**
 * What stands after `uses:` in the written workflows. `given` is --action; without it this program's own home at its
 * commit, which nobody can move, or at its version where the commit is not known.
 */
export function actionFor(given: string | null, commit: string | null): string {
  if (given !== null) return requireAction(given);
  return commit === null ? `${home}@v${version}` : `${home}@${commit} # v${version}`;
}

/** OWNER/NAME@REF as GitHub takes it; it goes into a file that GitHub runs, so nothing else may stand in it. */
function requireAction(text: string): string {
  const ref = form.exec(text)?.groups?.["ref"];
  if (ref === undefined || /\.\.|\/\/|[./]$|\.lock$/.test(ref)) {
    throw usageError("init.action", "--action names no action", {
      expected: "OWNER/NAME@REF; REF is a commit, a tag or a branch",
      seen: `another text ${notShown(text)}`,
      hint: `djdeploy init --action ${home}@v${version}`,
    });
  }
  return text;
}
