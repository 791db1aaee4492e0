import { appendRegular } from "../files/append.ts";
import { installLastResort } from "../report/last-resort.ts";

/** What nobody caught: an annotation and a line in the summary besides, as far as they can be written. */
export function guardAction(env: Record<string, string | undefined>): void {
  const file = env.GITHUB_STEP_SUMMARY;
  installLastResort((line) => {
    process.stdout.write(`::error::${line}\n`);
    if (file) appendRegular(file, `\n### ❌ ${line}\n\nWhat the hosts serve says \`djdeploy status\`.\n`);
  });
}
