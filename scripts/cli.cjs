#!/usr/bin/env -S node --
// dist/cli/index.js: begins the command line, which the library's bundle holds.
// The `--` keeps Node 20 from taking our --env-file for its own: it exits when that file is `-` or is not there.
// https://github.com/nodejs/node/issues/54232

// As src/report/no-debugger.ts, before the bundle is read: Node's own answer to SIGUSR1 is to open its debugger.
process.on("SIGUSR1", () => {});
require("../library/index.js").commandLine();
