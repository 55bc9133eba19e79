let list = []; for (let i = 0; i < 300000; i++) list.push({i, text: "text " + i}); console.log(list.length, list[299999]); list = null;
for (let i = 0; i < 50; i++) new ArrayBuffer(5_000_000); console.log("done"); const m = new Map(); for (let i = 0; i < 100000; i++) m.set({}, i); console.log(m.size);
console.log("x".repeat(10_000_000).length, require("v8").getHeapStatistics().total_heap_size > 0);
