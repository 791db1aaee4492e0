import { DeployError, type ErrorDetails, ExitCode } from "../errors.ts";
import { shortened } from "../report/visible.ts";

/** How the program behind a login ended; `lost`: the connection did, in these words. */
export interface Ending {
  code: number | null;
  signal: string | null;
  lost?: string;
}

/** What a login says in place of our agent: the pattern of its words, and what to do about that as root of the host. */
interface Known {
  says: RegExp;
  hint: (user: string) => string;
}

/**
 * In the words of OpenSSH (session.c), Debian's shadow (nologin), Linux-PAM, bash and CPython, as they were seen on booted
 * hosts (__tests__/hosts/no-way-out.test.ts).
 */
const known: readonly Known[] = [
  {
    says: /password has expired|Password change required|required to change your password/i,
    hint: (user) =>
      `the password of ${user} has expired; it needs none: chage -M -1 -d "$(date +%F)" ${user} on the host, as root`,
  },
  {
    says: /account is currently not available|\bnologin\b/i,
    hint: (user) => `${user} has no login shell: usermod -s /bin/sh ${user} on the host, as root`,
  },
  {
    says: /System is (booting up|going down)|Unprivileged users are not permitted/i,
    hint: () => "the host is starting or stopping (/run/nologin): try again when it is up",
  },
  {
    says: /too many logins/i,
    hint: (user) =>
      `a limit stands in the way: maxlogins of ${user} in /etc/security/limits.conf or limits.d`,
  },
  {
    says: /\b(rbash|rksh)\b.*restricted|exec: restricted/i,
    hint: (user) => `${user} has a restricted shell: usermod -s /bin/sh ${user} on the host, as root`,
  },
  {
    // Our loader (agent.ts) reads a length first: somebody read it before.
    says: /ValueError: invalid literal for int\(\) with base 10/,
    hint: () =>
      "a start-up file (.bashrc, .profile, .ssh/rc) reads what is sent: let it do so on a terminal only",
  },
  {
    says: /\bMemoryError\b|Cannot allocate memory|init_sys_streams/,
    hint: (user) =>
      `Python gets too little memory there: ulimit -v in a start-up file or limits.conf of ${user}`,
  },
];

/** Nothing of ours was heard: what the login said in its place is the message. */
export function notStarted(host: string, user: string, end: Ending, printed: string): DeployError {
  const said = tellingLine(printed);
  if (end.code === 127 || /python3: (command )?not found/i.test(printed)) {
    return new DeployError("host.no-python", ExitCode.failed, `${host} has no python3`, {
      host,
      expected: "Python 3.8 or newer as python3",
      seen: printed,
      hint: "djdeploy setup ENV --user root installs what is needed",
    });
  }
  const why = end.lost ?? `the login ended ${endText(end)}${said ? "" : " and printed nothing"}`;
  return new DeployError(
    "host.agent",
    end.lost === undefined ? ExitCode.failed : ExitCode.unreachable,
    `the agent could not be started on ${host}: ${said ? `${said} (${why})` : why}`,
    {
      host,
      expected: `a login of ${user} that starts python3`,
      ...output(printed),
      hint: hintFor(user, end, printed),
    },
  );
}

/** It was there, and each time it was gone before it had answered anything. `why`: how the last one ended. */
export function neverAnswered(host: string, user: string, why: string, printed: string): DeployError {
  const said = tellingLine(printed);
  return new DeployError(
    "host.connection-lost",
    ExitCode.failed,
    `the agent on ${host} ends before it answers: ${said ? `${said} (${why})` : why}`,
    {
      host,
      ...output(printed),
      hint:
        known.find(({ says }) => says.test(printed))?.hint(user) ??
        "does something on the host end processes of this user (memory, a time limit, a forced command)? journalctl -b on the host, as root, says it",
    },
  );
}

/** What was sent came back: no shell reads there. */
export function echoed(host: string, user: string): DeployError {
  return new DeployError(
    "host.agent",
    ExitCode.failed,
    `the agent could not be started on ${host}: what is sent there comes back as it is`,
    { host, expected: `a login of ${user} that starts python3`, hint: forced },
  );
}

const forced =
  'does another program stand in the way: command="…" before the key in authorized_keys, ForceCommand in sshd_config, or the user\'s shell?';

function hintFor(user: string, { signal, lost }: Ending, printed: string): string {
  const fits = known.find(({ says }) => says.test(printed));
  if (fits) return fits.hint(user);
  if (lost !== undefined)
    return "where the network is sound, look into the host's auth log: PAM, ChrootDirectory or a start-up file may end the session";
  if (signal !== null) return "something ended it: a start-up file, a limit (ulimit), or too little memory";
  return forced;
}

/** `with 3`, or `by SIGKILL`. */
export function endText({ code, signal }: Ending): string {
  if (signal !== null) return `by SIG${signal.replace(/^SIG/, "")}`;
  return code === null ? "without an exit code" : `with ${code}`;
}

/** The line that tells most: one that is known, or the last. */
function tellingLine(printed: string): string {
  const lines = printed.trim().split("\n");
  const line = lines.find((one) => known.some(({ says }) => says.test(one))) ?? lines.at(-1) ?? "";
  return shortened(line.trim(), 200);
}

function output(printed: string): ErrorDetails {
  return printed.trim().includes("\n") ? { output: printed } : {};
}
