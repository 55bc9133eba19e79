const {a, ...rest} = {a: 1, b: 2, c: 3};
console.log(a, rest, {...rest, d: 4}, Object.entries({x: 1}), Object.fromEntries([["k", 1]]), Object.assign({}, {z: 1}));
console.log(new Map([["a", 1], [{}, 2]]), new Set([1, 1, 2]), new WeakMap(), [...new Map([[1, 2]])], Object.groupBy?.([1, 2, 3], (x) => (x % 2 ? "odd" : "even")));
console.log(Object.freeze([1]), Object.getOwnPropertyNames(class { static x = 1; }), "x" in {x: 1}, delete rest.b, rest);
console.log({get x() { return 5; }, set x(v) {}, [Symbol("s")]: 1, f() {}, g: () => 1, deep: {a: {b: {c: {d: 1}}}}});
console.log(structuredClone({d: new Date(0), m: new Map([[1, 2]])}), JSON.stringify({b: 1, a: [undefined, null, NaN]}, null, 2));
console.log(JSON.parse('{"x": [1, 2e3, "ü"]}', (k, v) => (typeof v === "number" ? v + 1 : v)), rest?.nothing?.at, null ?? "default");
