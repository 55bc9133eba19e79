#!/usr/bin/env node
'use strict';
const assert = require('node:assert');
const { EventEmitter } = require('events');
const util = require('util');
class Animal {
  #name;
  static made = 0;
  constructor(name, ...rest) { this.#name = name; Animal.made++; this.rest = rest; }
  get name() { return this.#name; }
  speak() { return `${this.#name} makes a sound`; }
  toString() { return this.name; }
}
class Dog extends Animal {
  speak() { return super.speak().toUpperCase(); }
}
function* numbers(n) { for (let i = 0; i < n; i++) yield i; }
const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
const { a, b: { c = 3 } = {}, ...others } = { a: 1, d: 4, e: [5] };
console.log(1 + 1);
console.log('text', 1.5, true, null, undefined, -0, 10n, Symbol('s'), [1, , 3], { a, c, others, f() {} }, () => 1);
console.log(new Dog('Rex', 1), String(new Dog('Rex')), new Dog('Rex').speak(), Dog, [new Map([[1, { a: 2 }]]), new Set('ab')]);
console.log('%s is %d and %i, %f, %j, %o, %O %%', 'x', 42, 4.2, 1.5, { a: 1 }, [1], { b: { c: { d: {} } } });
console.log([3, 1, 2].sort((x, y) => x - y).map((x) => x * 2).filter(Boolean).reduce((x, y) => x + y, 0), [...numbers(3)]);
console.log('The quick fox'.split(' ').map((word) => word[0].toUpperCase() + word.slice(1).padEnd(6, '.')).join('-'));
console.log('a1b22'.replace(/\d+/g, (d) => '<' + d + '>'), /(?<year>\d{4})-(\d\d)/u.exec('2024-05').groups.year, 'żółw'.length);
console.log(JSON.stringify({ a: [1, { b: 2 }], c: 'ü' }, null, 2), JSON.parse('{"x":[1,2,{"y":null}]}'), Object.entries({ q: 1 }));
console.log(new Date(0).toISOString(), Number('0x10').toString(2), (1234.5678).toFixed(2), parseInt('12px'), isNaN('x'));
console.log(fibonacci(15), Array.from({ length: 5 }, (_, i) => i ** 2), Math.max(...[1, 2, 3]), new Uint8Array(3), Buffer.from('hi'));
console.log(structuredClone({ a: new Date(0) }), new WeakMap(), Promise.resolve(1), new Error('shown').message, globalThis === this);
console.error('to standard error', new RangeError('whole'));
console.table([{ a: 1, b: 2 }, { a: 3, b: 4 }]);
console.group('group'); console.info('in it'); console.warn('warned'); console.groupEnd();
try { null.property; } catch (error) { console.log(error.name, error.message, error.stack.length); }
try { undefinedName; } catch (error) { console.log(util.inspect(error)); } finally { console.log('finally'); }
try { assert.deepStrictEqual({ a: 1 }, { a: 2 }); } catch (error) { console.log(error.message); }
label: for (const x of [1, 2]) { switch (x) { case 1: continue label; default: break label; } }
let i = 0; while (i < 3) i += 1; do i--; while (i > 0);
const emitter = new EventEmitter(); emitter.on('e', (x) => console.log('event', x)); emitter.once('e', () => {}); emitter.emit('e', 1);
process.nextTick(() => console.log('tick')); queueMicrotask(() => console.log('micro')); setImmediate(() => console.log('immediate'));
const turns = new Promise((resolve) => { const timer = setInterval(() => { clearInterval(timer); setTimeout((x) => resolve(x), 1, 'x'); }, 1); });
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function work() { await later(1); try { await Promise.reject(new Error('no')); } catch (error) { console.log(String(error)); } return 7; }
async function* stream() { yield 1; await null; yield 2; }
async function all() { for await (const x of stream()) console.log(x); console.log(await Promise.all([work(), turns]), await Promise.allSettled([work()])); }
module.exports = all();
util.inspect({ deep: { er: [1, 2, 3] } });
[1, 2, 3]
