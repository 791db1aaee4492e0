export { artifactFiles, openArtifact, requireUsableHash } from "./artifact/open.ts";
export { packArtifact } from "./artifact/pack.ts";
export { runBuild } from "./build.ts";
export { scrubbed } from "./environment.ts";
export { readProject } from "./read.ts";
export { collectShipment } from "./shipment.ts";
export { satisfies } from "./specifier.ts";
export { runTests, type TestReport } from "./testing/index.ts";
