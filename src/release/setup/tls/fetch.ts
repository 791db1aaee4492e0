import { lookup } from "node:dns/promises";
import { get } from "node:http";
import type { Fetched } from "./reach.ts";

const patienceMs = 10_000;

/** Where a token is fetched, and what it is. */
export interface Token {
  path: string;
  text: string;
}

/** Fetches the token by each name, at each of its addresses, as an authority would. Never rejects. */
export async function fetchFromHere(names: string[], token: Token, signal?: AbortSignal): Promise<Fetched[]> {
  return (await Promise.all(names.map((name) => fetchName(name, token, signal)))).flat();
}

async function fetchName(name: string, token: Token, signal?: AbortSignal): Promise<Fetched[]> {
  const row = { from: "here", name, address: null } as const;
  let addresses: string[];
  try {
    addresses = (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === "ENOTFOUND";
    return [{ ...row, outcome: missing ? "no-address" : "unknown", seen: "" }];
  }
  return await Promise.all(
    addresses.map(async (address) => ({ ...row, address, ...(await ask(name, address, token, signal)) })),
  );
}

/** One request, whose redirects are not followed: our site answers this path itself. */
function ask(
  name: string,
  address: string,
  { path, text }: Token,
  signal?: AbortSignal,
): Promise<Pick<Fetched, "outcome" | "seen">> {
  return new Promise((resolve) => {
    const limit = AbortSignal.timeout(patienceMs);
    const request = get(
      {
        host: address,
        path,
        headers: { Host: name, "User-Agent": "djdeploy" },
        agent: false,
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
          if (body.length > 4_096) request.destroy();
        });
        const end = () => {
          if (response.statusCode === 200 && body.trim() === text)
            return resolve({ outcome: "token", seen: "" });
          const server = response.headers.server?.slice(0, 60);
          resolve({ outcome: "other", seen: `${response.statusCode}${server ? ` by ${server}` : ""}` });
        };
        response.on("end", end);
        response.on("close", end);
      },
    );
    request.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ outcome: outcomeOf(error), seen: "" });
    });
  });
}

function outcomeOf({ code, name }: NodeJS.ErrnoException): Fetched["outcome"] {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ETIMEDOUT" || name === "AbortError" || name === "TimeoutError") return "silent";
  // A machine without IPv6, as GitHub's runners are, says that there is no way.
  if (code === "ENETUNREACH" || code === "EADDRNOTAVAIL" || code === "EHOSTUNREACH") return "unknown";
  return code?.startsWith("HPE_") || code === "ECONNRESET" ? "other" : "unknown";
}
