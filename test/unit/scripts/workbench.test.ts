import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uriPath } from '../../../scripts/workbench';

test('folders with spaces, signs and backslashes are opened by their own names', () => {
  assert.equal(uriPath('/home/me/my work/50% #1', false), '/home/me/my work/50% #1');
  assert.equal(uriPath('C:\\Users\\Анна\\my work\\50%', true), '/C:/Users/Анна/my work/50%');
});
