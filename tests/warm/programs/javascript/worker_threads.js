const {Worker, MessageChannel, isMainThread, threadId, SharedArrayBuffer: S} = require("worker_threads");
console.log(isMainThread, threadId);
const work = (n) => new Promise((resolve, reject) => {
  const w = new Worker(`const {parentPort, workerData} = require("worker_threads");
    let sum = 0; for (let i = 0; i <= workerData; i++) sum += i; parentPort.postMessage(sum);`, {eval: true, workerData: n});
  w.on("message", resolve); w.on("error", reject);
});
(async () => {
  console.log(await Promise.all([10, 100, 1000].map(work)));
  const shared = new Int32Array(new SharedArrayBuffer(4));
  await new Promise((done) => new Worker(`const {workerData} = require("worker_threads"); Atomics.add(workerData, 0, 5); Atomics.notify(workerData, 0);`, {eval: true, workerData: shared}).on("exit", done));
  console.log(shared[0]);
  const bad = new Worker("throw new Error('in a worker')", {eval: true}); bad.on("error", (e) => console.log(e.message)); await new Promise((d) => bad.on("exit", d));
  const {port1, port2} = new MessageChannel(); port2.once("message", (m) => { console.log(m); port2.close(); }); port1.postMessage({x: new Map([[1, 2]])});
  const long = new Worker("setInterval(() => {}, 1000)", {eval: true}); await new Promise((d) => long.on("online", d)); console.log(await long.terminate());
})();
