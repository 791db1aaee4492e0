import { z } from "zod";
import { list, named, operation } from "./shape.ts";

/** What the doctor asks of a host besides the facts (djd_system.py); null = it could not be learned. */
export const systemOperations = {
  system: operation({
    does: "look at its packages, units and rules",
    args: () =>
      z.object({
        units: z.array(z.string()),
        commands: z.array(z.array(z.string())),
        userScope: z.boolean(),
      }),
    answer: () =>
      z.object({
        /** Packages that want a reboot; null = none does. */
        rebootFor: list(z.string()).nullable(),
        securityUpdates: z.number().nullable(),
        listsAgeDays: z.number().nullable(),
        /** In systemd's words; "" = it said nothing. */
        units: named(z.object({ enabled: z.string(), active: z.string() })),
        /** Whether sudo allows each of the commands. */
        sudo: list(z.boolean()),
      }),
    limit: ({ units, commands }) => 120 + 40 * units.length + 20 * commands.length,
  }),
};
