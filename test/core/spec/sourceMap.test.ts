import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { specText } from './specs.js';

for (const name of ['fedora-43', 'el9']) {
  test(`every written offset is where its expansions say they come from, and the other way round, for ${name}`, () => {
    const found = findTarget(name);
    assert.ok('target' in found);
    fc.assert(
      fc.property(specText, (text) => {
        const { expanded } = evaluate(text, { target: found.target, specName: 'a.spec' });
        for (let written = 0; written < text.length; written += 7) {
          for (const { start, end } of expanded.expansionsOf(written)) {
            assert.ok(start < end && end <= expanded.text.length);
            for (const at of [start, end - 1]) {
              const origin = expanded.originOf(at);
              assert.ok(origin !== undefined && origin.span.start <= written && written < origin.span.end, `${written} -> ${at} -> ${JSON.stringify(origin)}`);
            }
          }
        }
        for (let at = 0; at < expanded.text.length; at += 5) {
          const origin = expanded.originOf(at);
          assert.ok(origin !== undefined && origin.span.end <= text.length);
          // What was written stands there unchanged.
          if (origin.macros.length === 0 && origin.span.end === origin.span.start + 1) {
            const written = text[origin.span.start];
            const made = expanded.text[at];
            assert.ok(written === made || (written === '\\' && made === ' '), JSON.stringify([written, made]));
          }
          assert.ok(expanded.expansionsOf(origin.span.start).some(({ start, end }) => start <= at && at < end));
        }
        assert.equal(expanded.originOf(expanded.text.length), undefined);
      }),
      { numRuns: 25 },
    );
  });
}
