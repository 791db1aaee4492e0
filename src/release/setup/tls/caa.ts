import { Resolver } from "node:dns/promises";

/** Each question for itself, so that a silent name server costs a name its labels times this. */
const asked = { timeout: 3_000, tries: 1 };

/**
 * The first name whose CAA records allow other authorities than `issuer`, with those: RFC 8659, the nearest ancestor that
 * has any counts. null where none forbids, or nobody can be asked.
 */
export async function forbidden(
  names: string[],
  issuer: string,
): Promise<{ name: string; allowed: string[] } | null> {
  const resolver = new Resolver(asked);
  const rows = await Promise.all(
    names.map(async (name) => ({ name, allowed: await allowedBy(resolver, name) })),
  );
  for (const { name, allowed } of rows)
    if (allowed !== null && !allowed.includes(issuer)) return { name, allowed };
  return null;
}

async function allowedBy(resolver: Resolver, name: string): Promise<string[] | null> {
  const labels = name.split(".");
  for (let at = 0; at < labels.length - 1; at++) {
    const records = await resolver.resolveCaa(labels.slice(at).join(".")).catch(() => []);
    if (records.length === 0) continue;
    const issuers = records.flatMap(({ issue }) =>
      issue === undefined ? [] : [issue.split(";")[0]!.trim()],
    );
    // Records of other kinds alone (iodef) forbid nothing.
    return issuers.length === 0 ? null : issuers;
  }
  return null;
}
