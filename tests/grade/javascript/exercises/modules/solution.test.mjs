import { describe, it } from 'node:test';
import assert from 'node:assert';
import area, { name } from './solution.mjs';
import { square } from './support/shapes.mjs';

describe('shapes', () => {
  describe('area', () => {
    it('of a square', () => assert.strictEqual(area(square), 4));
  });
  it('have names', () => assert.match(name(square), /^sq/));
});
