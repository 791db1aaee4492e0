// What dist/library holds: the library, and the command line, which dist/cli begins. One bundle for both: they are the
// same program, and a package with it twice would be twice as large.
export { commandLine } from "./cli/index.ts";
export * from "./library/index.ts";
