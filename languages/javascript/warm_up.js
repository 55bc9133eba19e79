'use strict';
// What a template of JavaScript does before it is ready (docs/languages.md): the body of a function of `harness`, what
// the harness lends, and `require`. It gives a promise.
//
// What a program can see stays as in a cold run: Math.random() is not called (it is seeded when it first is), nothing
// random is asked of crypto (it makes random numbers ahead), no file is read by the thread pool (which would start its
// threads), standard input is not touched, and standard output and error are made again in each copy.

const MODULES = [
  'assert', 'assert/strict', 'async_hooks', 'buffer', 'child_process', 'crypto', 'events', 'fs/promises', 'net', 'os',
  'path', 'perf_hooks', 'querystring', 'readline', 'readline/promises', 'stream', 'stream/promises', 'string_decoder',
  'timers', 'timers/promises', 'tty', 'url', 'util', 'v8', 'vm', 'worker_threads', 'zlib',
]; // prettier-ignore
const v8 = require('v8');
const vm = require('vm');

// Resolves when what the sample began has ended.
function runSample() {
  const ends = [true, false].map((trace) => harness.rehearse('/phial/sample.js', trace));
  for (const source of ['let x = (1;', 'const a = ;', 'console.log("x', 'function (', 'await 1; }']) {
    harness.parse(source, 'script');
    harness.parse(source, 'module');
    harness.syntaxError('/phial/sample.js', source);
  }
  harness.parse("import fs from 'node:fs';\nexport const x = await 1;\n", 'module');
  return Promise.all(ends);
}

async function importModules() {
  const sample = "import fs, { readFileSync } from 'node:fs'; export default class {} export const x = await 1;";
  await import('data:text/javascript,' + encodeURIComponent(sample));
}

// What is compiled here, and what it learns of the objects that it meets, is there for each run; code that is not used
// for a while would be dropped by the collection below.
const FLAGS = ['lazy-feedback-allocation', 'flush-bytecode'];

function setFlags(on) {
  for (const name of FLAGS) v8.setFlagsFromString(on ? `--${name}` : `--no-${name}`);
  v8.setFlagsFromString(on ? '--no-always-sparkplug' : '--always-sparkplug');
}

// The collector's thread sweeps for a while after it; what it had not done would be done in each copy.
async function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  v8.setFlagsFromString('--no-expose-gc');
  gc();
  gc();
  let quiet = 0;
  for (let turn = 0; quiet < 8 && turn < 200; turn++) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 40));
    const { user, system } = process.cpuUsage(before);
    quiet = user + system < 2000 ? quiet + 1 : 0;
  }
}

return (async () => {
  setFlags(false);
  for (const name of MODULES) require('node:' + name);
  await runSample();
  await importModules();
  await harness.closeStandardStreams();
  await collectGarbage();
  setFlags(true);
})();
