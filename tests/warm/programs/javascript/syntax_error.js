// test: {"status": "compile_error"}
console.log("never");
const x = [1, 2;
