const order = [];
setTimeout(() => order.push(400), 400); setTimeout(() => order.push(5), 5); setTimeout(() => order.push(150), 150);
let ticks = 0, many = 0;
const every = setInterval(() => { if (++ticks === 5) clearInterval(every); }, 2);
const never = setTimeout(() => order.push("never"), 10); clearTimeout(never);
setTimeout(() => console.log("unref"), 100000).unref();
for (let i = 0; i < 1000; i++) setTimeout(() => { many++; }, i % 15);
const start = performance.now(), clock = process.hrtime.bigint(), day = Date.now();
const wait = () => {
  if (order.length < 3 || ticks < 5 || many < 1000) return setTimeout(wait, 10);
  const now = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  console.log(performance.now() - now >= 5);
  console.log(order, ticks, many, performance.now() - start >= 350, process.hrtime.bigint() - clock >= 350000000n, Date.now() - day >= 350);
};
require("timers/promises").setTimeout(3, "promised").then((word) => { console.log(word); wait(); });
