// A deploy from a program of your own: `npm install --save-dev django-deploy`, then `node deploy.mjs`.
import { readFileSync } from "node:fs";
import { deploy, RunError } from "django-deploy";

try {
  const report = await deploy({
    environment: "production",
    values: { SECRET_KEY: process.env.SECRET_KEY },
    ssh: { privateKey: readFileSync(process.env.DEPLOY_KEY_FILE, "utf8") },
    onEvent: ({ level, message }) => {
      if (level === "warning" || level === "error") console.error(message);
    },
  });
  console.log(`${report.result}: ${report.release}`);
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  // What each host serves now: after a failure that is the old release.
  for (const { host, result, release } of error.report.hosts) console.log(`${host}: ${result}, serves ${release}`);
  process.exitCode = error.exitCode;
}
