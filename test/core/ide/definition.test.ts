import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitions } from '#server/core/ide/index.js';
import { parseCursor } from '../../support/fixture.js';
import { type SnapshotOptions, withSnapshot } from '../../support/snapshot.js';

/** Goes to the definition: expected are `line: name` (line from 1) for places in the spec and `path` for files. */
function check(source: string, expected: readonly string[] | undefined, options: SnapshotOptions = {}): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, options, (snapshot) => {
    const found = definitions(snapshot, offset);
    const places = found?.places.map((place) => (place.kind === 'file' ? place.path : `${snapshot.lines.lineAt(place.nameSpan.start) + 1}: ${snapshot.text.slice(place.nameSpan.start, place.nameSpan.end)}`));
    assert.deepEqual(places, expected);
    if (found !== undefined) assert.ok(found.origin.start <= offset && offset <= found.origin.end);
  });
}

const head = 'Name: curl\nVersion: 7\nRelease: 1\nSummary: s\nLicense: MIT\n';

test('a macro leads to the definition in force', () => {
  check('%global foo 1\nName: %{f<|>oo}\n', ['1: foo']);
  check('%global foo 1\n%global foo 2\nName: %f<|>oo\n%global foo 3\n', ['2: foo']);
  check('%if 0\n%global foo 1\n%endif\nName: %{f<|>oo}\n', ['2: foo']);
  check('Name: %{nothing_<|>there}\n', undefined);
});

test('macros that tags define lead to the tag', () => {
  check(`${head}URL: %{ver<|>sion}\n`, ['2: Version']);
});

test('sources and patches: from their macros to the tag, from the tag to the file', () => {
  check(`${head}Source1: a.conf\n%prep\ncp %{SOU<|>RCE1} .\n`, ['6: Source1']);
  check(`${head}Patch3: a.patch\n%prep\npatch < %{PAT<|>CH3}\n`, ['6: Patch3']);
  check(`${head}Patch3: a.patch\n%prep\n%patch -P <|>3 -p1\n`, ['6: Patch3']);
  check(`${head}Patch3: a.pa<|>tch\n==> a.patch <==\n`, ['/package/a.patch']);
  check(`${head}Patch3: a.pa<|>tch\n`, undefined);
});

test('conditional lines lead to each other', () => {
  check('%if 1\nName: a\n%el<|>se\n%endif\n', ['1: %if']);
  check('%if 1\nName: a\n%end<|>if\n', ['1: %if']);
  check('%i<|>f 1\nName: a\n%endif\n', ['3: %endif']);
  check('%end<|>if\n', undefined);
});

test('a build conditional leads to its declaration', () => {
  check('%bcond_with foo\n%if %{with f<|>oo}\n%endif\n', undefined);
  check('%bcond_with foo\n%if %{wi<|>th foo}\n%endif\n', ['1: foo']);
});
