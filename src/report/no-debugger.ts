/**
 * Imported first by each face. Node's own answer to SIGUSR1 is to open its debugger on a port of this machine, by which
 * any process may read the whole memory; a handler of ours takes that one's place, and nothing takes it away again.
 * https://nodejs.org/api/process.html#signal-events
 */
process.on("SIGUSR1", () => {});
