/**
 * Polls until `condition` gives something truthy and returns that. A condition that throws counts as not yet;
 * its last error is part of what is thrown after `timeoutMs`.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { timeoutMs: number; what: string; everyMs?: number },
): Promise<NonNullable<T>> {
  const end = Date.now() + options.timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = undefined;
      const value = await condition();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= end) break;
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 50));
  }
  const why = last instanceof Error ? `: ${last.message}` : "";
  throw new Error(`waited ${options.timeoutMs} ms for ${options.what}${why}`);
}
