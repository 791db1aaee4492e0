import { expect, it } from "vitest";
import type { HostFacts } from "../../../src/host/types.ts";
import { choosePython } from "../../../src/plan/python.ts";

it("a Python whose version is none by PEP 440 is none of ours; one that was built from git is what it says", () => {
  const on = (...versions: string[]) =>
    ({ pythons: versions.map((version) => ({ path: `/p/${version}`, version, venv: true })) }) as HostFacts;
  const wanted = { value: ">=3.10", evidence: "pyproject.toml" };
  expect(choosePython("web1", on("", "PyPy", "3.12.4"), wanted).version).toBe("3.12.4");
  expect(choosePython("web1", on("3.13.2+"), wanted).version).toBe("3.13.2+");
  expect(() => choosePython("web1", on("", "x"), wanted)).toThrow(/no Python that this project can run on/);
});
