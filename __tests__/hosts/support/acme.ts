import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabHost } from "../../../lab/host.ts";

/** An error document of an authority (RFC 8555, 6.7). */
export interface AcmeError {
  type: string;
  detail: string;
  status: number;
}

/** A stand-in for an ACME authority: what pebble has no answer for can be scripted. It believes every signature. */
export interface Authority {
  /** For tls.certbot.server. */
  directory: string;
  /** What it answers to an order; null = it goes on. */
  refuseOrder: AcmeError | null;
  /** What becomes of a challenge that was asked for; null = it is asked, at the host's port 80. */
  refuseChallenge: AcmeError | null;
  /** Orders that came. */
  orders: number;
  stop(): Promise<void>;
}

interface Order {
  names: string[];
  state: "pending" | "ready" | "valid" | "invalid";
  thumbprint: string;
  certificate: string;
  error: AcmeError | null;
}

const error = (kind: string, detail: string, status: number): AcmeError => ({
  type: `urn:ietf:params:acme:error:${kind}`,
  detail,
  status,
});
export const acmeError = error;

/** Starts it where the host's way out leads; the host trusts it and finds all names at its own address. */
export async function startAuthority(host: LabHost, names: string[]): Promise<Authority> {
  const place = mkdtempSync(join(tmpdir(), "djdeploy-acme-"));
  const openssl = (line: string) =>
    execFileSync("openssl", line.split(" "), { cwd: place, stdio: ["ignore", "pipe", "ignore"] });
  openssl(
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -addext subjectAltName=DNS:authority -keyout key.pem -out cert.pem",
  );
  const gateway = host.address.replace(/\d+$/, "1");
  const orders: Order[] = [];
  const keys = new Map<string, string>();
  const authority: Authority = {
    directory: "",
    refuseOrder: null,
    refuseChallenge: null,
    orders: 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(place, { recursive: true });
    },
  };
  const tls = { key: readFileSync(join(place, "key.pem")), cert: readFileSync(join(place, "cert.pem")) };
  const server = createServer(tls, async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const answer = await answerTo(request.url ?? "/", body);
    response.writeHead(answer.status ?? 200, {
      "Replay-Nonce": createHash("sha256").update(String(Math.random())).digest("base64url"),
      "Content-Type": answer.type ?? "application/json",
      ...(answer.up ? { Link: `<${answer.up}>;rel="up"` } : {}),
      ...(answer.location ? { Location: answer.location } : {}),
    });
    response.end(request.method === "HEAD" ? "" : (answer.text ?? JSON.stringify(answer.body ?? {})));
  });
  await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
  const { port } = server.address() as { port: number };
  const base = `https://authority:${port}`;
  authority.directory = `${base}/dir`;

  interface Answer {
    status?: number;
    type?: string;
    location?: string;
    /** A link to what it is a part of. */
    up?: string;
    body?: object;
    text?: string;
  }

  async function answerTo(url: string, body: string): Promise<Answer> {
    const [, what = "", number = ""] = url.split("/");
    const order = orders[Number(number)];
    if (what === "dir")
      return {
        body: {
          newNonce: `${base}/nonce`,
          newAccount: `${base}/account`,
          newOrder: `${base}/order`,
          revokeCert: `${base}/revoke`,
          keyChange: `${base}/key`,
          meta: {},
        },
      };
    if (what === "nonce") return {};
    const { head, payload } = signed(body);
    if (what === "account") {
      const location = `${base}/accounts/${keys.size}`;
      keys.set(location, thumbprint(head.jwk!));
      return { status: 201, location, body: { status: "valid" } };
    }
    if (what === "order") {
      authority.orders++;
      if (authority.refuseOrder) return problem(authority.refuseOrder);
      const wanted = (payload["identifiers"] as { value: string }[]).map(({ value }) => value);
      orders.push({
        names: wanted,
        state: "pending",
        thumbprint: keys.get(head.kid ?? "") ?? "",
        certificate: "",
        error: null,
      });
      const at = orders.length - 1;
      return { status: 201, location: `${base}/orders/${at}`, body: shown(at) };
    }
    if (order === undefined) return problem(error("malformed", `no ${url}`, 404));
    if (what === "orders") return { body: shown(Number(number)) };
    if (what === "authz") return { body: authz(Number(number), Number(url.split("/")[3])) };
    if (what === "challenge") {
      order.error = authority.refuseChallenge ?? (await challenged(order, Number(url.split("/")[3])));
      if (order.error) order.state = "invalid";
      else order.state = "ready";
      const up = url.replace("/challenge/", `${base}/authz/`);
      return { up, body: challenge(Number(number), Number(url.split("/")[3])) };
    }
    if (what === "finalize") {
      writeFileSync(join(place, "csr.der"), Buffer.from(String(payload["csr"]), "base64url"));
      writeFileSync(
        join(place, "ext"),
        `subjectAltName=${order.names.map((name) => `DNS:${name}`).join(",")}\n`,
      );
      const leaf = openssl(
        "x509 -req -inform DER -in csr.der -CA cert.pem -CAkey key.pem -CAcreateserial -days 90 -extfile ext",
      );
      order.certificate = `${leaf}${tls.cert}`;
      order.state = "valid";
      return { body: shown(Number(number)), location: `${base}/orders/${number}` };
    }
    return { type: "application/pem-certificate-chain", text: order.certificate };
  }

  const shown = (at: number) => ({
    status: orders[at]!.state,
    identifiers: orders[at]!.names.map((value) => ({ type: "dns", value })),
    authorizations: orders[at]!.names.map((_, index) => `${base}/authz/${at}/${index}`),
    finalize: `${base}/finalize/${at}`,
    ...(orders[at]!.state === "valid" ? { certificate: `${base}/certificate/${at}` } : {}),
  });
  const stateOf = ({ state, error }: Order) =>
    error ? "invalid" : state === "pending" ? "pending" : "valid";
  const challenge = (at: number, index: number) => ({
    type: "http-01",
    url: `${base}/challenge/${at}/${index}`,
    token: tokenOf(at, index),
    status: stateOf(orders[at]!),
    ...(orders[at]!.error ? { error: orders[at]!.error } : {}),
  });
  const authz = (at: number, index: number) => ({
    identifier: { type: "dns", value: orders[at]!.names[index] },
    status: stateOf(orders[at]!),
    challenges: [challenge(at, index)],
  });
  const problem = (one: AcmeError): Answer => ({
    status: one.status,
    type: "application/problem+json",
    body: one,
  });

  /** Asks the host for what proves that the name is its own. */
  function challenged(order: Order, index: number): Promise<AcmeError | null> {
    const [name = "", token] = [order.names[index], tokenOf(orders.indexOf(order), index)];
    return new Promise((resolve) => {
      const path = `/.well-known/acme-challenge/${token}`;
      get({ host: host.address, path, headers: { host: name }, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        const wanted = `${token}.${order.thumbprint}`;
        response.on("end", () =>
          resolve(
            text.trim() === wanted ? null : error("unauthorized", `${name}: ${response.statusCode}`, 403),
          ),
        );
      }).on("error", (thrown) => resolve(error("connection", `${name}: ${thrown.message}`, 400)));
    });
  }

  const known = await host.root(
    `cat >/usr/local/share/ca-certificates/authority.crt && update-ca-certificates >/dev/null && echo '${gateway} authority
${host.address} ${names.join(" ")}' >>/etc/hosts`,
    { input: String(tls.cert) },
  );
  if (known.code !== 0) throw new Error(known.stderr);
  return authority;
}

const tokenOf = (at: number, index: number) =>
  createHash("sha256").update(`${at}/${index}`).digest("base64url");

interface Head {
  kid?: string;
  jwk?: Record<string, string>;
}

/** A JWS in flattened form; nothing is verified. */
function signed(body: string): { head: Head; payload: Record<string, unknown> } {
  if (body === "") return { head: {}, payload: {} };
  const { protected: head, payload } = JSON.parse(body) as { protected: string; payload: string };
  const text = Buffer.from(payload, "base64url").toString();
  return {
    head: JSON.parse(Buffer.from(head, "base64url").toString()) as Head,
    payload: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** RFC 7638, of an RSA key. */
function thumbprint({ e, kty, n }: Record<string, string>): string {
  return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
}
