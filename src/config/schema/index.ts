import { z } from "zod";
import { environmentKeys } from "./environment.ts";
import { mapOf, required, said, text } from "./fields.ts";
import { projectKeys } from "./project.ts";
import { serviceKeys } from "./service.ts";

/** Keys of the top level; every environment may give them again. */
export const topKeys = { ...projectKeys, ...serviceKeys };
export { environmentKeys };

/** One environment after the overlay: what the rest of the program works with. */
export const environmentSchema = said(
  "a map",
  z.strictObject({ ...topKeys, ...environmentKeys }, { error: "a map" }),
);
export type Settings = z.output<typeof environmentSchema>;

export const environmentName = text(
  "the name of an environment such as production",
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
);

/** The file as it is written: what editors complete and the reference page shows. */
export const writtenSchema = z.strictObject({
  ...topKeys,
  environments: required(
    mapOf(environmentName, environmentSchema, "a map of at least one environment"),
    "Where the project is deployed to, by name.",
  ),
});

/** The file without what stands below an environment, which is judged after the overlay. */
export const fileSchema = z.strictObject(
  {
    ...topKeys,
    environments: mapOf(
      environmentName,
      z.union([z.record(z.string(), z.unknown()), z.null()], { error: "a map" }),
      "a map of environments",
    ).refine((environments) => Object.keys(environments).length > 0, {
      error: "a map of at least one environment",
    }),
  },
  { error: "a map of keys such as app and environments" },
);
