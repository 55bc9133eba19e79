// test: {"status": "error", "mask": ["duration_ms:? [\\d.]+", "\\([\\d.]+ms\\)"]}
const {test} = require("node:test"), assert = require("node:assert");
test("wrong", () => assert.deepStrictEqual({a: 1}, {a: 2}));
test("right", () => {});
