class Odd extends Error { constructor(n) { super(`${n} is odd`); this.name = "Odd"; this.n = n; } }
try { throw new Odd(3); } catch (e) { console.log(e instanceof Odd, e.message, e.n, String(e)); } finally { console.log("finally"); }
for (const f of [() => null.x, () => undefinedThing, () => (1)(), () => new Array(-1), () => JSON.parse("{"), () => "x".repeat(-1), () => decodeURI("%"), () => BigInt(1.5), () => Symbol() + ""]) {
  try { f(); } catch (e) { console.log(e.name, e.message); }
}
console.log(new Error("outer", {cause: new Error("inner")}).cause.message, new AggregateError([1], "many").errors);
function recurse() { return recurse() + 1; }
try { recurse(); } catch (e) { console.log(e.name, e.message); }
function deep() { throw new Error("with a stack"); }
try { deep(); } catch (e) { console.log(e.stack); }
const e = require("assert");
try { e.deepStrictEqual({a: 1, b: [2]}, {a: 1, b: [3]}); } catch (x) { console.log(x.message); }
console.error("to standard error"); console.warn("warn"); console.assert(1 === 2, "asserted");
