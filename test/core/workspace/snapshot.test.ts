import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { neverCancelled } from '#server/core/host.js';
import { AnswerBook, isEvaluated, liveSnapshots, packageFile, readPackageFiles, settle } from '#server/core/workspace/index.js';
import type { SpecEvaluation } from '#server/core/spec/evaluation.js';
import { defaultTarget } from '#server/core/targets/index.js';
import { loadLua } from '#server/node/index.js';
import { parser, snapshotOf } from '../../support/snapshot.js';

const spec = 'Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: MIT\nURL: https://a.example/%{name}-%{version}\n%description\nd\n%files\n';

test('a text is read both ways', () => {
  const snapshot = snapshotOf(spec, undefined);
  assert.equal(snapshot.evaluation.tags.find(({ name }) => name === 'URL')?.value, 'https://a.example/a-1');
  assert.deepEqual(snapshot.tree.views.sections.map(({ name }) => name), ['', 'description', 'files']);
  snapshot.release();
});

test('trees live as long as their snapshots and no longer, parsed or not, in whatever order they are released', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ isParsed: fc.boolean(), release: fc.constantFrom('at once', 'late', 'twice') }), { minLength: 1, maxLength: 12 }), (steps) => {
      assert.deepEqual([liveSnapshots(), parser.liveTrees], [0, 0]);
      let previous: ReturnType<typeof snapshotOf> | undefined;
      const late: (typeof previous)[] = [];
      for (const [i, { isParsed, release }] of steps.entries()) {
        const snapshot = snapshotOf(`${spec}# ${i}\n`, undefined, previous === undefined ? {} : { previous });
        if (release === 'late') late.push(previous);
        else {
          previous?.release();
          if (release === 'twice') previous?.release();
        }
        if (isParsed) assert.equal(snapshot.tree.text, snapshot.text);
        previous = snapshot;
      }
      assert.ok(parser.liveTrees <= steps.length);
      previous!.release();
      for (const snapshot of late) snapshot?.release();
      assert.deepEqual([liveSnapshots(), parser.liveTrees], [0, 0]);
    }),
    { numRuns: 60 },
  );
});

test('a released snapshot refuses its tree, also one that was never parsed', () => {
  for (const isParsed of [true, false]) {
    const snapshot = snapshotOf(spec, undefined);
    if (isParsed) assert.ok(snapshot.tree);
    snapshot.release();
    assert.throws(() => snapshot.tree, /released/);
  }
});

test('what an editor typed through is not kept: no earlier snapshot, no evaluation, no part of one that was read anew', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const lua = await loadLua();
  const book = new AnswerBook({ shell: () => async () => ({ output: '', understood: false }), lua: async () => lua, machine: { arch: 'x86_64', memory: 1, processors: 1 } });
  const body = '%global last %{lua:print("x")}\n# a line\nRequires: r%{last}\n'.repeat(400);
  const text = (typed: number): string => spec.replace('%description\n', `${body}%description\n${'d'.repeat(typed)}`);
  const made: { readonly typed: number; readonly snapshot: WeakRef<object>; readonly evaluation: WeakRef<object>; readonly chunk: WeakRef<object> }[] = [];
  const targets = [defaultTarget];
  // A function of its own, so that no variable of the test holds what is to be gone.
  const type = (count: number): ReturnType<typeof snapshotOf> => {
    let previous: ReturnType<typeof snapshotOf> | undefined;
    for (let typed = 0; typed < count; typed++) {
      const snapshot = snapshotOf(text(typed), undefined, { book, targets, ...(previous !== undefined && { previous }) });
      assert.equal(snapshot.evaluation.tags.length, 406);
      made.push({ typed, snapshot: new WeakRef(snapshot), evaluation: new WeakRef(snapshot.evaluation), chunk: new WeakRef((snapshot.evaluation as SpecEvaluation).reading.chunks.at(-1)!.chunk) });
      previous?.release();
      previous = snapshot;
    }
    return previous!;
  };
  const first = type(1);
  await book.learn(first, neverCancelled);
  first.release();
  made.length = 0;
  const last = type(30);
  // What was looked at stays until the job is over.
  await new Promise((resolve) => setTimeout(resolve, 10));
  collect();
  assert.deepEqual(made.slice(0, -1).filter((one) => [one.snapshot, one.evaluation, one.chunk].some((kept) => kept.deref() !== undefined)).map(({ typed }) => typed), []);
  assert.equal(last.evaluation.tags.length, 406);
  last.release();
});

test('a text whose evaluation is withheld still has its tree', () => {
  const snapshot = snapshotOf(spec, undefined, { isWithheld: true });
  assert.equal(isEvaluated(snapshot.evaluation), false);
  assert.equal(snapshot.evaluation.target.id, 'fedora-43');
  assert.equal(snapshot.tree.views.tags.length, 6);
  snapshot.release();
});

test('what a shell says is asked once by text and read again until nothing is new', async () => {
  const asked: string[] = [];
  const book = new AnswerBook({
    shell: () => async (command) => {
      asked.push(command);
      return command.startsWith('echo ') ? { output: `${command.slice(5)}\n`, understood: true } : { output: '', understood: false };
    },
    lua: () => Promise.reject(new Error('nobody needs Lua here')),
    machine: { processors: 1, memory: 1, arch: 'x86_64' },
  });
  const text = '%global a %(echo one)\n%global b %(echo %{a} two)\n%global c %(rpm -q foo)\n%global d %(echo one)\nName: %{b}\n';
  const snapshot = await settle((previous) => snapshotOf(text, undefined, { book, ...(previous === undefined ? {} : { previous }) }), book, neverCancelled);
  assert.equal(snapshot.evaluation.lookup('b')?.body, 'one two');
  assert.deepEqual(new Set(asked).size, asked.length, 'nothing is asked twice');
  assert.ok(asked.includes('rpm -q foo'));
  assert.equal(book.hasQuestions(snapshot), false);
  assert.deepEqual(snapshot.evaluation.pending.map(({ text: command }) => command), ['rpm -q foo']);
  snapshot.release();
  assert.equal(liveSnapshots(), 0);
});

test('the folders of a package are found in every layout', () => {
  const check = (spec: string, tree: Readonly<Record<string, readonly string[]>>, sourceFolder: string, file: string, path: string | undefined): void => {
    const files = readPackageFiles(spec, { read: () => undefined, stat: (folder) => (folder in tree ? { kind: 'directory', size: 0, modified: 0 } : undefined), list: (folder) => tree[folder] ?? [] });
    assert.equal(files.sourceFolder, sourceFolder);
    assert.equal(packageFile({ files: files.files, folders: files.folders, traces: new Map(), decisions: new Map() }, file), path);
  };
  check('/p/SPECS/a.spec', { '/p/SPECS': ['a.spec'], '/p/SOURCES': ['a.patch'] }, '/p/SOURCES', 'a.patch', '/p/SOURCES/a.patch');
  check('/p/a.spec', { '/p': ['a.spec', 'a.patch'] }, '/p', 'a.patch', '/p/a.patch');
  check('/p/a.spec', { '/p': ['a.spec'], '/p/SOURCES': ['a.patch'] }, '/p/SOURCES', 'a.patch', '/p/SOURCES/a.patch');
  check('/p/SPECS/a.spec', { '/p/SPECS': ['a.spec', 'a.patch'] }, '/p/SPECS', 'a.patch', '/p/SPECS/a.patch');
  check('/p/SPECS/a.spec', { '/p/SPECS': ['a.patch'], '/p/SOURCES': ['a.patch'] }, '/p/SOURCES', 'a.patch', '/p/SOURCES/a.patch');
  check('/a.spec', { '/': ['a.spec'] }, '/', 'none', undefined);
  check('C:\\p\\SPECS\\a.spec', { 'C:\\p\\SPECS': [], 'C:\\p\\SOURCES': ['a.patch'] }, 'C:\\p\\SOURCES', 'a.patch', 'C:\\p\\SOURCES\\a.patch');
});
