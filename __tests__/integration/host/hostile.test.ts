import { describe, expect, it } from "vitest";
import { DeployError } from "../../../src/errors.ts";
import { type Operation, operations } from "../../../src/host/protocol.ts";
import { type Asked, type HostSession, openSession } from "../../../src/host/session.ts";
import { connectionTo } from "../../support/hostile/agent.ts";
import { argumentsOf } from "../../support/hostile/arguments.ts";
import { type Expected, faultsOf, type Hostile } from "../../support/hostile/faults.ts";

// Each operation of the table × what a host may do where an answer is due. Deadlines are short here; that each case ends
// at all says that it has one.

const limits = { pingMs: 10, helloMs: 300, quietMs: 100, answerMs: () => 400 };

function open(hostile: (op: string) => Hostile | null): Promise<HostSession> {
  return openSession("web1", {
    site: "/srv/shop",
    connect: async () => connectionTo(hostile),
    limits,
    reconnectMs: [0, 0],
  });
}

/** Asks whatever operation it is, with arguments that it takes. */
function ask(to: Asked, op: Operation): Promise<unknown> {
  return (to.request as (op: Operation, args: object) => Promise<unknown>)(op, argumentsOf(op));
}

async function fails(asked: Promise<unknown>, { code, says }: Expected): Promise<void> {
  const error: unknown = await asked.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(DeployError);
  const { message, details, ...told } = error as DeployError;
  const text = JSON.stringify([message, { ...details, cause: undefined }]);
  expect({ code: told.code, exit: told.exitCode }).toEqual({ code, exit: 1 });
  expect(details.host).toBe("web1");
  expect(text).toMatch(says);
  // Whatever came: what is told of it fits on a page.
  expect(text.length).toBeLessThan(5_000);
}

describe.concurrent.each(Object.keys(operations) as Operation[])("%s", (op) => {
  const faults = Object.entries(faultsOf(op)).flatMap(([name, fault]) =>
    fault ? [{ name, hostile: fault[0], expected: fault[1] }] : [],
  );

  it("every fault is one error with its cause", async ({ expect }) => {
    expect(faults.length).toBeGreaterThan(15);
    await Promise.all(
      faults.map(async ({ name, hostile, expected }) => {
        const session = await open(() => hostile);
        await fails(ask(session, op), expected).catch((thrown) => {
          throw new Error(`${name}: ${(thrown as Error).message}`);
        });
        await session.close();
      }),
    );
  });
});

describe("what comes behind a wrong answer", () => {
  it("an answer that comes twice ends the session: nothing behind it can be believed", async () => {
    const session = await open((op) =>
      op === "sync" ? { say: (id) => `{"id": ${id}, "ok": {}}\n`.repeat(2) } : null,
    );
    expect(await session.request("sync")).toEqual({});
    await fails(session.request("unlock"), { code: "host.answer", says: /question/ });
    await session.close();
  });

  it("of a chain each question fails with the one error", async () => {
    const session = await open((op) =>
      op === "sync" ? { say: (id) => `{"id": ${id}, "ok": null}\n` } : null,
    );
    const chain = session.chain();
    const asked = [chain.request("sync"), chain.request("unlock"), chain.request("env-list")];
    const errors = await Promise.all(asked.map((one) => one.catch((error: unknown) => error)));
    expect(errors[0]).toMatchObject({ code: "host.answer" });
    expect(new Set(errors).size).toBe(1);
    await session.close();
  });

  it("a host that said nothing is asked once more by who goes back, over another connection", async () => {
    let connections = 0;
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: async () => {
        const first = connections++ === 0;
        return connectionTo((op) => (first && op === "switch" ? {} : null));
      },
      limits,
      reconnectMs: [0, 0],
    });
    const chain = session.chain();
    const behind = ask(chain, "switch").then(null, () => ask(session, "switch-back"));
    await fails(ask(chain, "serves"), { code: "host.silent", says: /move the traffic/ });
    expect(await behind).toEqual({});
    expect(await ask(session, "switch-back")).toEqual({});
    expect(connections).toBe(2);
    await session.close();
  });

  it("and not for ever: the second time it is over", async () => {
    let connections = 0;
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: async () => {
        connections++;
        return connectionTo(() => ({}));
      },
      limits,
      reconnectMs: [0, 0],
    });
    for (const _ of [1, 2, 3, 4])
      await fails(ask(session, "sync"), { code: "host.silent", says: /said nothing/ });
    expect(connections).toBe(2);
    await session.close();
  });

  it("an agent that works for long and says so is waited for", async () => {
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: async () => connectionTo(() => ({ lives: true })),
      limits: { ...limits, answerMs: () => 2_000 },
    });
    await fails(ask(session, "sync"), { code: "host.silent", says: /within 2 s/ });
    await session.close();
  });
});
