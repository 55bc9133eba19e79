const { describe, it, test } = require('node:test');
const assert = require('node:assert/strict');
const { capitals, count } = require('./solution.js');

test('counts words', () => assert.equal(count('one two  three'), 3));

describe('capitals', () => {
  it('makes the first letter large', () => {
    console.log('called');
    assert.deepEqual(capitals(['ant', 'bee']), ['Ant', 'Bee']);
  });
  it('leaves nothing as it is', () => assert.deepEqual(capitals([]), []));
  it('is not yet asked', { skip: 'later' }, () => assert.fail());
});
