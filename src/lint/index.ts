export { lint } from "./engine.ts";
export { allRules, explain } from "./explain.ts";
export { fixProject } from "./fix/index.ts";
export { codeLines, renderFixes } from "./fix/render.ts";
export { renderLint } from "./render.ts";
export { lintToSarif } from "./sarif.ts";
export type * from "./types.ts";
export { explainValue } from "./value/explain.ts";
export { renderValue } from "./value/render.ts";
