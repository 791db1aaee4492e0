/** The option of deploy and plan that names what `build.artifact` has to be. */
export const artifactOption = {
  value: "HASH",
  help: "the SHA-256 of build.artifact, as djdeploy build printed it",
} as const;
