import type { Config } from "../../../config/types.ts";
import { DeployError, ExitCode } from "../../../errors.ts";
import type { Emit } from "../../../report/event.ts";
import { certbotOf, challengeFolder } from "../../../services/certificate.ts";
import type { Root } from "../root.ts";
import { forbidden } from "./caa.ts";
import { fetchFromHere } from "./fetch.ts";
import { type Fetched, judgeReach, type ReachProblem } from "./reach.ts";

interface Asked {
  root: Root;
  emit: Emit;
  config: Config;
  token: string;
  signal?: AbortSignal;
}

/**
 * Tries what an authority will try, before one is asked: each refusal of theirs counts against a limit that is reached soon.
 * Rejects with the first name that does not lead to this host.
 */
export async function checkReach({ root, emit, config, token, signal }: Asked): Promise<void> {
  const { app, domains, tls } = config;
  const { staging, server } = certbotOf(tls)!;
  const host = root.connection.name;
  const said = await root.run("setup-challenge.sh", [challengeFolder(app), token, ...domains]);
  const path = "/.well-known/acme-challenge/djdeploy";
  const seen = await fetchFromHere(domains, { path, text: token }, signal);
  const rows = [...seen, ...rowsOf(said)];
  const problem = judgeReach(rows, host, server !== null);
  if (problem) throw unreachable(problem, host);
  if (server === null) {
    const caa = await forbidden(domains, "letsencrypt.org");
    if (caa)
      throw unreachable(
        {
          message: `${caa.name} lets other authorities alone give certificates (CAA)`,
          expected: "letsencrypt.org among them, or no CAA record",
          seen: caa.allowed.filter(Boolean).join(", ") || "nobody",
          hint: `add the record ${caa.name}. CAA 0 issue "letsencrypt.org"${staging ? "" : ", or name the authority as tls.certbot.server"}`,
        },
        host,
      );
  }
  const fetched = domains.filter((name) => rows.some((row) => row.name === name && row.outcome === "token"));
  const rest = domains.filter((name) => !fetched.includes(name));
  if (rest.length === 0) return;
  const message = `whether ${rest.join(", ")} leads to this host could not be tried, from here or from there; the authority will`;
  emit({ code: "note", level: "warning", message, host, step: "certificate" });
}

function unreachable({ message, ...details }: ReachProblem, host: string): DeployError {
  return new DeployError("setup.challenge", ExitCode.failed, message, {
    ...details,
    hint: `${details.hint}; then run setup again. No authority was asked, and the site is served as before`,
    host,
  });
}

const outcomes: readonly string[] = ["token", "other", "refused", "silent", "unknown", "no-address"];

/** What setup-challenge.sh prints. */
function rowsOf(said: string): Fetched[] {
  return said.split("\n").flatMap((line) => {
    const [name = "", address = "", outcome = "unknown", seen = ""] = line.split("\t");
    if (name === "" || !outcomes.includes(outcome)) return [];
    return [{ from: "host", name, address: address || null, outcome: outcome as Fetched["outcome"], seen }];
  });
}
