'use strict';
// What each copy of a template of JavaScript does first (docs/languages.md): the body of a function of `harness` and
// `require`.

const fs = require('fs');
const v8 = require('v8');

// Math.random() of this context is seeded by its first call, from this flag if it is set. The flag has 32 bits: how many
// numbers are passed over adds a few.
const bytes = Buffer.alloc(8);
const urandom = fs.openSync('/dev/urandom');
fs.readSync(urandom, bytes);
fs.closeSync(urandom);
v8.setFlagsFromString(`--random-seed=${bytes.readInt32LE(0) || 1}`);
for (let i = bytes.readUInt16LE(4) & 4095; i >= 0; i--) Math.random();
// Not for workers and contexts of the program's own: all would have the same numbers.
v8.setFlagsFromString('--random-seed=0');

Object.defineProperty(process, 'pid', {
  ...Object.getOwnPropertyDescriptor(process, 'pid'),
  value: Number(fs.readlinkSync('/proc/self')),
});
