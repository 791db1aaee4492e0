import { createHash } from "node:crypto";

/** nginx's user on Debian and Ubuntu. */
export const webUser = "www-data";

/**
 * The group of one application that nginx's user joins: what only it may enter are the sockets and what is public. With
 * an underscore, which no name of an application has, so that it is no other one's user; at most 32 characters.
 */
export function webGroup(app: string): string {
  const name = `${app}_nginx`;
  if (name.length <= 32) return name;
  const short = createHash("sha256").update(app).digest("hex").slice(0, 6);
  return `${app.slice(0, 19)}_${short}_nginx`;
}
