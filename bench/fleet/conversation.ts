/** A question to an agent, as it goes over the channel (djd_channel.py); its blob is left out. */
export interface Question {
  id: number;
  op: string;
  args?: { release?: string; run?: string };
  blob?: number;
}

/** What one agent said to one question: what it logged meanwhile, and its answer. */
export interface Answered {
  op: string;
  release: string | undefined;
  run: string | undefined;
  said: object[];
}

/** Reads what a runner sends: the length of the agent's program, that program, then questions with their blobs. */
export function questionReader(hear: (question: Question) => void): (bytes: Buffer) => void {
  let buffer = Buffer.alloc(0);
  let skip = 0;
  let begun = false;
  let held: Question | null = null;
  return (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const skipped = Math.min(skip, buffer.length);
      buffer = buffer.subarray(skipped);
      skip -= skipped;
      if (skip > 0) return;
      if (held) hear(held);
      held = null;
      const end = begun ? buffer.indexOf(10) + 1 : 12;
      if (end === 0 || buffer.length < end) return;
      const head = buffer.subarray(0, end).toString("utf8");
      buffer = buffer.subarray(end);
      if (!begun) skip = Number(head);
      else held = JSON.parse(head) as Question;
      skip = begun ? (held?.blob ?? 0) : skip;
      begun = true;
    }
  };
}

/** Listens to both sides of one agent's channel, and keeps what it answered. */
export function listen(): { hear: (way: "in" | "out", bytes: Buffer) => void; answered: () => Answered[] } {
  const asked = new Map<number, Answered>();
  const hearQuestion = questionReader(({ id, op, args }) => {
    asked.set(id, { op, release: args?.release, run: args?.run, said: [] });
  });
  let rest = "";
  return {
    hear(way, bytes) {
      if (way === "in") return hearQuestion(bytes);
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") continue; // before the greeting
        const { id, ...said } = JSON.parse(line) as { id?: number };
        asked.get(id ?? 0)?.said.push(said);
      }
    },
    answered: () => [...asked.values()].filter(({ said }) => said.length > 0),
  };
}

/**
 * Answers as the recorded agent did, in no time: each question with what was answered to the same operation then, in the
 * order of then, with this run's names in the place of the recorded ones.
 */
export function answerer(recorded: Answered[], say: (line: string) => void): (bytes: Buffer) => void {
  const left = [...recorded];
  const names = new Map<string, string>();
  return questionReader(({ id, op, args }) => {
    if (op === "ping" || op === "cancel") return;
    const at = left.findIndex((one) => one.op === op);
    const answer = at >= 0 ? left.splice(at, 1)[0] : recorded.findLast((one) => one.op === op);
    if (!answer)
      return say(JSON.stringify({ id, crash: `no host was asked for ${op} when this was recorded` }));
    for (const key of ["release", "run"] as const) {
      const [then, now] = [answer[key], args?.[key]];
      if (then && now) names.set(then, now);
    }
    for (const said of answer.said) {
      let line = JSON.stringify({ id, ...said });
      for (const [then, now] of names) line = line.replaceAll(then, now);
      say(line);
    }
  });
}
