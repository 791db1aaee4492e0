import { asDeployError } from "../../errors.ts";
import type { HostSession } from "../../host/session.ts";
import { publicDoor } from "../../plan/outside.ts";
import { frontDoor } from "../../plan/request.ts";
import { configOn, servesWeb } from "../../plan/roles.ts";
import type { Target } from "../../ssh/types.ts";
import { hideStoredHere } from "../hide-stored.ts";
import { interruptible, openHost } from "../hosts.ts";
import { withName } from "../named.ts";
import { nobodyAnswers } from "../outside.ts";
import { standingOf } from "../standing.ts";
import type { RunContext } from "../types.ts";
import { shownCertificate } from "./certificate.ts";
import { judgeHost } from "./judge.ts";
import type { DoctorView, Finding, Looked } from "./types.ts";
import { wantedCommands, wantedUnits } from "./wanted.ts";

export type { DoctorView, Finding } from "./types.ts";

/** Looks at every host and the way to it, and changes nothing. A host that can not be asked is a finding, not an error. */
export async function doctor(context: RunContext): Promise<DoctorView> {
  const { config } = context;
  const hosts = await Promise.all(
    context.targets.map(async (target) => {
      const findings = await lookAt(context, target).catch((thrown) => {
        if (context.signal.aborted) throw thrown;
        return [unreachable(thrown)];
      });
      const named = findings.map((one) => ({ ...one, fix: one.fix && withName(one.fix, config) }));
      return { host: target.name, findings: named };
    }),
  );
  return { environment: config.environment, hosts };
}

function unreachable(thrown: unknown): Finding {
  const { message, details } = asDeployError(thrown);
  const { expected = null, seen = null, hint = null } = details;
  return { id: "connect", level: "error", message, expected, seen, fix: hint };
}

async function lookAt(context: RunContext, target: Target): Promise<Finding[]> {
  const config = configOn(context.config, target.name);
  const session = await openHost(context, target);
  try {
    return await interruptible(context, session, async () =>
      judgeHost(config, target.name, await look(context, config, target, session)),
    );
  } finally {
    await session.close();
  }
}

async function look(
  context: RunContext,
  config: RunContext["config"],
  target: Target,
  session: HostSession,
): Promise<Looked> {
  const begun = Date.now() / 1000;
  const facts = await session.request("facts");
  const now = Date.now() / 1000;
  const web = servesWeb(context.config, target.name);
  const door = web && target.jump === null ? publicDoor(config, target.host) : null;
  const front = frontDoor(config);
  const [outside, certificate] = await Promise.all([
    door === null ? undefined : nobodyAnswers(door, context.signal),
    door === null || !(front.tls || door.tls) ? null : shownCertificate(door),
  ]);
  const ready = facts.owner !== null;
  if (ready) await hideStoredHere(context, session);
  const system = await orUnknown(
    session.request("system", {
      units: ready ? wantedUnits(config) : [],
      commands: ready ? wantedCommands(config) : [],
      userScope: config.server.scope === "user",
    }),
  );
  return {
    facts,
    now,
    tookSeconds: now - begun,
    system,
    standing: ready
      ? await orUnknown(standingOf(context.config, session, facts))
      : { unknown: "the host is not set up" },
    databases: ready && facts.live ? await orUnknown(session.request("applied")) : null,
    outside,
    certificate,
  };
}

async function orUnknown<T>(asked: Promise<T>): Promise<T | { unknown: string }> {
  return await asked.catch((thrown) => ({ unknown: asDeployError(thrown).message }));
}
