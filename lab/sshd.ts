import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Socket, connect as tcp } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import { newDeployKey } from "../src/ssh/new-key.ts";

/** What can go wrong on purpose; the object may be changed while the server runs. */
export interface Faults {
  /** Wait before each connection gets its greeting. */
  delayMs?: number;
  /** Take connections and never say a word. */
  silent?: boolean;
  /** Close each connection at once. */
  closeEarly?: boolean;
  /** Say this instead of an SSH greeting, then close. */
  greeting?: string;
  /** Never answer a login. */
  silentLogin?: boolean;
  /** Let in, and never answer a request for a program or a forwarding. */
  silentChannels?: boolean;
  /** Open channels, and refuse to start a program on them, as a host that can not fork. */
  noPrograms?: boolean;
  /** Refuse direct-tcpip channels, as AllowTcpForwarding no does. */
  noForwarding?: boolean;
  /** Wrong keys after which the server hangs up (sshd's MaxAuthTries); default 6. */
  maxAuthTries?: number;
  /** Channels at a time on one connection (sshd's MaxSessions); default 10. */
  maxSessions?: number;
}

export interface SshServerOptions {
  /** Lines of an authorized_keys file; `HOME/.ssh/authorized_keys` counts too, as it is at each login. */
  authorizedKeys: string[];
  /** The only user who may log in. */
  user: string;
  home: string;
  /** Private host keys, in OpenSSH's format or PEM; default: a new ed25519 key. */
  hostKeys?: string[];
  env?: Record<string, string>;
  /** Of this machine's loopback; default 127.0.0.1. */
  address?: string;
  port?: number;
  faults?: Faults;
  /** Algorithms as ssh2 takes them. */
  algorithms?: ssh2.Algorithms;
  /** Answers commands itself instead of running them. */
  answer?: (channel: ServerChannel, command: string) => void;
  /** Hears what goes over each channel of a command: `in` from the client, `out` from the program's standard output. */
  tap?: (command: string) => (way: "in" | "out", bytes: Buffer) => void;
}

export interface SshServer {
  host: string;
  port: number;
  /** Lines for known_hosts that pin this server. */
  knownHosts: string[];
  faults: Faults;
  /** SSH connections that were opened so far. */
  connections(): number;
  /** Connections that are open now. */
  open(): number;
  /** Packets of the login that came in so far: `none`, `publickey`, … */
  logins: string[];
  /** Cuts all connections, as a pulled cable that is noticed. */
  cut(): void;
  /** Stops reading and writing on all connections, as a pulled cable that is not noticed. */
  freeze(): void;
  /** Ends the server, its connections and every program it started. */
  stop(): Promise<void>;
}

/**
 * A throw-away SSH server on loopback: runs commands with `/bin/sh -c` as the current user in `home`, with an
 * environment of its own. Like sshd, it leaves a program alive whose client is gone (its standard input ends, its
 * output leads nowhere) until `stop()`.
 */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const hostKeys = options.hostKeys ?? [newDeployKey("lab").privateKey];
  const host = options.address ?? "127.0.0.1";
  const faults: Faults = options.faults ?? {};
  const children = new Set<ChildProcess>();
  const sockets = new Set<Socket>();
  const logins: string[] = [];
  let count = 0;

  const ssh = new ssh2.Server(
    { hostKeys, ...(options.algorithms ? { algorithms: options.algorithms } : {}) },
    (client) => {
      client.on("error", () => {});
      let failures = 0;
      client.on("authentication", (context) => {
        logins.push(context.method);
        if (faults.silentLogin) return;
        if (isAllowed(context, options)) return context.accept();
        if (context.method === "publickey" && ++failures >= (faults.maxAuthTries ?? 6)) {
          tooManyFailures(client);
          return;
        }
        context.reject(["publickey"]);
      });
      client.on("ready", () => serve(client, options, faults, children));
    },
  );

  const front = createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    if (faults.closeEarly) return void socket.destroy();
    if (faults.silent) return void socket.resume(); // read, or its end would not be noticed
    if (faults.greeting !== undefined) return void socket.resume().end(faults.greeting);
    if (faults.delayMs) setTimeout(() => ssh.injectSocket(socket), faults.delayMs);
    else ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(options.port ?? 0, host, resolve);
  });
  const { port } = front.address() as { port: number };

  return {
    host,
    port,
    knownHosts: hostKeys.map((key) => knownHostsLine(key, host, port)),
    faults,
    connections: () => count,
    open: () => sockets.size,
    logins,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    freeze: () => {
      for (const socket of sockets) {
        socket.pause();
        socket.write = () => true;
      }
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([...children].map(endProgram));
      await closed;
    },
  };
}

function knownHostsLine(key: string, host: string, port: number): string {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return `[${host}]:${port} ${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}

function isAllowed(context: AuthContext, options: SshServerOptions): boolean {
  if (context.method !== "publickey" || context.username !== options.user) return false;
  const file = `${options.home}/.ssh/authorized_keys`;
  const lines = [
    ...options.authorizedKeys,
    ...(existsSync(file) ? readFileSync(file, "utf8").split("\n") : []),
  ];
  for (const line of lines) {
    const base64 = /(?:^|\s)(?:ssh-|ecdsa-)\S+ (AAAA\S+)/.exec(line)?.[1];
    if (base64 === undefined || !context.key.data.equals(Buffer.from(base64, "base64"))) continue;
    if (context.signature === undefined) return true;
    const key = ssh2.utils.parseKey(context.key.data);
    return !(key instanceof Error) && key.verify(context.blob!, context.signature, context.hashAlgo) === true;
  }
  return false;
}

/** What sshd says before it hangs up (RFC 4253, section 11.1, reason 2). */
function tooManyFailures(client: Connection): void {
  const protocol = (client as unknown as { _protocol: { disconnect(reason: number): void } })._protocol;
  protocol.disconnect(2);
  client.end();
}

function serve(
  client: Connection,
  options: SshServerOptions,
  faults: Faults,
  children: Set<ChildProcess>,
): void {
  let open = 0;
  if (faults.silentChannels) {
    client.on("session", () => {});
    client.on("tcpip", () => {});
    return;
  }
  client.on("session", (accept, reject) => {
    if (open >= (faults.maxSessions ?? 10)) return void reject();
    open++;
    const session = accept();
    session.on("close", () => {
      open--;
    });
    session.on("exec", (acceptExec, reject, { command }) => {
      if (faults.noPrograms) return void reject();
      const channel = acceptExec();
      if (options.answer) options.answer(channel, command);
      else run(channel, command, options, children);
    });
  });
  if (faults.noForwarding) return;
  client.on("tcpip", (accept, reject, { destIP, destPort }) => {
    const socket = tcp(destPort, destIP);
    socket.once("error", () => reject());
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      const channel = accept();
      socket.on("error", () => channel.end());
      channel.on("error", () => socket.destroy());
      channel.on("close", () => socket.destroy());
      socket.pipe(channel).pipe(socket);
    });
  });
}

function run(
  channel: ServerChannel,
  command: string,
  options: SshServerOptions,
  children: Set<ChildProcess>,
): void {
  const child = spawn("/bin/sh", ["-c", command], {
    cwd: options.home,
    // A session of its own, as sshd gives: it can be ended whole.
    detached: true,
    env: {
      PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
      HOME: options.home,
      USER: options.user,
      LOGNAME: options.user,
      SHELL: "/bin/sh",
      LANG: "C.UTF-8",
      ...options.env,
    },
  });
  children.add(child);
  child.on("error", () => channel.close());
  child.stdin.on("error", () => {});
  channel.on("error", () => {});
  const tap = options.tap?.(command);
  if (tap) {
    channel.on("data", (bytes: Buffer) => tap("in", bytes));
    child.stdout.on("data", (bytes: Buffer) => tap("out", bytes));
  }
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code, signal) => {
    children.delete(child);
    if (signal !== null) channel.exit(signal.replace(/^SIG/, ""), false, "");
    else channel.exit(code ?? 255);
    channel.end();
  });
  channel.on("close", () => {
    child.stdin.end();
    child.stdout.destroy();
    child.stderr.destroy();
  });
}

/** Ends a program with its whole process group, and waits until it is gone. */
function endProgram(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      resolve();
    }
  });
}
