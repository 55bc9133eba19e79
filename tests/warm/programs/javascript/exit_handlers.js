// test: {"status": "error"}
process.on("uncaughtException", (e) => { console.log("caught", e.message); process.exitCode = 2; });
process.on("beforeExit", () => console.log("before exit"));
process.on("exit", (code) => console.log("exit", code));
setTimeout(() => { throw new Error("late"); }, 1);
