for (const s of ["SIGUSR2", "SIGTERM", "SIGHUP", "SIGINT"]) process.once(s, (name, n) => { console.log(name, n); });
const alive = setInterval(() => {}, 1000); // a handler of a signal keeps no program running
const all = ["SIGUSR2", "SIGTERM", "SIGHUP", "SIGINT"];
const killed = () => { const c = require("child_process").spawn("/bin/sh", ["-c", "read x"]); c.on("exit", (code, s) => { console.log(code, s); clearInterval(alive); }); c.kill("SIGKILL"); };
const next = () => { const s = all.shift(); if (!s) return killed(); process.once(s, () => setTimeout(next, 5)); process.kill(process.pid, s); };
next();
