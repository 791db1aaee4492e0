import { setTimeout as delay } from "node:timers/promises";
import type { HostSession } from "../host/session.ts";
import type { Target } from "../ssh/types.ts";
import { either } from "./hosts.ts";
import type { RunContext } from "./types.ts";

/** Opens a session with a host, which takes the lock again after a loss where `taken` says that it was taken. */
export type Open = (context: RunContext, target: Target, taken: () => boolean) => Promise<HostSession>;

/**
 * Sessions that are opened while the runner still reads and judges: a login takes as long as a lint. Nothing is asked on
 * them, and why one could not be opened is told when it is its turn.
 */
export interface EarlySessions {
  /** Opens one with every host. */
  begin(): void;
  /** What was opened with a host, whose is then the caller's; opens it now where that was not done. */
  take(target: Target): Promise<HostSession>;
  /**
   * Closes those that nobody took. A login that is under way is let come to its end, for a second: a host counts those that
   * are broken off as attacks (sshd's PerSourcePenalties, fail2ban).
   */
  close(): Promise<void>;
}

const politeMs = 1_000;

export function earlySessions(context: RunContext, open: Open): EarlySessions {
  const waiting = new Map<
    Target,
    { session: Promise<HostSession>; end: AbortController; take: () => void }
  >();
  let itsTurn = () => {};
  const turn = new Promise<void>((resolve) => {
    itsTurn = resolve;
  });
  const { ask } = context;

  function openOne(target: Target): void {
    const end = new AbortController();
    let taken = false;
    const quiet: RunContext = {
      ...context,
      signal: either(context.signal, end.signal),
      // A person is asked about a host's key in its step, not in the middle of a lint.
      ...(ask ? { ask: (question) => turn.then(() => ask(question)) } : {}),
    };
    const session = open(quiet, target, () => taken);
    session.catch(() => {}); // told to whoever takes it
    waiting.set(target, {
      session,
      end,
      take: () => {
        taken = true;
      },
    });
  }

  return {
    begin: () => context.targets.forEach(openOne),
    take(target) {
      itsTurn();
      const one = waiting.get(target);
      if (!one) return open(context, target, () => true);
      waiting.delete(target);
      one.take();
      return one.session;
    },
    async close() {
      const left = [...waiting.values()];
      waiting.clear();
      await Promise.all(
        left.map(async ({ session, end }) => {
          const ended = session.catch(() => {});
          await Promise.race([ended, delay(politeMs, undefined, { ref: false })]);
          end.abort();
          await session.then((opened) => opened.close()).catch(() => {});
        }),
      );
    },
  };
}
