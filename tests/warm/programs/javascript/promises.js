const wait = (ms, v) => new Promise((r) => setTimeout(r, ms, v));
(async () => {
  console.log(await Promise.all([wait(6, "a"), wait(2, "b")]), await Promise.race([wait(500, "slow"), wait(1, "fast")]));
  console.log(await Promise.allSettled([Promise.reject(new Error("no")), 1]), await Promise.any([Promise.reject(1), wait(1, 2)]));
  try { await Promise.reject(new TypeError("rejected")); } catch (e) { console.log(e.name, e.message); } finally { console.log("finally"); }
  for await (const x of (async function* () { yield 1; await wait(1); yield 2; })()) console.log(x);
  console.log(await new Promise((r) => queueMicrotask(() => r("micro"))), Promise.resolve(1), new Promise(() => {}));
})();
console.log("first");
process.nextTick(() => console.log("tick"));
Promise.resolve().then(() => console.log("then"));
setImmediate(() => console.log("immediate"));
