// Loaded before a face of ours: says on standard error what was left open when the process ended, which its owner should
// have closed. The product ends all the same (src/report/ending.ts), so only this shows it.
const own = ["PipeWrap", "TTYWrap"]; // standard input, output and error

process.on("exit", (code) => {
  const left = process.getActiveResourcesInfo().filter((name) => !own.includes(name));
  // 130: the second Ctrl-C, which waits for nothing.
  if (code !== 130 && left.length > 0) process._rawDebug(`left open at the end: ${left.join(", ")}`);
});
