import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '#server/core/text/index.js';

function check(word: string, candidates: readonly string[], expected: string | undefined): void {
  test(`'${word}' among ${candidates.join(', ')} means ${expected ?? 'nothing'}`, () => assert.equal(nearest(word, candidates), expected));
}

check('wihtout', ['with', 'without'], 'without');
check('Versoin', ['Version', 'Release'], 'Version');
check('lint.fail_on', ['lint.rules', 'lint.fail-on'], 'lint.fail-on');
check('ab', ['cd', 'ef'], undefined);
check('abc', ['abd', 'abe'], 'abd');
check('', ['a'], 'a');
check('x', [], undefined);
