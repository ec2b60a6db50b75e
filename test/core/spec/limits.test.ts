import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError, noFiles } from '#server/core/host.js';
import { type EvaluationInputs, evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';

const found = findTarget('fedora-43');
assert.ok('target' in found);
const base: EvaluationInputs = { target: found.target, specName: 'a.spec', clock: { now: () => Date.now() } };
const preamble = 'Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n';

/** Evaluates what would never end, and wants one error of this code. */
function check(text: string, code: string, inputs: Partial<EvaluationInputs> = {}): void {
  const start = performance.now();
  const evaluation = evaluate(preamble + text, { ...base, ...inputs });
  assert.equal(evaluation.accepted, false);
  assert.deepEqual(evaluation.problems.filter(({ severity }) => severity === 'error').map((problem) => problem.code), [code]);
  // Ten times what it should take: other work may keep the machine busy.
  assert.ok(performance.now() - start < 10_000);
}

test('a macro that calls itself ends in an error', () => check('%define x() %{x}%{x}\nURL: %{x}\n', 'rpm-error/recursion'));

test('a value that doubles without end ends in an error', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `%global v${index + 1} %{v${index}}%{v${index}}`);
  const evaluation = evaluate(`${preamble}%global v0 xxxxxxxxxxxxxxxx\n${lines.join('\n')}\n`, base);
  assert.equal(evaluation.accepted, false);
  assert.ok(evaluation.problems.some(({ code }) => code === 'rpm-error/limit'));
});

test('a file that includes itself ends in an error', () => {
  check('%include /loop\n', 'rpm-error/unreadable-include', { files: { ...noFiles, read: (path) => (path === '/loop' ? new TextEncoder().encode('%include /loop\n') : undefined) } });
});

test('an evaluation that takes too long is ended, and says so', () => {
  let now = 0;
  const lines = '%define x 1\n'.repeat(1000);
  check(lines, 'rpm-error/limit', { clock: { now: () => (now += 100) }, timeLimit: 2000 });
});

test('a cancelled evaluation stops at the next line', () => {
  let polls = 0;
  const cancellation = {
    get isCancelled() {
      return ++polls > 10;
    },
  };
  assert.throws(() => evaluate(preamble + '# line\n'.repeat(1000), { ...base, cancellation }), CancelledError);
  assert.equal(polls, 11);
});

test('an unreadable text is no reason to throw', () => {
  for (const text of ['', '\0', '\ud800', '%', '%{', '%(', '\\\n', '%if', '%package\n', `${'('.repeat(10_000)}\n`, 'Requires: ' + '('.repeat(2000) + '\n']) {
    evaluate(text, base);
    evaluate(preamble + text, base);
  }
});
