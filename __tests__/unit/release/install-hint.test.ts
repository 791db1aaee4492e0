import { expect, test } from "vitest";
import { installHint } from "../../../src/release/prepare/venv.ts";

test.each([
  [
    "pip and a repository of one's own",
    `ssh: connect to host git.example.com port 22: Connection refused
fatal: Could not read from remote repository.
error: subprocess-exited-with-error
× git clone --filter=blob:none --quiet 'ssh://****@git.example.com/x/lib.git' /tmp/pip-install-jcz0vs2y/lib did not run successfully.
│ exit code: 128`,
    /could not fetch ssh:\/\/\*\*\*\*@git\.example\.com\/x\/lib\.git .*no key or password/,
  ],
  [
    "an index that is not reached",
    "NewConnectionError: Failed to establish a new connection: [Errno 111] Connection refused",
    /can not reach the package index/,
  ],
  ["a name that is nowhere", "ERROR: … (from versions: none)", /check the name and version/],
])("%s", (_, output, hint) => {
  expect(installHint(output)).toMatch(hint);
});
