// test: {"status": "error"}
require("fs").writeSync(1, "going\n");
process.kill(process.pid, "SIGTERM");
setTimeout(() => console.log("never"), 5000);
