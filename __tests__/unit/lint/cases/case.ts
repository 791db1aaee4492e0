import type { lintText } from "../judge-of.ts";

export type Options = NonNullable<Parameters<typeof lintText>[1]>;

/**
 * A rule, settings that raise it (added to sound ones), settings like them that must not, and what both need besides
 * the settings. `near`: what the near miss has instead. `as`: the verdict, where it is not `certain`.
 */
export type RuleCase = [
  id: string,
  raising: string,
  near: string,
  options?: Options & { near?: Options; as?: string },
];
