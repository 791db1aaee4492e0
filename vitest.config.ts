import { defineConfig } from "vitest/config";

// Three suites: `unit` touches nothing outside the process, `integration` starts local programs (git, python,
// an embedded SSH server) without root, `hosts` boots real Debian hosts and needs root.
// With DJDEPLOY_TEST_REPORT=FOLDER each run leaves its results there as JSON; .ci/run sums them.
const reports = process.env.DJDEPLOY_TEST_REPORT;

export default defineConfig({
  test: {
    ...(reports && { reporters: ["default", ["json", { outputFile: `${reports}/${process.pid}.json` }]] }),
    projects: [
      { test: { name: "unit", include: ["__tests__/unit/**/*.test.ts"], testTimeout: 30_000 } },
      {
        test: {
          name: "integration",
          include: ["__tests__/integration/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "hosts",
          include: ["__tests__/hosts/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
