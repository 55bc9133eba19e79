import unittest

from support import HarnessLanguage, LanguageCase
from warm import Warm

LIBRARY = r'''
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execSync, spawn, spawnSync, exec, fork } = require('node:child_process');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const { pipeline, Readable, Transform } = require('node:stream');
const { promisify } = require('node:util');
const { EventEmitter, once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const readline = require('node:readline');
const vm = require('node:vm');
const { AsyncLocalStorage } = require('node:async_hooks');
const { performance } = require('node:perf_hooks');
const url = require('node:url');
const test = require('node:test');

async function main() {
  // language
  assert.deepEqual([1, 2, 3].map((x) => x ** 2), [1, 4, 9]);
  assert.equal('żółw'.toUpperCase(), 'ŻÓŁW');
  assert.equal(new Intl.NumberFormat('de-DE').format(1234.5), '1.234,5');
  assert.equal([...'a1b2'.matchAll(/\d/g)].length, 2);
  assert.equal(2n ** 64n, 18446744073709551616n);
  assert.equal(structuredClone(new Map([[1, 2]])).get(1), 2);
  assert.equal(new Date(0).toISOString(), '1970-01-01T00:00:00.000Z');
  assert.ok(Math.random() < 1 && performance.now() > 0);
  const memory = new WebAssembly.Memory({ initial: 1 });
  assert.equal(memory.buffer.byteLength, 65536);
  assert.equal(new URL('http://a/b?c=d').searchParams.get('c'), 'd');
  assert.equal(vm.runInNewContext('a + 1', { a: 1 }), 2);

  // files
  fs.writeFileSync('/tmp/a', 'one\ntwo\n');
  await fs.promises.appendFile('/tmp/a', 'three\n');
  const lines = [];
  for await (const line of readline.createInterface({ input: fs.createReadStream('/tmp/a') })) lines.push(line);
  assert.deepEqual(lines, ['one', 'two', 'three']);
  fs.mkdirSync('x/y', { recursive: true });
  fs.cpSync('/tmp/a', 'x/y/b');
  fs.symlinkSync('b', 'x/y/link');
  assert.equal(fs.statSync('x/y/link').size, 14);
  assert.deepEqual(fs.readdirSync('x', { recursive: true }).sort(), ['y', 'y/b', 'y/link']);
  fs.rmSync('x', { recursive: true });
  fs.mkdtempSync(path.join(os.tmpdir(), 't-'));
  assert.equal(process.cwd(), '/work');

  // programs
  assert.equal(execSync('echo hi').toString(), 'hi\n');
  assert.equal(spawnSync('/bin/sh', ['-c', 'exit 3']).status, 3);
  assert.equal((await promisify(exec)('echo out; echo err >&2')).stderr, 'err\n');
  const cat = spawn('/bin/sh', ['-c', 'read x; echo got $x']);
  cat.stdin.end('it\n');
  assert.equal((await once(cat.stdout, 'data'))[0].toString(), 'got it\n');
  fs.writeFileSync('child.js', 'process.on("message", (m) => { process.send(m * 2); process.disconnect(); })');
  const child = fork('child.js');
  child.send(21);
  assert.equal((await once(child, 'message'))[0], 42);

  // threads
  const worker = new Worker('require("worker_threads").parentPort.postMessage(process.argv.length)', { eval: true });
  await once(worker, 'message');
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const adders = [1, 2].map((n) => new Worker(
    'const { workerData: [a, n] } = require("worker_threads"); Atomics.add(a, 0, n);',
    { eval: true, workerData: [shared, n] }));
  await Promise.all(adders.map((w) => once(w, 'exit')));
  assert.equal(shared[0], 3);

  // libraries
  assert.ok(crypto.createHash('sha256').update('').digest('hex').startsWith('e3b0c442'));
  assert.equal(crypto.randomBytes(16).length, 16);
  assert.equal((await promisify(crypto.scrypt)('p', 's', 16)).length, 16);
  assert.notEqual(crypto.randomUUID(), crypto.randomUUID());
  assert.equal((await promisify(zlib.gunzip)(zlib.gzipSync('z'))).toString(), 'z');
  assert.equal(zlib.brotliDecompressSync(zlib.brotliCompressSync('z')).toString(), 'z');
  const upper = new Transform({ transform(c, _, done) { done(null, c.toString().toUpperCase()); } });
  let text = '';
  upper.on('data', (c) => { text += c; });
  await promisify(pipeline)(Readable.from(['a', 'b']), upper);
  assert.equal(text, 'AB');
  const emitter = new EventEmitter();
  setImmediate(() => emitter.emit('tick', 1));
  assert.deepEqual(await once(emitter, 'tick'), [1]);
  await sleep(5);
  assert.deepEqual(await Promise.allSettled([Promise.reject(1), 2]).then((r) => r.map((x) => x.status)), ['rejected', 'fulfilled']);
  const store = new AsyncLocalStorage();
  assert.equal(store.run(7, () => store.getStore()), 7);
  await assert.rejects(once(require('net').createServer().listen(0), 'listening'), /EPERM|EACCES/);
  const loaded = await import('node:fs');
  assert.equal(loaded.readFileSync, fs.readFileSync);
  console.log('done');
}
main();
'''


class JavaScript(HarnessLanguage, LanguageCase):
    language = "javascript"
    COMMENT = "//"
    HELLO = "console.log('hello')"
    EXIT_7 = "process.exit(7)"
    ECHO = "process.stdin.pipe(process.stdout)"
    ARGS = "for (const arg of process.argv.slice(2)) console.log(arg)"
    ENV = "console.log(process.env.GREETING)"
    UNICODE = "console.log('żółw 🐢')"
    ERROR = "function f() {\n  throw new TypeError('boom');\n}\nf();\n"
    BROKEN = "console.log('never');\nlet x = (1;\n"
    DESCRIPTORS = "require('child_process').execSync('echo /proc/self/fd/*', { stdio: 'inherit' })"
    LIBRARY = LIBRARY

    # Node reads what is no UTF-8 as U+FFFD, which no name may hold.
    NOT_UTF_8 = b"console.log('never');\nlet \xff = 1;\n"

    def test_the_value_is_that_of_the_last_expression(self):
        for source, value in [("1 + 1", "2"), ("const x = [1, 2]; x.map((a) => a * 2);", "[ 2, 4 ]"),
                              ("let a = 1;\n({ a,\n  b: 2 })\n// end\n", "{ a: 1, b: 2 }"), ("console.log(1)", "undefined"),
                              ("'use strict'; 1; 'ü'", "'ü'"), ("x = 1, 2;", "2"), ("#!/usr/bin/node\n3", "3"),
                              ("async function f() {}\nf()", "Promise { undefined }")]:  # fmt: skip
            with self.subTest(source):
                self.assertEqual(value, self.run_ok(source)["value"])
        for source in ("", "1 + 1; const x = 3;", "if (true) 5;", "return 3;"):
            with self.subTest(source):
                self.assertIsNone(self.run_ok(source)["value"])

    def test_a_huge_or_faulty_value_is_bounded(self):
        self.assertTrue(0 < len(self.run_ok("'x'.repeat(1e6)")["value"]) <= 65536)
        answer = self.run_ok("({ [Symbol.for('nodejs.util.inspect.custom')]() { throw 1 } })")
        self.assertIn("threw", answer["value"])

    def test_trace_tells_each_top_level_expression(self):
        answer = self.run_ok("let x = 2;\nx * 3; x\nconsole.log('a');\n[x,\n 1]\n", trace=True)
        # An array literal behind a semicolon-less line would be an index: here each line ends as it must.
        self.assertEqual([(2, "6"), (2, "2"), (3, "undefined"), (5, "[ 2, 1 ]")], self.values(answer))
        self.assertEqual("[ 2, 1 ]", answer["value"])

    def test_trace_goes_up_to_the_fault(self):
        answer = self.run_status("error", "1;\n2;\nnothing();\n4;", trace=True)
        self.assertEqual([(1, "1"), (2, "2")], self.values(answer))
        self.assertIsNone(answer["value"])

    def test_warnings_are_reported(self):
        answer = self.run_ok("process.emitWarning('old');")
        self.assertEqual(("warning", "Warning: old"), (answer["diagnostics"][0]["severity"], answer["diagnostics"][0]["message"]))

    def test_a_syntax_error_has_its_line_and_column(self):
        answer = self.run_status("compile_error", "let x = 1;\nconsole.log(x;\n")
        self.assert_diagnostic(answer, "error", "SyntaxError: missing ) after argument list", 2, 13)
        self.assertIn("/work/main.js:2\nconsole.log(x;\n            ^", answer["stderr"])
        self.assertEqual(1, answer["exit_code"])

    def test_an_uncaught_exception_is_printed_as_node_does(self):
        answer = self.run_status("error", self.ERROR)
        self.assertTrue(answer["stderr"].startswith(
            "/work/main.js:2\n  throw new TypeError('boom');\n  ^\n\nTypeError: boom\n    at f (/work/main.js:2:9)\n"
            "    at Object.<anonymous> (/work/main.js:4:1)\n"), answer["stderr"])  # fmt: skip
        self.assert_diagnostic(answer, "error", "TypeError: boom", 2, 9)
        self.assertEqual(1, answer["exit_code"])

    def test_a_rejected_promise_and_a_late_exception_end_the_program(self):
        for source in ("Promise.reject(new Error('boom'))", "setTimeout(() => { throw new Error('boom') }, 5)"):
            answer = self.run_status("error", source)
            self.assertEqual(1, answer["exit_code"])
            self.assert_diagnostic(answer, "error", "Error: boom", 1)

    def test_columns_stay_what_they_are(self):
        for source, place in [("a.b", "1:1"), ("1; 2; nothing()", "1:7"), ("const x = 1\n  a.b;", "2:3"), ("1;\n2\na.b", "3:1")]:
            with self.subTest(source):
                self.assertIn(f"at Object.<anonymous> (/work/main.js:{place})", self.run_status("error", source)["stderr"])

    def test_the_event_loop_is_waited_for(self):
        answer = self.run_status("error", "setTimeout(() => { console.log('late'); process.exitCode = 4 }, 20);\n5")
        self.assertEqual(("late\n", "5", 4), (answer["stdout"], answer["value"], answer["exit_code"]))

    def test_the_main_module_is_what_a_script_expects(self):
        source = "var x = 1;\nconsole.log(require.main === module, this === exports, __filename, __dirname, globalThis.x)"
        self.assertEqual("true true /work/main.js /work undefined\n", self.run_ok(source)["stdout"])

    def test_other_files_can_be_required_and_imported(self):
        files = [("main.js", "console.log(require('./lib/a').f(2)); import('./b.mjs').then((b) => console.log(b.x))"),
                 ("lib/a.js", "exports.f = (x) => x * 21"), ("b.mjs", "export const x = 'b'")]  # fmt: skip
        self.assertEqual("42\nb\n", self.run_ok(files)["stdout"])

    def test_es_modules_run_by_name_and_by_their_looks(self):
        source = "import fs from 'node:fs';\nconst x = await Promise.resolve(3);\nconsole.log(typeof fs.readFileSync, x);\n"
        for name in ("main.mjs", "main.js"):
            with self.subTest(name):
                self.assertEqual("function 3\n", self.run_ok([(name, source)])["stdout"])
        answer = self.run_status("compile_error", [("main.mjs", "import fs from 'node:fs';\nlet x = ;\n")])
        self.assertIn("SyntaxError", answer["stderr"])

    def test_no_two_runs_have_the_same_random_numbers(self):
        self.assert_differ(
            "const crypto = require('crypto');\nconst { Worker } = require('worker_threads');\n"
            "console.log('random', Math.random());\nconsole.log('uuid', crypto.randomUUID());\n"
            "console.log('bytes', crypto.randomBytes(8).toString('hex'));\nconsole.log('int', crypto.randomInt(2 ** 40));\n"
            "console.log('filled', crypto.randomFillSync(Buffer.alloc(8)).toString('hex'));\n"
            "console.log('web', globalThis.crypto.getRandomValues(new Uint32Array(2)).join());\n"
            "console.log('key', crypto.generateKeySync('hmac', { length: 64 }).export().toString('hex'));\n"
            "console.log('folder', require('fs').mkdtempSync('/tmp/x'));\n"
            "new Worker(`require('worker_threads').parentPort.postMessage(Math.random())`, { eval: true })\n"
            "  .on('message', (x) => console.log('worker', x));\n"
        )

    def test_the_process_knows_its_own_number(self):
        source = "console.log(process.pid === Number(require('fs').readlinkSync('/proc/self')))"
        self.assertEqual("true\n", self.run_ok(source)["stdout"])

    def test_nothing_is_open_or_waited_for_at_the_start(self):
        source = "const before = [process._getActiveHandles().length, process.getActiveResourcesInfo().length];\n" \
                 "console.log(before, Object.keys(require.cache), process.execArgv, typeof gc,\n" \
                 "  require('vm').runInNewContext('typeof gc'), Object.keys(process.env).filter((name) => /PHIAL/.test(name)));\n" \
                 "console.log(process.stdout.bytesWritten > 0 && process.stdout.bytesWritten < 100);"  # fmt: skip
        self.assertEqual("[ 0, 0 ] [ '/work/main.js' ] [] undefined undefined []\ntrue\n", self.run_ok(source)["stdout"])

    def test_output_that_is_written_at_once_is_whole(self):
        source = "const fs = require('fs');\nfs.writeSync(1, 'x'.repeat(300000) + '\\n');\nconsole.log('y'.repeat(300000));"
        shown = self.run_ok(source, limits=["wall=60s", "output=1MiB"])["stdout"]
        self.assertEqual("x" * 300000 + "\n" + "y" * 300000 + "\n", shown)


class WarmJavaScript(Warm, JavaScript):
    pass


if __name__ == "__main__":
    unittest.main()
