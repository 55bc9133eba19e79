import test from 'node:test';
import assert from 'node:assert/strict';
import { count } from './solution.js';

test('waits', async (t) => {
  await t.test('inside', async () => assert.equal(await Promise.resolve(count('a')), 1));
});
test('refuses', () => assert.throws(() => count(1), TypeError));
