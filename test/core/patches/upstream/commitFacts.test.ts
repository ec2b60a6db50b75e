import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCommitFacts, encodeCommitFacts } from '#server/core/patches/upstream/commitFacts.js';

const fingerprint = fc.maxSafeNat();

test('facts of a commit come back as they were written', () => {
  fc.assert(
    fc.property(fc.option(fc.stringMatching(/^[0-9a-f]{40}$/), { nil: undefined }), fc.option(fingerprint, { nil: undefined }), fc.array(fingerprint), fc.uniqueArray(fingerprint), (patchId, content, hunks, lines) => {
      const read = decodeCommitFacts(encodeCommitFacts({ patchId, content, hunks, lines }))!;
      assert.deepEqual([read.patchId, read.content, [...read.hunks], [...read.lines]], [patchId, content, hunks, [...lines].sort((a, b) => a - b)]);
    }),
  );
});

test('bytes that are no facts are refused, never misread without end', () => {
  assert.equal(decodeCommitFacts(new Uint8Array()), undefined);
  const whole = encodeCommitFacts({ patchId: 'ab'.repeat(20), content: 5, hunks: [1, 2], lines: [3, 1 << 20] });
  for (let length = 0; length < whole.length; length++) assert.equal(decodeCommitFacts(whole.subarray(0, length)), undefined, `${length} bytes`);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeCommitFacts(bytes)));
});
