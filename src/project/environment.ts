/**
 * The names that programs of the project (git's filters, the build, pip, the tests) get from our own environment.
 * Everything else stays out: the SSH key, the token, `INPUT_*`, `SSH_AUTH_SOCK`, and whatever else a workflow holds.
 */
export const passedOn = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ"],
  ...["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE"],
  ...["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"],
  // What a workflow's log and tools look at to know where they run; none of it is a secret.
  ...["CI", "GITHUB_ACTIONS", "RUNNER_OS", "RUNNER_ARCH", "RUNNER_TOOL_CACHE"],
  // actions/setup-python's interpreter finds its library by these.
  ...["LD_LIBRARY_PATH", "pythonLocation", "PYENV_ROOT", "PYENV_VERSION"],
  // The way out of a company's network.
  ...["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT"],
] as const;

/** The environment of a program of the project: the names above, plus what the caller adds. */
export function scrubbed(added: Record<string, string> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...added };
}
