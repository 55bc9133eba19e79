'use strict';
// Loaded first in each process that runs tests (grade.js): makes it harder for a solution to seem to pass.

const assert = require('node:assert');
const test = require('node:test');

// A solution that ends the process would also end the tests that were still to come: then it is no success. node:test
// is at its end when there is nothing left to wait for.
const BROKEN_OFF = 70;
const { reallyExit } = process;
let atItsEnd = false;
process.once('beforeExit', () => {
  atItsEnd = true;
});
const exit = (code) => reallyExit.call(process, atItsEnd ? code : code || BROKEN_OFF);
Object.defineProperty(process, 'reallyExit', { value: exit, writable: false, configurable: false });

for (const module of [assert, assert.strict, assert.AssertionError, assert.AssertionError.prototype, test]) {
  Object.freeze(module);
}
