/** Where the worker of `ticker` writes. */
export const ticks = "/srv/shop/shared/ticks.txt";

/** A worker that writes its version down, runs until it is told to end, and says when it has ended in order. */
export const ticker = `import os, signal, time
from shop import version

ending = []
signal.signal(signal.SIGTERM, lambda *_: ending.append(1))
with open("${ticks}", "a") as out:
    print("start", version.NUMBER, os.getpid(), file=out, flush=True)
    while not ending:
        time.sleep(0.02)
    time.sleep(0.5)
    print("end", version.NUMBER, os.getpid(), file=out, flush=True)
`;
