'use strict';
// Speaks the harness protocol (docs/languages.md) for Node 20 and runs a file as `node FILE` does.
//
// Debian's node boots without a snapshot of its own, so the image holds one that is made from this file: it is run
// once while the image is built (`node --build-snapshot`), and start() is called in every run.
//
// The value of the last expression comes from a call that is put around it in the source. The call stands on lines
// of its own or behind the statement before, so that lines and columns in messages stay what they are. Node itself
// runs what is no CommonJS script (ES modules have no completion value) and what does not compile.

const fs = require('fs');
const path = require('path');
const util = require('util');
const vm = require('vm');
const Module = require('module');
const v8 = require('v8');
const acorn = require('internal/deps/acorn/acorn/dist/acorn');
const { internalBinding } = require('internal/test/binding');
const { resetStdioForTesting } = internalBinding('process_methods');
const { async_id_fields: asyncIds, constants: asyncPlaces } = internalBinding('async_wrap');

// It would be said on standard error when a program's first import() comes from a script.
require('internal/util').emitExperimentalWarning('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER');

const GRADE = '/phial/grade.js';
const ORDER = 3;
const REPORT = 4;
const WORK = '/work';
const VALUE_MOST = 65536;
const TRACE_VALUE_MOST = 1000;
const TRACE_MOST = 500;
const MESSAGE_MOST = 8192;
const DIAGNOSTICS_MOST = 100; // of each severity
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];
const SAW = '__phial_saw__';

// The program may replace what it finds in its globals; these are ours.
const { stringify } = JSON;
const { writeSync } = fs;
const { inspect } = util;

/* ---- the report ---- */

let reportTo = REPORT;
let grading = false;

function report(line) {
  const text = stringify(grading ? { grade: line } : line).replace(/[\ud800-\udfff]/gu, '\ufffd') + '\n';
  let data = Buffer.from(text);
  try {
    while (data.length > 0) data = data.subarray(writeSync(reportTo, data));
  } catch {
    // The program closed the descriptor: its own loss.
  }
}

let reported = {};

function reportDiagnostic(severity, message, file, line, column) {
  // Past its bound the report is not read any more, and writing to it would block.
  reported[severity] = (reported[severity] ?? 0) + 1;
  if (reported[severity] > DIAGNOSTICS_MOST) return;
  if (file !== undefined && file.startsWith(WORK + '/')) file = file.slice(WORK.length + 1);
  report({ diagnostic: { severity, message: message.slice(0, MESSAGE_MOST), file, line, column } });
}

function inspectAtMost(value, most) {
  let text;
  try {
    text = inspect(value, { maxStringLength: most });
  } catch (error) {
    text = `<inspecting the value threw ${typeof error}>`;
  }
  return text.length > most ? text.slice(0, most) : text;
}

// Where an error arose: the first place in one of the run's own files.
function placeOf(error) {
  const found = /(?:file:\/\/)?(\/work\/[^\n:]+):(\d+)(?::(\d+))?/.exec(error?.stack ?? '');
  return found ? { file: found[1], line: +found[2], column: found[3] && +found[3] } : {};
}

function watchUncaught() {
  process.on('uncaughtExceptionMonitor', (error) => {
    const isError = util.types.isNativeError(error);
    const message = isError ? `${error.name}: ${error.message}` : `Uncaught ${inspect(error)}`;
    const { file, line, column } = isError ? placeOf(error) : {};
    reportDiagnostic('error', message, file, line, column);
  });
}

function watchWarnings() {
  process.on('warning', (warning) => {
    const { file, line, column } = placeOf(warning);
    reportDiagnostic('warning', `${warning.name}: ${warning.message}`, file, line, column);
  });
}

// A program that comes to its end by itself has its environment and heap taken apart by node, which nobody sees and
// takes longer than a small program (in a copy of a template each page that is touched has to be copied): it ends as
// after process.exit(), when the last `exit` listener has run.
function watchTheEnd() {
  const leave = () => {
    if (process.listeners('exit').at(-1) === leave) process.reallyExit(process.exitCode ?? 0);
  };
  process.on('beforeExit', () => {
    process.removeListener('exit', leave);
    process.on('exit', leave);
  });
}

/* ---- the order ---- */

function readOrder(descriptor) {
  const order = { file: 'main.js', trace: false, args: [], role: '', test: [], solution: [] };
  for (const field of fs.readFileSync(descriptor, 'utf8').split('\0')) {
    const cut = field.indexOf('=');
    const key = field.slice(0, cut);
    const value = field.slice(cut + 1);
    if (key === 'file') order.file = value;
    else if (key === 'trace') order.trace = value === '1';
    else if (key === 'arg') order.args.push(value);
    else if (key === 'role') order.role = value;
    else if (key === 'test' || key === 'solution') order[key].push(value);
    else if (key === 'env') process.env[value.slice(0, value.indexOf('='))] = value.slice(value.indexOf('=') + 1);
  }
  fs.closeSync(descriptor);
  return order;
}

/* ---- running ---- */

function parse(source, sourceType) {
  try {
    return acorn.parse(source, {
      sourceType,
      ecmaVersion: 'latest',
      locations: true,
      allowReturnOutsideFunction: sourceType === 'script',
    }).body;
  } catch {
    return null;
  }
}

// The statements whose value is wanted: [first, last] of each stretch that becomes one call. Without trace that is the
// last statement, with those before it on its line, joined by commas, so that no column moves.
function stretches(source, body, trace) {
  const isExpression = (statement) => statement?.type === 'ExpressionStatement' && statement.directive === undefined;
  if (trace) return body.flatMap((statement, i) => (isExpression(statement) ? [[i, i]] : []));
  const last = body.length - 1;
  if (!isExpression(body[last])) return [];
  let first = last;
  while (
    isExpression(body[first - 1]) &&
    source[body[first - 1].end - 1] === ';' &&
    body[first - 1].loc.end.line === body[first].loc.start.line
  ) {
    first -= 1;
  }
  return [[first, last]];
}

// The source with a call around each stretch, opened behind the statement before it or, at the start, on a line of
// its own.
function instrument(source, body, trace) {
  const wanted = stretches(source, body, trace);
  let text = '';
  let at = 0;
  for (const [first, last] of wanted) {
    const open = `;${SAW}(${body[last].loc.end.line},${last === body.length - 1},(`;
    text += first === 0 ? open + '\n' : source.slice(at, body[first - 1].end) + open;
    at = first === 0 ? 0 : body[first - 1].end;
    for (let i = first; i < last; i++) {
      text += source.slice(at, body[i].end - 1) + ',';
      at = body[i].end;
    }
    const closed = source[body[last].end - 1] === ';';
    text += source.slice(at, body[last].end - closed) + (last === body.length - 1 ? '\n));' : '));');
    at = body[last].end;
  }
  return { text: text + source.slice(at), lineOffset: wanted[0]?.[0] === 0 ? -1 : 0 };
}

function sawValue(order) {
  let seen = 0;
  return (line, isLast, value) => {
    if (order.trace && seen++ < TRACE_MOST) {
      report({ values: { line, value: inspectAtMost(value, TRACE_VALUE_MOST) } });
    }
    if (isLast) report({ value: inspectAtMost(value, VALUE_MOST) });
  };
}

function scriptToRun(file, code, saw) {
  const script = vm.compileFunction(code.text, [...PARAMETERS, SAW], {
    filename: file,
    lineOffset: code.lineOffset,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const main = new Module('.', null);
  main.filename = file;
  main.paths = Module._nodeModulePaths(path.dirname(file));
  process.mainModule = main;
  Module._cache[file] = main;
  const require = Module.createRequire(file);
  require.main = main;
  const values = [main.exports, require, main, file, path.dirname(file), saw];
  return script.bind(main.exports, ...values);
}

// What V8 says is wrong with the source, or null.
function syntaxError(file, source) {
  try {
    vm.compileFunction(source, PARAMETERS, { filename: file });
    return null;
  } catch (error) {
    const [place, , carets] = error.stack.split('\n');
    const line = /:(\d+)$/.exec(place);
    const column = carets?.indexOf('^') ?? -1;
    return {
      message: `${error.name}: ${error.message}`,
      line: line ? +line[1] : undefined,
      column: column < 0 ? undefined : column + 1,
    };
  }
}

// As node does: without a byte order mark, and the line for the shell is a comment.
const readSource = (file) => fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '').replace(/^#!/, '//');

const parseScript = (file, source) => (file.endsWith('.mjs') ? null : parse(source, 'script'));

// What is wrong with a source that is no script, or null.
const moduleFault = (file, source) => (parse(source, 'module') === null ? syntaxError(file, source) : null);

function faultIn(file) {
  const source = readSource(file);
  return parseScript(file, source) === null ? moduleFault(file, source) : null;
}

// What runs the file. What compiles as no script goes to node itself, which knows ES modules and says what is wrong.
function programToRun(order) {
  const file = path.resolve(WORK, order.file);
  process.argv = [process.execPath, file, ...order.args];
  process.execArgv = [];
  const nodeItself = Module.runMain.bind(Module, file);
  if (!fs.existsSync(file)) return nodeItself;
  const source = readSource(file);
  const body = parseScript(file, source);
  if (body !== null) {
    watchUncaught();
    return scriptToRun(file, instrument(source, body, order.trace), sawValue(order));
  }
  const fault = moduleFault(file, source);
  if (fault === null) {
    watchUncaught();
  } else {
    report({ compile_error: true });
    reportDiagnostic('error', fault.message, file, fault.line, fault.column);
  }
  return nodeItself;
}

/* ---- boot ---- */

// Makes ready what an order says, and returns what runs it.
function prepare(order) {
  const program = programToRun(order);
  watchWarnings();
  watchTheEnd();
  return program;
}

// Nothing of the user's runs in this process then.
function judge(order) {
  grading = true;
  const grade = Module.createRequire(GRADE)(GRADE);
  grade(order, { faultIn, report, reportDiagnostic }).then((code) => process.reallyExit(code));
}

function serve(reseed) {
  writeSync(REPORT, 'ready\n');
  const order = readOrder(ORDER);
  reseed?.();
  // From there, so that no frame of this file stands in the program's stack traces.
  process.nextTick(order.role === 'together' ? () => judge(order) : prepare(order));
}

/* ---- in a template (docs/languages.md) ---- */

// Does all that a run does, but reports nothing, and leaves no listener. Returns what the program exports.
function rehearse(file, trace) {
  const { mainModule } = process;
  const before = new Set(process.eventNames().flatMap((name) => process.listeners(name)));
  reportTo = fs.openSync('/dev/null', 'w');
  prepare({ ...readOrder(fs.openSync('/dev/null')), file, trace })();
  const { exports } = process.mainModule;
  fs.closeSync(reportTo);
  reportTo = REPORT;
  reported = {};
  for (const name of process.eventNames()) {
    for (const listener of process.listeners(name)) if (!before.has(listener)) process.removeListener(name, listener);
  }
  process.mainModule = mainModule;
  delete Module._cache[file];
  return exports;
}

// They are made again when they are next asked for.
async function closeStandardStreams() {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write('', resolve));
    stream._handle.setBlocking(true); // as the descriptor was
    await new Promise((resolve) => stream._handle.close(resolve)); // libuv keeps descriptors 0 to 2 open
  }
  resetStdioForTesting();
  console._stdout = console._stderr = undefined;
}

// Runs what PHIAL_WARM_UP names, then is ready in a turn of the event loop of its own, as a program finds it at its start.
function warmUp(file, reseed) {
  const load = (name) =>
    vm.compileFunction(fs.readFileSync(name, 'utf8'), ['harness', 'require'], {
      filename: name,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  const idsAtStart = asyncIds.slice();
  const harness = { closeStandardStreams, parse, rehearse, syntaxError };
  const again = load(reseed)(harness, require);
  const serveAsAtStart = () => {
    const ids = asyncIds.slice();
    asyncIds.set(idsAtStart);
    serve(again);
    // What the end of this turn looks at.
    for (const place of ['kExecutionAsyncId', 'kTriggerAsyncId']) asyncIds[asyncPlaces[place]] = ids[asyncPlaces[place]];
  };
  load(file)(harness, require).then(() => setImmediate(serveAsAtStart));
}

/* ---- the start ---- */

function start() {
  const { PHIAL_WARM_UP: file, PHIAL_RESEED: reseed } = process.env;
  delete process.env.PHIAL_WARM_UP;
  delete process.env.PHIAL_RESEED;
  if (file) warmUp(file, reseed);
  else serve();
}

v8.startupSnapshot.setDeserializeMainFunction(start);
