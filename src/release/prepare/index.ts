export { bootPrivately } from "./boot.ts";
export { writeEnvironment } from "./environment.ts";
export { inspect } from "./inspect.ts";
export type { ReleaseRun } from "./run.ts";
export { collectStatic } from "./static.ts";
export { sendFiles } from "./upload.ts";
export { buildVenv } from "./venv.ts";
