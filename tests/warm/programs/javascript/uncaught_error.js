// test: {"status": "error"}
console.log("before");
function deep(n) { if (n === 0) throw new RangeError("too deep"); return deep(n - 1); }
deep(3);
