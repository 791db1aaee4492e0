import { DeployError, type ErrorDetails, ExitCode } from "../errors.ts";
import { shortened } from "../report/visible.ts";
import { fullHint, isFull } from "./full.ts";
import type { Refused } from "./message.ts";
import { holder } from "./protocol/facts.ts";
import type { Holder } from "./types.ts";

/** Characters that are kept of each thing that a host tells beside a refusal. */
const mostTold = 8_000;

/** A refusal of the agent as the error that a person reads. */
export function refusal(host: string, refused: Refused): DeployError {
  const { code, data } = refused;
  const message = shortened(refused.message, 1000);
  const output = textOf("output", data["output"]);
  switch (code) {
    case "lock.held":
      return locked(host, holder().safeParse(data["holder"]).data ?? { actor: "unknown" });
    case "lock.ended":
      return new DeployError(code, ExitCode.failed, `${host}: ${message}`, {
        host,
        hint: "the next deploy puts right what this run left; djdeploy status ENV shows what serves",
      });
    case "key.facts-only":
      return new DeployError(code, ExitCode.refused, `${host}: ${message}`, {
        host,
        expected: "a key that may deploy: the one of djdeploy setup --ci-key",
        hint: "in GitHub's environment of this job SSH_PRIVATE_KEY holds the key that setup --plan-key made",
      });
    case "host.as-user":
      return new DeployError(code, ExitCode.failed, `${host}: ${message}`, {
        host,
        ...(data["by"] === "another" ? ofItsUser : ofSudo),
      });
    case "host.not-set-up":
      return notSetUp(host);
    case "host.os":
      return new DeployError(code, ExitCode.failed, `${host}: ${message}`, { host, ...systemHint(data) });
    default:
      return new DeployError(code, ExitCode.failed, `${host}: ${message}`, {
        host,
        ...output,
        ...(isFull(message) ? { hint: fullHint } : {}),
        ...textOf("seen", data["state"]),
      });
  }
}

const ofSudo = {
  expected: "sudo's rule by which the user that deploys starts the application's programs",
  hint: "djdeploy setup ENV --user root writes it again; on the host: sudo -l -U NAME_deploy",
};
const ofItsUser = {
  expected: "what a deploy starts as the application's user to live and to answer",
  hint: "whatever else runs as that user can kill or stop it: as root on the host, ps -u USER -o pid,lstart,args; what belongs to no release may be a break-in",
};

export function notSetUp(host: string): DeployError {
  return new DeployError("host.not-set-up", ExitCode.failed, `${host} is not set up for this application`, {
    host,
    hint: "djdeploy setup ENV --user root makes it ready, once",
  });
}

/** Exit code 6, saying who: actor, revision, run, age. */
export function locked(host: string, holder: Holder): DeployError {
  const since = holder.since ? `, for ${age(Date.now() / 1000 - holder.since)}` : "";
  return new DeployError(
    "lock.held",
    ExitCode.locked,
    `${host} is locked by ${holderText(holder)}${since}${holder.gone ? `; its runner is gone, its ${goesOn(holder)}` : ""}`,
    {
      host,
      ...(holder.runUrl ? { seen: holder.runUrl } : {}),
      hint: "wait for it with --wait; djdeploy unlock ENV shows the holder, --force REASON ends one that hangs",
    },
  );
}

/** `anna (deploy of 1a2b3c4)`. */
export function holderText({ actor, verb, revision }: Holder): string {
  const what = [verb, revision?.slice(0, 7)].filter(Boolean).join(" of ");
  return `${actor}${what ? ` (${what})` : ""}`;
}

/** `step migrate ends within 30 min`. */
export function goesOn({ step }: Holder): string {
  return `step${step?.name ? ` ${step.name}` : ""} ends within ${age(step?.within ?? 0)}`;
}

function age(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

function systemHint(data: Record<string, unknown>): ErrorDetails {
  // errno of Linux: ENOSPC 28, EDQUOT 122, EACCES 13, EPERM 1, EROFS 30.
  const file = textOf("at", data["file"]);
  switch (data["errno"]) {
    case 28:
    case 122:
      return { ...file, hint: fullHint };
    case 1:
    case 13:
      return { ...file, hint: "the deploy user may not write there: run djdeploy setup again" };
    case 30:
      return { ...file, hint: "the file system is read-only" };
    default:
      return { ...file, ...textOf("output", data["trace"]) };
  }
}

/** A detail of what a host told besides, where that is a text: its end. */
function textOf(detail: "output" | "seen" | "at", told: unknown): ErrorDetails {
  return typeof told === "string" && told !== ""
    ? { [detail]: told.length > mostTold ? `[…]${told.slice(-mostTold)}` : told }
    : {};
}
