import type { Readable, Writable } from "node:stream";

export interface ExecResult {
  /** null when a signal ended it or the connection was lost: never a success. */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  /** Goes to standard input. */
  input?: string | Buffer;
  timeoutMs?: number;
  /** Is handed standard output as it comes. */
  onOutput?: (chunk: Buffer) => void;
}

/** A program on the host with its three streams. */
export interface Channel {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /**
   * Resolves when the program has ended and its standard output was read to the end, or when the connection is
   * gone (then without a code); never rejects.
   */
  closed: Promise<{ code: number | null; signal: string | null }>;
}

/** One authenticated connection to a host whose key was checked. One channel at a time. */
export interface Connection {
  /** The name used in messages. */
  readonly name: string;
  readonly user: string;
  /** Runs to the end. Rejects with a DeployError when the connection is lost. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Starts a program and hands over its streams. */
  open(command: string): Promise<Channel>;
  /** Resolves with the reason when the connection is lost or closed. */
  readonly lost: Promise<Error | null>;
  close(): Promise<void>;
}

/** How to reach one host; what ssh_config, djdeploy.yml and options say is already merged in. */
export interface Target {
  name: string;
  host: string;
  port: number;
  user: string;
  /** Private keys as texts (PEM or OpenSSH), tried in order. */
  keys: { source: string; text: string }[];
  passphrase: string | null;
  /** Path of an agent's socket. */
  agent: string | null;
  /** Offer of the agent's keys only those that stand in `keys`. */
  identitiesOnly?: boolean;
  /** Pins: known_hosts lines or SHA256 fingerprints, with where they come from. */
  pins: { source: string; text: string }[];
  /** The one name to look pins up by (ssh_config's HostKeyAlias) instead of `name` and `host`. */
  hostKeyAlias?: string;
  jump: Target | null;
  connectTimeoutMs: number;
}

/** Asked for an unknown (never a changed) key, on a terminal only. */
export type AskHostKey = (question: {
  host: string;
  port: number;
  type: string;
  fingerprint: string;
  /** The known_hosts line to remember the key by (see rememberHostKey). */
  line: string;
}) => Promise<boolean>;
