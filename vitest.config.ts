import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Three suites: `unit` touches nothing outside the process, `integration` starts local programs (git, python,
// an embedded SSH server) without root, `hosts` boots real Debian hosts and needs root.
// With DJDEPLOY_TEST_REPORT=FOLDER each run leaves its results there as JSON; .ci/run sums them.
const reports = process.env.DJDEPLOY_TEST_REPORT;

// Those that take minutes, the longest first: begun last, one of them would run alone at the end.
const longest = [
  ...["failures/start", "init/written", "failures/prepare", "demo", "release/deploy", "release/guards"],
  ...["faces/action-github", "project/tests", "faces/large-secrets", "faces/action-deploy", "faces/journey"],
]
  .map((name) => `/integration/${name}.test.ts`)
  .concat(
    [
      ...["untimely", "port", "fleet-faults", "processes", "restart", "user-scope", "interrupted", "random"],
      ...[
        "celery",
        "fleet",
        "setup",
        "first-page",
        "strategies",
        "failures",
        "hardship",
        "fleet-lost",
        "drain",
      ],
      ...["secrets", "roles", "init", "proof", "lies", "draining", "attacks", "moved", "setup-refusals"],
    ].map((name) => `/hosts/${name}.test.ts`),
  );

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ moduleId }: TestSpecification) =>
      [...longest.keys()].find((at) => moduleId.endsWith(longest[at] ?? "")) ?? longest.length;
    return (await super.sort(files)).sort((a, b) => turn(a) - turn(b));
  }
}

// `isolate: false` below: a worker reads the sources once, not once a file; no test changes what another sees of them.
// Most tests wait for programs they started, not for the processor.
const maxWorkers = 3;

export default defineConfig({
  test: {
    ...(reports && { reporters: ["default", ["json", { outputFile: `${reports}/${process.pid}.json` }]] }),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["__tests__/unit/**/*.test.ts"],
          testTimeout: 30_000,
          maxWorkers,
          isolate: false,
        },
      },
      {
        test: {
          name: "integration",
          include: ["__tests__/integration/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers,
          isolate: false,
        },
      },
      // By hand only (npm run bench:…): they measure, and take their time.
      { test: { name: "bench", include: ["bench/**/*.bench.ts"], hookTimeout: 600_000, maxWorkers: 1 } },
      // By hand only (npm run test:servers): booted hosts on which Debian's database servers and certbot are installed first.
      {
        test: {
          name: "servers",
          include: ["__tests__/servers/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
      // By hand only (npm run test:attacks): one long table on booted hosts.
      {
        test: {
          name: "attacks",
          include: ["__tests__/attacks/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "hosts",
          include: ["__tests__/hosts/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: maxWorkers + 1, // keeps two processors busy: they wait for boots, deadlines, hosts that are gone
          isolate: false,
        },
      },
    ],
  },
});
