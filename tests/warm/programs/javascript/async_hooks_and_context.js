const {AsyncLocalStorage} = require("async_hooks");
const storage = new AsyncLocalStorage();
storage.run({id: 5}, () => setTimeout(() => console.log(storage.getStore()), 1));
console.log(storage.getStore());
const r = new FinalizationRegistry(() => {}), w = new WeakRef({a: 1}); r.register(w.deref(), 1); console.log(w.deref());
const {performance: p, PerformanceObserver} = require("perf_hooks"); p.mark("a"); p.mark("b"); console.log(p.measure("m", "a", "b").name, typeof PerformanceObserver, p.timeOrigin > 1.6e12);
