/** Answers of GitHub with every field that its description requires. */

const user = (login: string) => ({
  login,
  id: 1,
  node_id: "U_1",
  avatar_url: "",
  gravatar_id: "",
  url: "",
  html_url: "",
  followers_url: "",
  following_url: "",
  gists_url: "",
  starred_url: "",
  subscriptions_url: "",
  organizations_url: "",
  repos_url: "",
  events_url: "",
  received_events_url: "",
  type: login.endsWith("[bot]") ? "Bot" : "User",
  site_admin: false,
});

const time = "2026-11-20T11:04:55Z";

export function deploymentShape(url: string, id: number, sent: Record<string, unknown>): object {
  return {
    url: `${url}/deployments/${id}`,
    id,
    node_id: `D_${id}`,
    sha: sent["ref"],
    ref: sent["ref"],
    task: sent["task"],
    payload: sent["payload"],
    environment: sent["environment"],
    description: sent["description"] ?? null,
    creator: user("github-actions[bot]"),
    created_at: time,
    updated_at: time,
    statuses_url: `${url}/deployments/${id}/statuses`,
    repository_url: url,
  };
}

export function statusShape(
  url: string,
  deployment: number,
  id: number,
  sent: Record<string, unknown>,
): object {
  return {
    url: `${url}/deployments/${deployment}/statuses/${id}`,
    id,
    node_id: `S_${id}`,
    state: sent["state"],
    creator: user("github-actions[bot]"),
    description: sent["description"] ?? "",
    environment_url: sent["environment_url"] ?? "",
    log_url: sent["log_url"] ?? "",
    target_url: "",
    created_at: time,
    updated_at: time,
    deployment_url: `${url}/deployments/${deployment}`,
    repository_url: url,
  };
}

export function commentShape(url: string, id: number, body: string, login: string): object {
  return {
    id,
    node_id: `C_${id}`,
    url: `${url}/issues/comments/${id}`,
    html_url: `${url}#issuecomment-${id}`,
    body,
    user: user(login),
    created_at: time,
    updated_at: time,
    issue_url: `${url}/issues/7`,
    author_association: "NONE",
  };
}
