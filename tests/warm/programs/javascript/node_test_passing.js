// test: {"mask": ["# duration_ms [\\d.]+", "duration_ms: [\\d.]+", "duration_ms [\\d.]+", "\\([\\d.]+ms\\)"]}
const {test, describe, it} = require("node:test"), assert = require("node:assert");
test("adds", () => assert.strictEqual(1 + 1, 2));
describe("group", () => { it("waits", async () => { await new Promise((r) => setTimeout(r, 1)); }); it.skip("is skipped", () => {}); });
