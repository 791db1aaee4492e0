import http from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { answerProblems, leastAnswer, leastEntry, type Route, requestProblems, routeOf } from "./contract.ts";
import { commentShape, deploymentShape, statusShape } from "./shapes.ts";

interface Deployment {
  id: number;
  sent: Record<string, unknown>;
  statuses: { id: number; sent: Record<string, unknown> }[];
}

/** An answer that is given instead: GitHub limited, down, or asked without the permission. */
export interface Fault {
  status: number;
  headers?: Record<string, string>;
  message?: string;
}

export interface GithubStandIn {
  url: string;
  deployments: Deployment[];
  comments: { id: number; body: string; login: string }[];
  /** Check runs (`in_progress` or a conclusion) and commit statuses of every commit, by name. */
  checks: Record<string, string>;
  statuses: Record<string, string>;
  /** The branches that are protected. */
  protected: string[];
  /** `POST /repos/…`, in the order they came. */
  calls: string[];
  /** What was wrong with requests, or with our own answers; a test expects none. */
  problems: string[];
  /** Given instead of an answer, one request each; what is left over at the end was not asked for. */
  faults: Fault[];
  /** So many of the next answers are lost: what was asked is done, and the connection breaks. */
  lost: number;
  /** Given to every request, until it is taken away. */
  broken: Fault | "silence" | null;
  close(): void;
}

/**
 * A GitHub for one repository, org/site: keeps what it is told, and holds both sides to GitHub's own description. A
 * GitHub Enterprise Server has its API below `prefix`.
 */
export async function startGithub(prefix: "" | "/api/v3" = ""): Promise<GithubStandIn> {
  const github: GithubStandIn = {
    url: "",
    deployments: [],
    comments: [],
    checks: {},
    statuses: {},
    protected: [],
    calls: [],
    problems: [],
    faults: [],
    lost: 0,
    broken: null,
    close: () => server.close(),
  };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(github, request, Buffer.concat(chunks).toString("utf8"), response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return github;
}

function answer(
  github: GithubStandIn,
  request: http.IncomingMessage,
  text: string,
  response: http.ServerResponse,
): void {
  const { pathname: path, searchParams } = new URL(request.url ?? "/", github.url);
  const prefix = new URL(github.url).pathname.replace(/\/$/, "");
  const pathname = path.startsWith(prefix) ? path.slice(prefix.length) : `outside of the API: ${path}`;
  const method = request.method ?? "GET";
  const name = `${method} ${pathname}`;
  github.calls.push(name);
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  if (github.broken === "silence") return;
  const fault = github.faults.shift() ?? github.broken;
  if (fault) {
    send(fault.status, { message: fault.message ?? "broken" }, fault.headers);
    return;
  }
  if (!request.headers.authorization) {
    send(401, { message: "Requires authentication" });
    return;
  }
  const route = routeOf(method, pathname);
  if (!route) {
    github.problems.push(`${name}: no such operation`);
    send(404, { message: "Not Found" });
    return;
  }
  const body = text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
  const wrong = requestProblems(route, searchParams, body);
  if (wrong.length > 0) {
    github.problems.push(...wrong.map((problem) => `${name}: ${problem}`));
    send(422, { message: wrong.join() });
    return;
  }
  const { status, body: answered } = handle(github, route, searchParams, body ?? {});
  const odd = answerProblems(route, status, answered).map((problem) => `answer to ${name}: ${problem}`);
  github.problems.push(...odd);
  if (github.lost > 0) {
    github.lost--;
    response.destroy();
  } else send(status, answered);
}

function handle(
  github: GithubStandIn,
  route: Route,
  query: URLSearchParams,
  body: Record<string, unknown>,
): { status: number; body: unknown } {
  const { operation, parameters } = route;
  const base = `${github.url}/repos/org/site`;
  const shown = ({ id, sent }: Deployment) => deploymentShape(base, id, sent);
  const missing = { status: 404, body: { message: "Not Found" } };
  const deployment = github.deployments.find(({ id }) => id === Number(parameters["deployment_id"]));
  switch (`${operation.method} ${operation.path.replace("/repos/{owner}/{repo}", "")}`) {
    case "POST /deployments": {
      const made: Deployment = { id: 100 + github.deployments.length, sent: body, statuses: [] };
      github.deployments.push(made);
      return { status: 201, body: shown(made) };
    }
    case "GET /deployments": {
      const wanted = query.get("environment");
      const all = github.deployments.filter(({ sent }) => !wanted || sent["environment"] === wanted);
      return { status: 200, body: all.toReversed().map(shown) };
    }
    case "POST /deployments/{deployment_id}/statuses": {
      if (!deployment) return missing;
      const status = { id: deployment.statuses.length + 1, sent: body };
      deployment.statuses.push(status);
      return { status: 201, body: statusShape(base, deployment.id, status.id, body) };
    }
    case "GET /deployments/{deployment_id}/statuses": {
      if (!deployment) return missing;
      const last = deployment.statuses.toReversed().slice(0, Number(query.get("per_page") ?? 30));
      return { status: 200, body: last.map(({ id, sent }) => statusShape(base, deployment.id, id, sent)) };
    }
    case "GET /issues/{issue_number}/comments": {
      const size = Number(query.get("per_page") ?? 30);
      const from = (Number(query.get("page") ?? 1) - 1) * size;
      const page = github.comments.slice(from, from + size);
      return {
        status: 200,
        body: page.map(({ id, body: text, login }) => commentShape(base, id, text, login)),
      };
    }
    case "POST /issues/{issue_number}/comments": {
      const made = {
        id: 500 + github.comments.length,
        body: String(body["body"]),
        login: "github-actions[bot]",
      };
      github.comments.push(made);
      return { status: 201, body: commentShape(base, made.id, made.body, made.login) };
    }
    case "PATCH /issues/comments/{comment_id}": {
      const comment = github.comments.find(({ id }) => id === Number(parameters["comment_id"]));
      if (!comment) return missing;
      comment.body = String(body["body"]);
      return { status: 200, body: commentShape(base, comment.id, comment.body, comment.login) };
    }
    case "DELETE /issues/comments/{comment_id}": {
      const at = github.comments.findIndex(({ id }) => id === Number(parameters["comment_id"]));
      if (at < 0) return missing;
      github.comments.splice(at, 1);
      return { status: 204, body: undefined };
    }
    case "GET /branches/{branch}": {
      const name = parameters["branch"]!;
      const answer = { ...leastAnswer(route, 200), name, protected: github.protected.includes(name) };
      return { status: 200, body: answer };
    }
    case "GET /commits/{ref}/check-runs": {
      const runs = Object.entries(github.checks).map(([name, word]) => ({
        ...leastEntry("check-run"),
        name,
        ...(word === "in_progress"
          ? { status: word, conclusion: null }
          : { status: "completed", conclusion: word }),
      }));
      return { status: 200, body: { total_count: runs.length, check_runs: runs } };
    }
    case "GET /commits/{ref}/status": {
      const rows = Object.entries(github.statuses).map(([context, state]) => ({
        ...leastEntry("simple-commit-status"),
        context,
        state,
      }));
      return { status: 200, body: { ...leastAnswer(route, 200), total_count: rows.length, statuses: rows } };
    }
    default:
      return missing;
  }
}
