import type { z } from "zod";
import type * as facts from "./protocol/facts.ts";
import type * as processes from "./protocol/processes.ts";
import type * as releases from "./protocol/releases.ts";
import type * as running from "./protocol/running.ts";
import type * as steps from "./protocol/steps.ts";

// What hosts answer, as the table of operations (protocol.ts) checks it.

type Of<Schema extends () => z.ZodType> = z.output<ReturnType<Schema>>;

export type DatabaseFacts = Of<typeof releases.databaseFacts>;
export type Manifest = Of<typeof releases.manifest>;
/** Where a release stands. Only `live` and `superseded` were ever proven, and only they are rolled back to. */
export type ReleaseState = Manifest["state"];

/** A database as one release opens it, and what makes it this one and no other. */
export type OpenedDatabase = Of<typeof releases.openedDatabase>;
export type DatabaseIdentity = NonNullable<OpenedDatabase["identity"]>;

export type HostFacts = Of<typeof facts.facts>;
export type Holder = Of<typeof facts.holder>;
export type PythonFacts = HostFacts["pythons"][number];
export type SlotFacts = Of<typeof facts.slotFacts>;
export type ProcessFacts = Of<typeof facts.processFacts>;
export type VenvFacts = Of<typeof facts.venvFacts>;
export type Hold = Of<typeof facts.hold>;
export type ServingMemory = Of<typeof facts.servingMemory>;
/** A process of a service, and the release that it works in. */
export type Running = Of<typeof facts.running>;

export type ProbeRequest = Of<typeof running.probeRequest>;
export type FrontDoor = Of<typeof running.frontDoor>;
export type Seen = Of<typeof running.seen>;
export type ProbeAnswer = Of<typeof running.probeAnswer>;
export type Serving = Of<typeof running.serving>;
export type Proof = Of<typeof running.proof>;

export type StepAnswer = Of<typeof steps.stepAnswer>;
export type Inspection = Of<typeof steps.inspection>;

export type Swept = Of<typeof processes.swept>;
export type Retired = Of<typeof processes.retired>;
export type Restarted = Of<typeof processes.restarted>;
