console.log("%s is %d years and %i, %f, %j %o %O %%", "Ada", 36.5, 36.5, 1.5, {a: 1}, [1], {b: 2});
console.table([{a: 1, b: "x"}, {a: 2, b: "y"}]); console.group("group"); console.info("inside"); console.groupEnd(); console.dir({a: {b: {c: {d: 1}}}}, {depth: 0});
console.count(); console.count("x"); console.count(); console.countReset(); console.count();
console.log([undefined, null, true, 1n, Symbol("s"), () => 1, function named() {}, class A {}, /x/g, new Date(0), new Error("e").message, [,], new Set(), -0]);
console.log(require("util").inspect({a: [1, {b: new Map([["k", new Set([1])]])}]}, {depth: 5, compact: false}), require("util").format("%s", "x"));
console.log("long ".repeat(30).split(" "), {a: "x".repeat(100), b: "y".repeat(20)}, Buffer.from("żó"), new (class Foo { x = 1; })());
