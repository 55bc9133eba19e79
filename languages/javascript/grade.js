'use strict';
// Judges a solution by node:test (docs/languages.md, role=together). Tests and solution run in a process of their own for
// each test file, so that nothing of the solution's runs here, where the results are written: what ends or hangs such a
// process is the failure of its file. Inside of it the solution can reach the tests, and the answer says so.
//
// The tests are known when they have run, so all is told at the end: the plan, each result, the end; or nothing.

const fs = require('fs');
const path = require('path');
const { run } = require('node:test');
const util = require('util');

const WORK = '/work';
const CHILD = '/phial/grade_child.js';
const FILE_MS = 3000; // for all tests of a file
const TESTS_MOST = 500;
const NAME_MOST = 250; // characters, of which each may take four bytes
const TEXT_MOST = 4000;
const VALUE_MOST = 2000;
const TEXTS_MOST = 300000; // of all tests: the report is read up to a bound
const CODE = ['.js', '.mjs', '.cjs'];

// At most that many characters, no half of one at the end.
const cut = (text, most) => text.slice(0, most).replace(/[\ud800-\udbff]$/u, '');

/* ---- syntax ---- */

// What is wrong with the code of the order's files: [{ file, fault }].
function faults(files, faultIn) {
  return files
    .filter((file) => CODE.includes(path.extname(file)))
    .map((file) => ({ file, fault: fs.existsSync(file) ? faultIn(path.resolve(WORK, file)) : null }))
    .filter(({ fault }) => fault !== null);
}

/* ---- one failure ---- */

function show(value) {
  return cut(util.inspect(value, { depth: 10, maxArrayLength: 500, maxStringLength: VALUE_MOST }), VALUE_MOST);
}

// The stack without node's own frames.
function describe(error) {
  if (!util.types.isNativeError(error)) return cut(typeof error === 'string' ? error : show(error), TEXT_MOST);
  const stack = typeof error.stack === 'string' ? error.stack : `${error.name}: ${error.message}`;
  const lines = stack.split('\n').filter((line) => !/^\s+at .*(\(| )(node:|async node:)/.test(line));
  return cut(lines.join('\n').replaceAll(WORK + '/', ''), TEXT_MOST);
}

function sides(error) {
  if (error?.code !== 'ERR_ASSERTION' || !('expected' in error)) return {};
  return { expected: show(error.expected), actual: show(error.actual) };
}

function failure(details) {
  const error = details?.error;
  const kind = error?.failureType;
  const cause = error?.cause ?? error;
  if (kind === 'testTimeoutFailure') return { status: 'error', message: 'it ran for too long' };
  const status = ['testCodeFailure', 'hookFailed', 'multipleCallbackInvocations'].includes(kind) ? 'fail' : 'error';
  return { status, message: describe(cause), ...sides(cause) };
}

/* ---- one file ---- */

// Follows the events of one file's tests: they come in the order of the file, what a test holds before its own end.
class Follower {
  constructor(file) {
    this.file = file;
    this.names = [];
    this.holds = [];
    this.found = [];
  }

  start({ nesting, name }) {
    this.names.length = nesting;
    this.names[nesting] = name;
    this.holds[nesting] = false;
    if (nesting > 0) this.holds[nesting - 1] = true;
  }

  // A suite, and a test that holds tests, counts when it has failed by itself.
  end({ nesting, name, line, details, skip, todo }, passed) {
    const inner = details?.error?.failureType === 'subtestsFailed';
    if ((details?.type === 'suite' || this.holds[nesting]) && (passed || inner)) return;
    const whole = nesting === 0 && path.resolve(WORK, this.file) === path.resolve(WORK, name);
    const title = whole ? 'the whole file' : [...this.names.slice(0, nesting), name].join(' > ');
    const skipped = skip !== undefined || (todo !== undefined && !passed);
    const result = whole ? ending(details) : skipped ? leftOut(skip ?? todo) : passed ? { status: 'pass' } : failure(details);
    this.found.push({
      test: { name: cut(title, NAME_MOST) || '-', file: this.file, ...(line > 0 && !whole ? { line } : {}) },
      result: { ...result, ms: details?.duration_ms },
    });
  }
}

const leftOut = (why) => ({ status: 'skip', ...(typeof why === 'string' && why !== '' && { message: cut(why, TEXT_MOST) }) });

// node:test tells of a file as of a test when its process did not end well, or held no test.
function ending(details) {
  const { exitCode, signal, failureType } = details?.error ?? {};
  if (failureType === 'testTimeoutFailure') return { status: 'error', message: 'its tests ran for too long' };
  if (signal) return { status: 'error', message: `its process was ended by ${signal}` };
  if (exitCode === undefined) return { status: 'error', message: 'it holds no test that was run' };
  return { status: 'error', message: `its process broke off, with exit code ${exitCode}` };
}

// What the tests print comes here as it was printed, but node:test does not say by which of them.
function print(descriptor, { message }) {
  try {
    fs.writeSync(descriptor, message);
  } catch {
    // Nobody reads it.
  }
}

function runFile(file) {
  const follower = new Follower(file);
  const listeners = {
    'test:start': (data) => follower.start(data),
    'test:pass': (data) => follower.end(data, true),
    'test:fail': (data) => follower.end(data, false),
    'test:stdout': (data) => print(1, data),
    'test:stderr': (data) => print(2, data),
  };
  return new Promise((resolve) => {
    const events = run({ files: [path.resolve(WORK, file)], concurrency: 1, timeout: FILE_MS });
    for (const [name, listener] of Object.entries(listeners)) events.on(name, listener);
    events.on('end', () => resolve(follower.found));
    events.resume();
  });
}

/* ---- all of them ---- */

function tell(found, report) {
  let left = TEXTS_MOST;
  report({ plan: found.map(({ test }) => test) });
  found.forEach(({ result: { status, ms, ...texts } }, index) => {
    const size = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
    report({ test: { index, status, ms, ...(size <= left ? texts : {}) } });
    left -= size;
  });
  report({ end: true });
}

// `harness` lends report, reportDiagnostic, faultIn. Resolves to the exit code.
module.exports = async function grade(order, harness) {
  process.chdir(WORK);
  process.execArgv = ['--require', CHILD];
  const broken = faults([...order.solution, ...order.test], harness.faultIn);
  if (broken.length > 0) {
    for (const { file, fault } of broken) {
      harness.reportDiagnostic('error', fault.message, file, fault.line, fault.column);
      process.stderr.write(`${file}:${fault.line ?? 1}: ${fault.message}\n`);
    }
    harness.report({ compile_error: true });
    return 1;
  }
  const found = [];
  for (const file of order.test) found.push(...(await runFile(file)));
  if (found.length > TESTS_MOST) {
    process.stderr.write(`there are more than ${TESTS_MOST} tests\n`);
    return 1;
  }
  tell(found, harness.report);
  return 0;
};
