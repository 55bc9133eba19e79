// test: {"stdin": "3 4\nline two\nżółw\nlast"}
const lines = require("fs").readFileSync(0, "utf8").split("\n");
console.log(lines, lines[0].split(" ").map(Number).reduce((a, b) => a + b));
