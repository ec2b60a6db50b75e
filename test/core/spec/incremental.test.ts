import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Evaluation, type EvaluationInputs, evaluate } from '#server/core/spec/index.js';
import { defaultTarget, findTarget, type Target } from '#server/core/targets/index.js';
import { decodeText } from '#server/core/text/index.js';
import { loadLua } from '#server/node/index.js';
import { corpusFolder } from '../../bench/judge.js';
import { specLine, specText } from './specs.js';

function target(name: string): Target {
  const found = findTarget(name);
  assert.ok('target' in found);
  return found.target;
}

/** Everything an evaluation says, as plain data. */
function facts(evaluation: Evaluation) {
  const { accepted, problems, packages, tags, sources, patches, applications, sections, changelog, conditionals, macroUses, definitions, skipped, pending, expanded } = evaluation;
  const step = Math.max(1, Math.floor(expanded.text.length / 100));
  const origins = Array.from({ length: Math.ceil(expanded.text.length / step) }, (_, index) => expanded.originOf(index * step));
  const ends = definitions.slice(-40).map(({ definition }) => evaluation.lookup(definition.name));
  return structuredClone({ accepted, problems, packages, descriptions: packages.map(({ description }) => description), tags, sources, patches, applications, sections, changelog, conditionals, macroUses, definitions, skipped, pending, text: expanded.text, origins, ends, names: evaluation.macroNames() });
}

/** Applies edits one after the other and holds each incremental evaluation against a fresh one. */
function check(text: string, edits: readonly { at: number; remove: number; insert: string }[], inputs: EvaluationInputs): void {
  let evaluation = evaluate(text, inputs);
  for (const { at, remove, insert } of edits) {
    const start = Math.floor(at * text.length);
    text = text.slice(0, start) + insert + text.slice(start + remove);
    evaluation = evaluate(text, inputs, evaluation);
    const found = facts(evaluation);
    const wanted = facts(evaluate(text, inputs));
    // One list after the other: the difference of the whole would be unreadable.
    for (const [key, list] of Object.entries(wanted)) assert.deepEqual({ [key]: found[key as keyof typeof found] }, { [key]: list });
  }
}

const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.constantFrom(0, 0, 0, 1, 2, 10, 200), insert: fc.oneof(fc.constantFrom('', 'x', ' ', '\n', '%', '}', '1'), specLine.map((text) => `\n${text}\n`)) });

const lua = await loadLua();

describe('incremental evaluation', () => {
  for (const name of [defaultTarget, 'el9', 'el8']) {
    it(`equals a fresh one after any edit, for ${name}`, () => {
      const inputs: EvaluationInputs = { target: target(name), specName: 'a.spec', lua };
      fc.assert(
        fc.property(specText, fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => check(text, edits, inputs)),
        { numRuns: 20, endOnFailure: process.env['SPECTRAIL_SHRINK'] === undefined },
      );
    });
  }

  it('does not run Lua again that an edit leaves alone', () => {
    let runs = 0;
    const counting: typeof lua = (settings) => {
      const made = lua(settings);
      return { variables: made.variables, serve: (settings) => made.serve(settings), setList: (name, items) => made.setList(name, items), run: (chunk, macros) => (runs++, made.run(chunk, macros)), callFunction: (name, args, macros) => made.callFunction(name, args, macros) };
    };
    const inputs: EvaluationInputs = { target: target(defaultTarget), lua: counting };
    const part = (number: number) => `Source${number}: %{lua:print("s${number}")}\n${'# a line of text\n'.repeat(200)}`;
    const text = `Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n${[1, 2, 3, 4, 5, 6].map(part).join('')}%description\nd\n`;
    const before = evaluate(text, inputs);
    const fresh = runs;
    const at = text.indexOf('Source3') - 100;
    const after = evaluate(`${text.slice(0, at)}x${text.slice(at)}`, inputs, before);
    assert.deepEqual([after.sources.map(({ location }) => location), fresh >= 6, runs - fresh <= 2], [['s1', 's2', 's3', 's4', 's5', 's6'], true, true]);
  });

  const corpus = corpusFolder();
  it('equals a fresh one in real specs', { skip: corpus === undefined ? 'the corpus is not here (SPECTRAIL_CORPUS)' : false }, () => {
    const folder = join(corpus!, 'specs/fedora');
    const names = readdirSync(folder).filter((_, index) => index % 97 === 0);
    const inputs: EvaluationInputs = { target: target(defaultTarget), specName: 'a.spec', lua };
    for (const name of names) {
      const { text } = decodeText(readFileSync(join(folder, name)));
      fc.assert(
        fc.property(fc.array(edit, { minLength: 2, maxLength: 4 }), (edits) => check(text, edits, inputs)),
        { numRuns: 2 },
      );
    }
  });
});
