const cp = require("child_process");
console.log(cp.execSync("echo shell $HOME; pwd", {encoding: "utf8"}), cp.spawnSync("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"], {encoding: "utf8"}).status);
console.log(cp.execFileSync("/bin/sh", ["-c", "read x; echo got $x"], {input: "this\n"}).toString(), [...Array(8).keys()].map((n) => cp.spawnSync("/bin/sh", ["-c", `exit ${n}`]).status));
const child = cp.spawn("/bin/sh", ["-c", "read x; echo child $x; kill -TERM $$"]);
child.stdout.on("data", (d) => console.log(String(d))); child.on("close", (code, signal) => {
  console.log(code, signal);
  cp.exec("exit 5", (e) => console.log(e.code, e.message));
});
child.stdin.end("hello\n");
const node = cp.spawnSync(process.execPath, ["-e", "console.log(6 * 7)"], {encoding: "utf8"}); console.log(node.stdout, node.stderr, node.status);
try { cp.execFileSync("/no/program"); } catch (e) { console.log(e.code); }
cp.spawnSync("/bin/sh", ["-c", "echo straight"], {stdio: "inherit"});
try { cp.execSync("while :; do :; done", {timeout: 100}); } catch (e) { console.log(e.code, e.signal); }
