function* count(n) { for (let i = 0; i < n; i++) { const got = yield i; if (got) i = got; } return "done"; }
const g = count(10);
console.log(g.next(), g.next(), g.next(7), [...g], [...count(3)]);
const counters = [0, 1, 2].map((n) => () => n++);
console.log(counters.map((c) => c() + c()));
const memo = new Map();
const fib = (n) => n < 2n ? n : memo.get(n) ?? (memo.set(n, fib(n - 1n) + fib(n - 2n)), memo.get(n));
console.log(fib(90n));
label: for (const i of [1, 2, 3]) { for (const j of [1, 2, 3]) { if (j === 2) continue label; if (i === 3) break label; console.log(i, j); } }
console.log((function () { return typeof this; })(), (() => typeof this)(), typeof globalThis, this, (({x = 5} = {}) => x)());
switch (3) { case 3: console.log("three"); default: console.log("falls"); }
