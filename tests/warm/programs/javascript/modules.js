// test: {"files": [{"name": "lib/helper.js", "content": "exports.twice = (n) => n * 2;\nconsole.log('helper', __filename);\n"}, {"name": "data.json", "content": "{\"a\": [1]}"}, {"name": "es.mjs", "content": "export const x = 5; export default 'default';\n"}]}
const {twice} = require("./lib/helper");
console.log(twice(21), require("./data.json"), require("./lib/helper") === require("./lib/helper.js"), Object.keys(require.cache));
try { require("./nothing"); } catch (e) { console.log(e.code, e.message); }
import("./es.mjs").then((m) => console.log(m.x, m.default, Object.keys(m)));
import("node:path").then((p) => console.log(p.basename("/a/b")));
const vm = require("vm"); console.log(vm.runInNewContext("a + 1", {a: 4}), new Function("a", "return a * 2")(4), eval("1 + 2"), require("module").builtinModules.length > 30);
