for (const s of ["SIGUSR2", "SIGTERM", "SIGHUP", "SIGINT"]) process.once(s, (name, n) => { console.log(name, n); });
const all = ["SIGUSR2", "SIGTERM", "SIGHUP", "SIGINT"];
const next = () => { const s = all.shift(); if (s) { process.kill(process.pid, s); setTimeout(next, 20); } };
next();
setTimeout(() => { const c = require("child_process").spawn("/bin/sh", ["-c", "read x"]); c.on("exit", (code, s) => console.log(code, s)); c.kill("SIGKILL"); }, 150);
