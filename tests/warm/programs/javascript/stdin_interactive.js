// test: {"interactive": ["Ada\n", "7\n", "stop\n"]}
const rl = require("readline").createInterface({input: process.stdin, output: process.stdout});
rl.question("name? ", (name) => {
  console.log("hello", name);
  rl.question("number? ", (n) => { console.log(n * 6); rl.on("line", (l) => console.log("line", l)); });
});
rl.on("close", () => console.log("closed"));
