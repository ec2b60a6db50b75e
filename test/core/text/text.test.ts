import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineIndex, applyEdits, decodeText, encodeText, mapOffset } from '#server/core/text/index.js';

test('lines end at \\n, \\r\\n and a lone \\r', () => {
  const lines = new LineIndex('a\nb\r\nc\rd\n');
  assert.deepEqual([0, 1, 2, 3, 4].map((line) => lines.lineStart(line)), [0, 2, 5, 7, 9]);
});

test('a position and its offset are inverse to each other', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ä', '😀', '%') }), fc.nat(40), (text, at) => {
      const lines = new LineIndex(text);
      const offset = Math.min(at, text.length);
      assert.equal(lines.offsetAt(lines.positionAt(offset)), offset);
    }),
  );
});

test('decoding any bytes and encoding the text gives the bytes back', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(encodeText(decodeText(bytes)), bytes)));
});

test('edits of one text are applied together, insertions in their order', () => {
  const edits = [
    { span: { start: 3, end: 3 }, text: 'X' },
    { span: { start: 0, end: 1 }, text: '' },
    { span: { start: 3, end: 3 }, text: 'Y' },
  ];
  assert.equal(applyEdits('abcdef', edits), 'bcXYdef');
  assert.throws(() => applyEdits('abc', [{ span: { start: 0, end: 2 }, text: '' }, { span: { start: 1, end: 3 }, text: '' }]), RangeError);
});

test('an offset behind an edit moves with the text', () => {
  assert.equal(mapOffset(5, { span: { start: 1, end: 3 }, text: 'xyz' }), 6);
  assert.equal(mapOffset(1, { span: { start: 1, end: 3 }, text: 'xyz' }), 1);
});

test('an index carried over an edit is the index of the edited text', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '😀'), maxLength: 30 });
  fc.assert(
    fc.property(piece, piece, fc.nat(30), fc.nat(10), (text, inserted, at, length) => {
      const start = Math.min(at, text.length);
      const edit = { span: { start, end: Math.min(start + length, text.length) }, text: inserted };
      const after = applyEdits(text, [edit]);
      const carried = new LineIndex(text).edited(edit, after);
      const fresh = new LineIndex(after);
      const starts = (lines: LineIndex): number[] => Array.from({ length: lines.count }, (_, line) => lines.lineStart(line));
      assert.deepEqual(starts(carried), starts(fresh));
      assert.deepEqual(carried.positionAt(after.length), fresh.positionAt(after.length));
    }),
    { numRuns: 2000 },
  );
});
