import { gap } from "../logic/outcomes.ts";
import { NONE, native, num, tuple, unknown, type Value } from "../logic/values.ts";

/** The limits of Linux, by their number (asm-generic/resource.h). */
const LIMITS = [
  "CPU",
  "FSIZE",
  "DATA",
  "STACK",
  "CORE",
  "RSS",
  "NPROC",
  "NOFILE",
  "MEMLOCK",
  "AS",
  "",
  "SIGPENDING",
  "MSGQUEUE",
  "NICE",
  "RTPRIO",
  "RTTIME",
];

/** `resource`: what the limits of the host are is not known, nor whether it lets them be changed. */
export function resourceModule(): Record<string, Value> {
  const limits = LIMITS.flatMap((name, i): [string, Value][] => (name ? [[`RLIMIT_${name}`, num(i)]] : []));
  const some = (): Value => unknown("a limit of the host", { type: "int" });
  return {
    ...Object.fromEntries(limits),
    RLIMIT_OFILE: num(LIMITS.indexOf("NOFILE")),
    RLIM_INFINITY: num(-1),
    RUSAGE_SELF: num(0),
    RUSAGE_CHILDREN: num(-1),
    RUSAGE_THREAD: num(1),
    getrlimit: native("getrlimit", ([limit = NONE]) =>
      limit.t === "num" && LIMITS[limit.v] ? tuple([some(), some()]) : gap("getrlimit()"),
    ),
    setrlimit: native("setrlimit", () => gap("whether the host lets its limits be changed")),
    getrusage: native("getrusage", () => gap("getrusage()")),
    getpagesize: native("getpagesize", () => unknown("the size of a page", { type: "int", truthy: true })),
  };
}
