// test: {"status": "error"}
process.on("exit", (code) => console.log("exit", code));
process.exitCode = 4;
setTimeout(() => process.exit(), 5);
setTimeout(() => console.log("never"), 1000);
