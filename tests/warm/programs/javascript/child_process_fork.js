// test: {"files": [{"name": "child.js", "content": "process.on('message', (m) => { process.send({got: m.n * 2}); process.disconnect(); });\n"}]}
const child = require("child_process").fork("./child.js");
child.on("message", (m) => console.log("parent got", m));
child.on("exit", (code) => console.log("exit", code));
child.send({n: 21});
