import { ExitCode } from "../../errors.ts";
import { doctor } from "../../release/doctor/index.ts";
import { renderDoctor } from "../../release/views/doctor.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "look at the hosts and the way to them: what is wrong, and what to do; exit code 1 on an error",
  usage: "[ENV] [options]",
  example: "djdeploy doctor production",
  options: {},
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => doctor(context),
      renderDoctor,
      ({ hosts }) =>
        hosts.some(({ findings }) => findings.some(({ level }) => level === "error"))
          ? ExitCode.failed
          : ExitCode.done,
    ),
});
