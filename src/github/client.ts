/** What of Octokit is used: its requests. */
export interface Octokit {
  request(route: string, parameters?: Record<string, unknown>): Promise<{ data: unknown }>;
}

/** One repository's API. A call is asked again where that can help; else it rejects with `GithubError`. */
export interface Client {
  /** `creates`: what GitHub did not answer may have been done, so it is only asked again where it was turned away. */
  call<T>(route: string, parameters?: Record<string, unknown>, options?: { creates: boolean }): Promise<T>;
}

/** Why GitHub did not do what it was asked; the message is for people. */
export class GithubError extends Error {
  /** null: there was no answer. */
  readonly status: number | null;
  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ClientOptions {
  owner: string;
  repo: string;
  pause(ms: number): Promise<void>;
  /** Of one attempt. */
  timeoutMs: number;
}

const tries = 4;
/** A release is not held up longer by a rate limit; what was not recorded is said. */
const longestWaitMs = 20_000;

/** The permission that a route needs, as a line of a workflow's `permissions`. */
const grants: [RegExp, string][] = [
  [/^POST .*\/deployments/, "deployments: write"],
  [/\/deployments/, "deployments: read"],
  [/^(?:POST|PATCH|DELETE) .*\/comments/, "pull-requests: write"],
  [/\/comments/, "pull-requests: read"],
  [/\/check-runs/, "checks: read"],
  [/\/status$/, "statuses: read"],
  [/\/branches\//, "contents: read"],
];

export function createClient(octokit: Octokit, { owner, repo, pause, timeoutMs }: ClientOptions): Client {
  return {
    async call<T>(
      route: string,
      parameters: Record<string, unknown> = {},
      options = { creates: false },
    ): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        try {
          const request = { signal: AbortSignal.timeout(timeoutMs) };
          const { data } = await octokit.request(route, { owner, repo, ...parameters, request });
          return data as T;
        } catch (thrown) {
          const open = options.creates && unanswered(thrown);
          const wait = attempt < tries && !open ? waitFor(thrown, attempt) : null;
          if (wait === null) throw explained(thrown, route);
          await pause(wait);
        }
      }
    },
  };
}

interface Failure {
  status?: number;
  message?: string;
  name?: string;
  response?: { headers?: Record<string, string | undefined> };
}

/** No answer, or one of a server that failed on the way. */
function unanswered(thrown: unknown): boolean {
  const { status } = thrown as Failure;
  return status === undefined || status >= 500;
}

/** Milliseconds until the next attempt; null when none can help. */
function waitFor(thrown: unknown, attempt: number): number | null {
  const { status, response } = thrown as Failure;
  const backOff = 500 * 2 ** (attempt - 1);
  if (status === undefined || status >= 500) return backOff;
  if (status !== 429 && status !== 403) return null;
  const headers = response?.headers ?? {};
  const after = Number(headers["retry-after"] ?? Number.NaN);
  const limited = status === 429 || headers["x-ratelimit-remaining"] === "0" || !Number.isNaN(after);
  if (!limited) return null;
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN) * 1000 - Date.now();
  const wait = Math.max(backOff, Number.isNaN(after) ? (Number.isNaN(reset) ? 0 : reset) : after * 1000);
  return wait > longestWaitMs ? null : wait;
}

function explained(thrown: unknown, route: string): GithubError {
  const { status, message = String(thrown), name } = thrown as Failure;
  const short = message.split(" - https://")[0]!.split("\n")[0]!;
  if (status === 403 && /not accessible/i.test(message)) {
    const grant = grants.find(([pattern]) => pattern.test(route))?.[1];
    const line = grant ? `; add to the job: permissions: {${grant}}` : "";
    return new GithubError(status, `the token may not do that (403)${line}`);
  }
  if (status === 401) return new GithubError(status, "GitHub does not accept the token (401)");
  if (status === 403 || status === 429)
    return new GithubError(status, `GitHub limits the rate (${status}): ${short}`);
  if (status !== undefined && status < 500) return new GithubError(status, `GitHub says ${status}: ${short}`);
  const what =
    name === "TimeoutError" || name === "AbortError" || /abort|timeout/i.test(short)
      ? "did not answer in time"
      : `is not available (${status ?? short})`;
  return new GithubError(status ?? null, `GitHub ${what}`);
}
