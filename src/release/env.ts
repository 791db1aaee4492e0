import { randomBytes } from "node:crypto";
import type { AnswerOf } from "../host/protocol.ts";
import type { HostSession } from "../host/session.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import type { EnvEntry, EnvView, RunContext } from "./types.ts";

type Rows = AnswerOf<"env-list">;

/** Names, ages and hash prefixes of the stored secrets; never a value. */
export async function envList(context: RunContext): Promise<EnvView> {
  return onStores(context, (session) => session.request("env-list"));
}

/** Stores one value on all hosts; `value: null` makes one on the host (`--generate`), never shown. */
export async function envSet(
  context: RunContext,
  secret: { name: string; value: string | null },
): Promise<EnvView> {
  // On one host the value never leaves it; several must share one, so that is made here.
  const value = secret.value ?? (context.targets.length > 1 ? randomBytes(38).toString("base64url") : null);
  const change =
    value === null
      ? { put: {}, drop: [], generate: [secret.name] }
      : { put: { [secret.name]: value }, drop: [], generate: [] };
  return onStores(context, (session) => session.request("env-change", { ...change, by: context.actor }));
}

/** Removes one stored value from all hosts. */
export async function envUnset(context: RunContext, name: string): Promise<EnvView> {
  const change = { put: {}, drop: [name], generate: [], by: context.actor };
  return onStores(context, (session) => session.request("env-change", change));
}

/** Stores many values on all hosts. */
export async function envImport(context: RunContext, values: Record<string, string>): Promise<EnvView> {
  const change = { put: values, drop: [], generate: [], by: context.actor };
  return onStores(context, (session) => session.request("env-change", change));
}

async function onStores(context: RunContext, act: (session: HostSession) => Promise<Rows>): Promise<EnvView> {
  const hosts = await withHosts(context, async (session) => {
    requireSetUp(session.name, await session.request("facts"));
    return { host: session.name, rows: await act(session) };
  });
  const entries = hosts.flatMap(({ host, rows }) =>
    rows.map(
      (row): EnvEntry => ({
        host,
        name: row.name,
        storedAt: new Date(row.at * 1000).toISOString(),
        hash: row.hash,
      }),
    ),
  );
  const missing = hosts.flatMap(({ host, rows }) =>
    context.config.env.secrets
      .filter((name) => !rows.some((row) => row.name === name))
      .map((name) => ({ host, name })),
  );
  return { environment: context.config.environment, entries, missing };
}
