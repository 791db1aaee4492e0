// What every host serves, from a program of your own in CommonJS: ends with 1 where something is not proven.
const { readFileSync } = require("node:fs");
const { status } = require("django-deploy");

status({
  environment: "production",
  ssh: { privateKey: readFileSync(process.env.DEPLOY_KEY_FILE, "utf8") },
}).then(({ hosts }) => {
  for (const { host, release, proven, proof } of hosts) {
    console.log(`${host}: ${release}, ${proven ? "proven" : `not proven: ${proof}`}`);
  }
  process.exitCode = hosts.every(({ proven }) => proven) ? 0 : 1;
});
