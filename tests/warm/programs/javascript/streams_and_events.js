const {EventEmitter, once} = require("events"), {Readable, Transform, PassThrough} = require("stream"), {pipeline} = require("stream/promises");
const e = new EventEmitter(); e.on("x", (...a) => console.log("x", a)); e.once("x", () => console.log("once")); e.emit("x", 1, 2); e.emit("x"); console.log(e.emit("none"), e.listenerCount("x"));
(async () => {
  const up = new Transform({transform(chunk, _, done) { done(null, String(chunk).toUpperCase()); }}); const out = new PassThrough(); out.on("data", (d) => console.log(String(d)));
  await pipeline(Readable.from(["a", "b"]), up, out);
  setTimeout(() => e.emit("later", 5), 2); console.log(await once(e, "later"));
  console.log(await Readable.from([1, 2, 3]).map((x) => x * 2).toArray());
  const c = new AbortController(); setTimeout(() => c.abort(), 2); try { await once(e, "never", {signal: c.signal}); } catch (x) { console.log(x.name); }
  const t = new EventTarget(); t.addEventListener("hi", (ev) => console.log(ev.type)); t.dispatchEvent(new Event("hi"));
  for await (const line of require("readline").createInterface({input: Readable.from(["l1\nl2", "\nl3"])})) console.log(line);
  console.log(await new Response(new Blob(["blob"]).stream()).text(), new TextDecoder().decode(new TextEncoder().encode("ż")));
})();
