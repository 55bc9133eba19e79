// attack: stays alive by timers and handlers that keep the event loop busy
// expect: status=timeout
// limits: wall_ms=2000
// host: never
process.on("SIGTERM", () => {});
process.on("exit", () => { for (;;); });
setInterval(() => {}, 1);
