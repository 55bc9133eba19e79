const order = [];
setTimeout(() => order.push(300), 300); setTimeout(() => order.push(5), 5); setTimeout(() => order.push(100), 100);
let ticks = 0;
const every = setInterval(() => { if (++ticks === 5) clearInterval(every); }, 2);
const never = setTimeout(() => order.push("never"), 10); clearTimeout(never);
setTimeout(() => console.log("unref"), 100000).unref();
const start = performance.now(), clock = process.hrtime.bigint(), day = Date.now();
setTimeout(() => {
  const now = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  console.log(performance.now() - now >= 5);
  console.log(order, ticks, many, performance.now() - start >= 499, process.hrtime.bigint() - clock >= 499000000n, Date.now() - day >= 499);
}, 500);
let many = 0;
for (let i = 0; i < 1000; i++) setTimeout(() => { many++; }, i % 15);
require("timers/promises").setTimeout(3, "promised").then(console.log);
