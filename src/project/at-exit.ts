type Cleanup = () => void;

const open = new Set<Cleanup>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Registers what must be undone should our own process end before it is released: process groups to end, temporary
 * folders to remove. Covers process.exit and, where nobody else handles them, the signals that end a process.
 */
export function atExit(cleanup: Cleanup): () => void {
  if (open.size === 0) {
    process.on("exit", runAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  open.add(cleanup);
  return () => {
    if (!open.delete(cleanup) || open.size > 0) return;
    process.off("exit", runAll);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function runAll(): void {
  for (const cleanup of [...open].reverse()) {
    open.delete(cleanup);
    try {
      cleanup();
    } catch {
      // The others still have their turn.
    }
  }
}

function onSignal(signal: NodeJS.Signals): void {
  runAll();
  process.off("exit", runAll);
  for (const name of signals) process.off(name, onSignal);
  // Somebody else who listens decides what the signal means; otherwise it keeps its meaning.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
