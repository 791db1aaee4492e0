import { expect, test } from "vitest";
import { projectLines } from "../../../src/release/python-log.ts";

const site = "/srv/shop/releases/20261120T110455Z-1a2b3c4";
const django = "/srv/shop/venvs/4773/lib/python3.11/site-packages/django";

test("a traceback keeps the project's own frames and the exception", () => {
  const log = `Internal Server Error: /
Traceback (most recent call last):
  File "${django}/core/handlers/exception.py", line 55, in inner
    response = get_response(request)
               ^^^^^^^^^^^^^^^^^^^^^
  File "${site}/visits/views.py", line 8, in home
    raise ValueError("no weather today")
ValueError: no weather today
[2026-11-20] [INFO] Worker exiting`;
  expect(projectLines(log)).toBe(`Internal Server Error: /
Traceback (most recent call last):
  File "visits/views.py", line 8, in home
    raise ValueError("no weather today")
ValueError: no weather today
[2026-11-20] [INFO] Worker exiting`);
});

test("frames of Python itself go, lines that are no frames stay", () => {
  const log = `  Applying visits.0003_second...Traceback (most recent call last):
  File "<frozen importlib._bootstrap>", line 1204, in _gcd_import
  File "/usr/lib/python3.11/sqlite3/dbapi2.py", line 1, in <module>
    import x

sqlite3.OperationalError: no such table: nowhere`;
  expect(projectLines(log)).toBe(`  Applying visits.0003_second...Traceback (most recent call last):

sqlite3.OperationalError: no such table: nowhere`);
});

test("what a probe causes again and again stands once, without its own requests", () => {
  const once = `Internal Server Error: /\nValueError: no weather today`;
  const asked = ` - - [20/Nov/2026:14:49:15 +0000] "GET / HTTP/1.1" 500 145 "-" "djdeploy"`;
  expect(projectLines(`started\n${once}\n${asked}\n${once}\n${asked}\n${once}\n${asked}`)).toBe(
    `started\n${once}`,
  );
});
