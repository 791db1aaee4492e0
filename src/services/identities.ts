import { createHash } from "node:crypto";

/**
 * The user that deploys an application which runs as `user`: it logs in, owns code, environments, secrets and links, and
 * may start the application's programs as `user`. With an underscore, which no name of an application has; at most 32
 * characters, which is as many as useradd takes.
 */
export function deployUser(user: string): string {
  const name = `${user}_deploy`;
  if (name.length <= 32) return name;
  const short = createHash("sha256").update(user).digest("hex").slice(0, 6);
  return `${user.slice(0, 18)}_${short}_deploy`;
}

/** Root's program by which the deploying user starts what runs as the application's user. */
export function asUserPath(app: string): string {
  return `/usr/local/lib/djdeploy/${app}-as`;
}

/** Its text. sudo decides who may start it and as whom; a name of its own keeps the rule to this application. */
export function asUserProgram(): string {
  return `[ $# -gt 0 ] || exit 2\nexec /usr/bin/setpriv --no-new-privs -- "$@"\n`;
}
