/** What a run of tests says about itself, in the words of unittest or pytest. */
export interface TestOutcome {
  /** null where the output does not say. */
  ran: number | null;
  /** Names of the failed tests: `app.tests.X.test_y`, `app/test_x.py::test_y`. */
  failed: string[];
}

/** Reads the output of `manage.py test` and of pytest; of other runners it knows nothing. */
export function readOutcome(lines: string[]): TestOutcome {
  const failed = new Set<string>();
  let ran: number | null = null;
  for (const line of lines) {
    const name = unittestFailure(line) ?? pytestFailure(line);
    if (name) failed.add(name);
    const count = /^Ran (\d+) tests? in /.exec(line)?.[1];
    if (count !== undefined) ran = Number(count);
    else ran = pytestCount(line) ?? ran;
  }
  return { ran, failed: [...failed] };
}

/** `FAIL: test_y (app.tests.X.test_y)`, before Python 3.11 `FAIL: test_y (app.tests.X)`, with `[subtest]` behind. */
function unittestFailure(line: string): string | null {
  const [, method, place] = /^(?:FAIL|ERROR): (\S+) \(([\w.]+)\)/.exec(line) ?? [];
  if (method === undefined || place === undefined) return null;
  if (place.startsWith("unittest.loader._FailedTest")) return method;
  return place.endsWith(`.${method}`) ? place : `${place}.${method}`;
}

/** `FAILED app/test_x.py::test_y - AssertionError`, `ERROR app/test_x.py`. */
function pytestFailure(line: string): string | null {
  return /^(?:FAILED|ERROR) (\S+\.py(?:::\w+)*(?:\[.*\](?= - |$))?)(?: - .*)?$/.exec(line)?.[1] ?? null;
}

/** `== 1 failed, 2 passed, 1 skipped in 0.12s ==`: all that ran, skipped ones not counted. */
function pytestCount(line: string): number | null {
  if (!/^=+ .* in [\d.]+s.*=+$/.test(line) && !/^\d+ (?:passed|failed|errors?).* in [\d.]+s/.test(line))
    return null;
  const counts = [...line.matchAll(/(\d+) (?:passed|failed|errors?|xfailed|xpassed)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
