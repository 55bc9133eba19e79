'use strict';
// What each copy of a template of JavaScript does first (docs/languages.md): the body of a function of `harness` and
// `require`. It is run in the template, gets ready what can be, and gives what each copy calls.

const fs = require('fs');
const v8 = require('v8');

const bytes = Buffer.alloc(8);

function readRandom() {
  const urandom = fs.openSync('/dev/urandom');
  fs.readSync(urandom, bytes);
  fs.closeSync(urandom);
}

// Math.random() of this context is seeded by its first call, from this flag if it is set. The flag has 32 bits: how many
// numbers are passed over adds a few. Workers and contexts of the program's own would all have the same numbers from it.
function seed(rehearsal) {
  v8.setFlagsFromString(`--random-seed=${rehearsal ? 0 : bytes.readInt32LE(0) || 1}`);
  for (let i = rehearsal ? -1 : bytes[4]; i >= 0; i--) Math.random();
  v8.setFlagsFromString('--random-seed=0');
}

function again(rehearsal) {
  readRandom();
  seed(rehearsal);
  Object.defineProperty(process, 'pid', {
    ...Object.getOwnPropertyDescriptor(process, 'pid'),
    value: Number(fs.readlinkSync('/proc/self')),
  });
}

again(true);
return () => again(false);
