// test: {"stdin": "first\nsecond\n"}
const rl = require("readline/promises").createInterface({input: process.stdin});
(async () => { const got = []; for await (const line of rl) got.push(line); console.log(got); })();
process.stdout.write("a "); process.stdout.write("b\n", () => console.log("written"));
