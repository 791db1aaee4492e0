import { expect, test } from "vitest";
import type { Asked } from "../../../src/host/session.ts";
import { causeHint } from "../../../src/release/causes/index.ts";
import type { StepVoice } from "../../../src/release/recorder.ts";
import { askHostStep, type HostStep } from "../../../src/release/steps.ts";

const trace = `Post-processing 'style.css' failed!
Traceback (most recent call last):
  File "manage.py", line 9, in <module>
whitenoise.storage.MissingFileError: The file 'nowhere.png' could not be found with <a storage>.
`;

// The check's answer may be seen while the collectstatic behind it is in the middle of what it says.
test.each([...trace.split("\n").keys()])(
  "an exception that began %i lines before its step is told with its cause",
  async (lines) => {
    const cut = trace.split("\n").slice(0, lines).join("\n").length;
    const to = {
      request: async (_op: string, _args: object, { onLog }: { onLog: (text: string) => void }) => {
        onLog(trace.slice(cut));
        return { code: 1, signal: null, ms: 1 };
      },
    } as unknown as Asked;
    const step = {
      run: "run",
      name: "check",
      script: "inspect.sh",
      env: {},
      from: cut,
      heard: trace.slice(0, cut),
      failure: { code: "collectstatic.failed", message: "collectstatic failed", hint: causeHint },
    } satisfies HostStep;
    const voice = new Proxy({}, { get: () => () => {} }) as StepVoice;
    await expect(askHostStep(to, step)(voice)).rejects.toMatchObject({
      code: "collectstatic.failed",
      details: { hint: expect.stringContaining("names a file that does not exist, nowhere.png") },
    });
  },
);
