/** The option of every verb that judges the settings. */
export const sarifOption = {
  value: "FILE",
  help: "write the lint's findings as SARIF, for code scanning",
} as const;
