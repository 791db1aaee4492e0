import { expect, test } from "vitest";
import { planWorkers, requireMemory, shortMemory } from "../../../src/plan/memory.ts";

const live = { mainMb: 30, workersMb: [60, 70, 90, 100, 100] };
const facts = { cores: 2, memoryMb: 8000, swapMb: 0, serving: live };

test("auto is 2 × cores + 1 where two slots fit, and what is written where that is given", () => {
  expect(planWorkers("auto", {}, facts)).toEqual({ workers: 5, workersReason: "2 × 2 cores + 1" });
  expect(planWorkers(7, {}, { ...facts, memoryMb: 10 })).toEqual({
    workers: 7,
    workersReason: "server.workers",
  });
});

test("auto is as many as fit beside the live slot, by what its smallest worker takes", () => {
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 200 })).toEqual({
    workers: 2,
    workersReason:
      "2 × 2 cores + 1 = 5, less because two slots run for a moment: 200 MiB are free, the live one takes 450, a worker 60",
  });
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 200, swapMb: 100 }).workers).toBe(4);
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 10 }).workers).toBe(1);
});

test("auto does not count the live slot's memory as taken for ever: the next deploy gets as many again", () => {
  // One slot of five takes 450 of 1000; two of five would take 900.
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 550 }).workers).toBe(5);
  const fewer = { mainMb: 30, workersMb: [60, 60] };
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 850, serving: fewer }).workers).toBe(5);
});

test("without a live slot it is a guess", () => {
  expect(planWorkers("auto", {}, { ...facts, memoryMb: 1024, serving: null }).workers).toBe(2);
  expect(shortMemory(50, {}, { ...facts, memoryMb: 10, serving: null })).toBeNull();
});

test("a second slot that does not fit is refused with both figures, or forced; with swap it is a warning", () => {
  expect(shortMemory(5, {}, { ...facts, memoryMb: 330 })).toBeNull();
  const short = shortMemory(5, {}, { ...facts, memoryMb: 200 });
  expect(() => requireMemory("web1", short, null)).toThrow(
    expect.objectContaining({
      code: "host.memory",
      exitCode: 1,
      details: expect.objectContaining({
        expected: expect.stringContaining("about 330 MiB for the new release with 5 workers"),
        seen: "200 MiB free",
      }),
    }),
  );
  expect(requireMemory("web1", short, "I know")).toMatch(/forced/);
  const swapped = shortMemory(5, {}, { ...facts, memoryMb: 200, swapMb: 500 });
  expect(requireMemory("web1", swapped, null)).toMatch(/goes to the swap: about 330 .* 500 MiB of swap/);
});

test("a server of one process takes what its main process takes", () => {
  const one = { ...facts, memoryMb: 80, serving: { mainMb: 70, workersMb: [] } };
  expect(shortMemory(5, { single: true }, one)).toBeNull();
  expect(shortMemory(5, { single: true }, { ...one, memoryMb: 60 })?.expected).toMatch(/^about 70 MiB/);
});
