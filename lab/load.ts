import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";

export type LoadAnswer = { status: number; headers: IncomingHttpHeaders; body: string };

export type LoadOptions = {
  /** Where to ask; over https any certificate will do. The address may differ from the URL's host, which is what the request names. */
  url: string;
  address?: string;
  port?: number;
  headers?: Record<string, string>;
  /** How many ask at the same time, each one request after the other. Default 8. */
  clients?: number;
  /** From the start of a request to the last byte of its answer. Default 10 s. */
  requestTimeoutMs?: number;
  /** The load ends by itself after this long. Default 120 s. */
  maxSeconds?: number;
  /** Between two requests of one client, so that the loop does not eat the machine. Default 5 ms. */
  pauseMs?: number;
  /** Ask again on the same connection. Default: a new connection for each request. */
  keepAlive?: boolean;
  /** Judges an answer of class 2xx: true, or what is wrong with it. */
  check?: (answer: LoadAnswer) => true | string;
};

export type LoadKind =
  | "ok"
  | "wrong answer"
  | "1xx"
  | "3xx"
  | "4xx"
  | "5xx"
  | "refused"
  | "reset"
  | "timeout"
  | "other";

export type LoadResult = {
  sent: number;
  ok: number;
  failed: number;
  kinds: Partial<Record<LoadKind, number>>;
  /** Of all requests, failed ones too. */
  slowestMs: number;
  durationMs: number;
  /** The first 20, with milliseconds since the start of the load. */
  failures: { atMs: number; kind: LoadKind; detail: string }[];
  /** maxSeconds was over before stop() was called: what happened later was not watched. */
  ranOut: boolean;
};

export type Load = {
  /** What was counted so far. */
  now(): LoadResult;
  /** Asks nothing new, waits for the answers under way, and gives the whole count. */
  stop(): Promise<LoadResult>;
};

/** Keeps asking for a page until `stop`. Every request is counted, in exactly one kind. */
export function startLoad(options: LoadOptions): Load {
  const target = targetOf(options);
  const began = performance.now();
  const lastStart = began + (options.maxSeconds ?? 120) * 1000;
  const pauseMs = options.pauseMs ?? 5;
  const result: LoadResult = {
    ...{ sent: 0, ok: 0, failed: 0, kinds: {}, slowestMs: 0, durationMs: 0, failures: [], ranOut: false },
  };
  let stopping = false;

  const client = async () => {
    const kept = options.keepAlive ? { keepAlive: true, maxSockets: 1 } : {};
    const agent = target.tls ? new TlsAgent({ ...kept, rejectUnauthorized: false }) : new Agent(kept);
    while (!stopping && !result.ranOut) {
      const start = performance.now();
      const { kind, detail } = await ask(target, agent, options);
      const end = performance.now();
      result.sent++;
      result.kinds[kind] = (result.kinds[kind] ?? 0) + 1;
      result.slowestMs = Math.max(result.slowestMs, Math.round(end - start));
      if (kind === "ok") result.ok++;
      else {
        result.failed++;
        if (result.failures.length < 20)
          result.failures.push({ atMs: Math.round(end - began), kind, detail });
      }
      if (end >= lastStart) result.ranOut = true;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    agent.destroy();
  };
  const clients = Array.from({ length: options.clients ?? 8 }, client);
  const now = () => ({ ...result, durationMs: Math.round(performance.now() - began) });
  return {
    now,
    async stop() {
      stopping = true;
      await Promise.all(clients);
      return now();
    },
  };
}

type Target = { tls: boolean; host: string; port: number; path: string; headers: Record<string, string> };

function targetOf(options: LoadOptions): Target {
  const url = new URL(options.url);
  const tls = url.protocol === "https:";
  const host = options.address ?? url.hostname;
  if (!/^(127\.\d+\.\d+\.\d+|localhost|10\.99\.\d+\.\d+)$/.test(host))
    throw new Error(`load goes to this machine and to hosts of the lab only, not to ${host}`);
  const port = options.port ?? (Number(url.port) || (tls ? 443 : 80));
  return {
    tls,
    host,
    port,
    path: url.pathname + url.search,
    headers: { host: url.host, ...options.headers },
  };
}

function ask(
  { tls, ...target }: Target,
  agent: Agent,
  options: LoadOptions,
): Promise<{ kind: LoadKind; detail: string }> {
  const timeoutMs = options.requestTimeoutMs ?? 10_000;
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const detail = `${error.code ? `${error.code}: ` : ""}${error.message}`;
      resolve({ kind: kindOf(error), detail });
    };
    const asked = (tls ? tlsRequest : request)({ ...target, agent }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => {
        body += text;
      });
      answer.on("error", fail);
      answer.on("end", () => {
        clearTimeout(timer);
        resolve(judge({ status: answer.statusCode ?? 0, headers: answer.headers, body }, options.check));
      });
    });
    const timer = setTimeout(() => {
      asked.destroy(
        Object.assign(new Error(`no whole answer within ${timeoutMs} ms`), { code: "ETIMEDOUT" }),
      );
    }, timeoutMs);
    asked.on("error", fail);
    asked.end();
  });
}

function judge(answer: LoadAnswer, check: LoadOptions["check"]): { kind: LoadKind; detail: string } {
  const kind = `${Math.floor(answer.status / 100)}xx`;
  const start = answer.body.slice(0, 200);
  if (kind !== "2xx") return { kind: kind as LoadKind, detail: `status ${answer.status}: ${start}` };
  const verdict = check?.(answer) ?? true;
  return verdict === true
    ? { kind: "ok", detail: "" }
    : { kind: "wrong answer", detail: `${verdict}: ${start}` };
}

function kindOf(error: NodeJS.ErrnoException): LoadKind {
  if (error.code === "ECONNREFUSED") return "refused";
  if (error.code === "ETIMEDOUT" || error.code === "EHOSTUNREACH") return "timeout";
  if (error.code === "ECONNRESET" || error.code === "EPIPE") return "reset";
  return "other";
}

/** One line for a test's message or a report. */
export function describeLoad(result: LoadResult): string {
  const kinds = Object.entries(result.kinds).map(([kind, count]) => `${count} ${kind}`);
  const seconds = (result.durationMs / 1000).toFixed(1);
  const first = result.failures[0];
  const failure = first ? `; first failure after ${first.atMs} ms: ${first.detail}` : "";
  return `${result.sent} requests in ${seconds} s: ${kinds.join(", ")}; slowest ${result.slowestMs} ms${failure}`;
}
