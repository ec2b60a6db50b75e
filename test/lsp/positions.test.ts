import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineIndex, applyEdits } from '#server/core/text/index.js';
import { Documents } from '#server/lsp/documents.js';
import { offsetOf } from '#server/lsp/fromLsp.js';
import { plainText, positionOf } from '#server/lsp/toLsp.js';

const mixed = fc.string({ unit: fc.constantFrom('a', '%', 'ä', '字', '😀', '\n', '\r\n') });
const document = (text: string) => ({ text, lines: new LineIndex(text) });

test('columns count UTF-16 units or UTF-8 bytes', () => {
  const it = document('ab\nä字😀x\r\n');
  assert.deepEqual(positionOf(it, 7, 'utf-16'), { line: 1, character: 4 });
  assert.deepEqual(positionOf(it, 7, 'utf-8'), { line: 1, character: 9 });
  assert.equal(offsetOf(it, { line: 1, character: 9 }, 'utf-8'), 7);
  assert.equal(offsetOf(it, { line: 1, character: 4 }, 'utf-16'), 7);
});

test('a column inside a character is its start, one behind the line its end, a line behind the text the end', () => {
  const it = document('😀b\r\nc');
  assert.equal(offsetOf(it, { line: 0, character: 2 }, 'utf-8'), 0);
  for (const encoding of ['utf-8', 'utf-16'] as const) {
    assert.equal(offsetOf(it, { line: 0, character: 99 }, encoding), 3);
    assert.equal(offsetOf(it, { line: 9, character: 0 }, encoding), 6);
  }
});

test('every character boundary comes back from its position, in both encodings', () => {
  fc.assert(
    fc.property(mixed, fc.nat(60), fc.constantFrom('utf-8' as const, 'utf-16' as const), (text, at, encoding) => {
      const it = document(text);
      let offset = Math.min(at, text.length);
      // The protocol has no place between the parts of a character or of a line break.
      if (/[\udc00-\udfff]/.test(text[offset] ?? '') || (text[offset] === '\n' && text[offset - 1] === '\r')) offset--;
      assert.equal(offsetOf(it, positionOf(it, offset, encoding), encoding), offset);
    }),
  );
});

test('a text follows its changes, each counted in what the one before it left', () => {
  fc.assert(
    fc.property(mixed, fc.array(fc.tuple(fc.nat(40), fc.nat(8), mixed), { maxLength: 5 }), fc.constantFrom('utf-8' as const, 'utf-16' as const), (text, changes, encoding) => {
      const documents = new Documents();
      documents.open('file:///a.spec', 'rpmspec', 1, text);
      let expected = text;
      const events = changes.map(([at, length, inserted]) => {
        const it = document(expected);
        const range = { start: positionOf(it, Math.min(at, expected.length), encoding), end: positionOf(it, Math.min(at + length, expected.length), encoding) };
        const span = { start: offsetOf(it, range.start, encoding), end: offsetOf(it, range.end, encoding) };
        expected = applyEdits(expected, [{ span, text: inserted }]);
        return { range, text: inserted };
      });
      const changed = documents.change('file:///a.spec', 2, events, encoding)!;
      assert.equal(changed.document.text, expected);
      assert.equal(changed.edits.reduce((before, edit) => applyEdits(before, [edit]), text), expected);
      assert.equal(changed.document.lines.count, new LineIndex(expected).count);
    }),
  );
});

test('Markdown for a plain client keeps its words', () => {
  assert.equal(plainText('**Name** of `x`\n```rpmspec\n%x\n```\n[a\\_b](http://c)'), 'Name of x\n%x\na_b');
});
