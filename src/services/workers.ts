/** What a Django worker may be expected to take, in MiB: half of the memory is left for the rest of the host. */
const workerMemoryMb = 128;

/**
 * `workers: auto`: 2 × cores + 1, less where memory is short (both slots run for a moment, so a worker counts twice).
 * The reason is shown to the user.
 */
export function defaultWorkers(cores: number, memoryMb: number): { workers: number; reason: string } {
  const wanted = 2 * cores + 1;
  const fitting = Math.max(2, Math.floor(memoryMb / 2 / (2 * workerMemoryMb)));
  const rule = `2 × ${cores} ${cores === 1 ? "core" : "cores"} + 1`;
  if (fitting >= wanted) return { workers: wanted, reason: rule };
  return { workers: fitting, reason: `${rule} = ${wanted}, less because the host has only ${memoryMb} MiB` };
}
