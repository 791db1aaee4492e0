import { setTimeout as delay } from "node:timers/promises";
// In this order.
import "./event-aside.ts";
import { getOctokit } from "@actions/github";
import "./event-back.ts";
import { type Client, createClient } from "../github/client.ts";

/**
 * The API of the repository that this workflow runs in, at GITHUB_API_URL; null without a token or a repository.
 * Nothing is asked yet.
 */
export function connectGithub(env: Record<string, string | undefined>): Client | null {
  const token = env["INPUT_GITHUB-TOKEN"];
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? "").split("/");
  if (!token || !owner || !repo) return null;
  const octokit = createOctokit(token, env.GITHUB_API_URL || "https://api.github.com");
  return createClient(octokit, { owner, repo, timeoutMs: 10_000, pause });
}

/** GitHub's client, which says nothing by itself. */
export function createOctokit(token: string, baseUrl: string): ReturnType<typeof getOctokit> {
  return getOctokit(token, { baseUrl, log: silent });
}

const pause = (ms: number) => delay(ms);

/** A while that nobody has to wait for: the process may end before. */
export const patience = (ms: number) => delay(ms, undefined, { ref: false });

/** Octokit's own words would stand in the log without a place; what matters is said by us. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };
