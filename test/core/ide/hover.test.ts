import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HoverOptions, hover } from '#server/core/ide/index.js';
import { parseCursor } from '../../support/fixture.js';
import { type SnapshotOptions, withSnapshot } from '../../support/snapshot.js';
import { traced } from '../../support/traces.js';

/** The hover at the marker: the text it covers, and patterns or whole texts its Markdown has; undefined expects none. */
function check(source: string, covered: string | undefined, expected: readonly (string | RegExp)[] = [], options: SnapshotOptions & HoverOptions = {}): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, options, (snapshot) => {
    const found = hover(snapshot, offset, options);
    assert.equal(found === undefined ? undefined : snapshot.text.slice(found.span.start, found.span.end), covered);
    if (found === undefined) return;
    assert.ok(found.span.start <= offset && offset <= found.span.end, 'the place lies in the span');
    for (const part of expected) {
      if (typeof part === 'string') assert.ok(found.markdown.includes(part), `${part}\n--- is not in\n${found.markdown}`);
      else assert.match(found.markdown, part);
    }
  });
}

const head = 'Name: curl\nVersion: 7.76\nRelease: 1%{?dist}\nSummary: s\nLicense: MIT\n';

test('a macro shows its value where it is used and where it is defined', () => {
  check(`%global major 7\n${head}Source0: x-%{ma<|>jor}.tar\n`, '%{major}', ['**%major** = `7`', 'Defined with `%global` in line 1 of this spec.']);
  check(`${head}Source0: x-%{ver<|>sion}.tar\n`, '%{version}', ['**%version** = `7.76`', 'in line 2 of this spec']);
  check('%define a_b %{nil}x%{?dist}\nName: %a<|>_b\n', '%a_b', ['**%a_b** = `x.fc43`', '```rpmspec\n%{nil}x%{?dist}\n```', '`%{dist}` = `.fc43`']);
});

test('a value is the one in force at the place, not at the end', () => {
  check('%define foo one\nName: %{f<|>oo}\n%define foo two\n', '%{foo}', ['**%foo** = `one`', 'in line 1']);
});

test('a fact of the target, what differs between targets, and what nobody defined', () => {
  check('Release: 1%{?d<|>ist}\n', '%{?dist}', ['**%dist** = `.fc43`', 'A fact of Fedora']);
  check('Release: 1%{?d<|>ist}\n', '%{?dist}', ['| Fedora 43 | `.fc43` |\n| Enterprise Linux 9 | `.el9` |'], { targets: ['fedora-43', 'el9'] });
  check('Release: %{no_such_<|>thing}\n', '%{no_such_thing}', ['Not defined for']);
});

test('a built-in macro and a definition line', () => {
  check('%glob<|>al foo 1\n', undefined);
  check('%global f<|>oo %{?dist}x\n', 'foo', ['**%foo** = `.fc43x`', 'in line 1']);
  check('Name: %{up<|>per:x}\n', '%{upper:x}', ['gives the text in upper case', 'Since rpm 4.19', "rpm's documentation"]);
});

test('a tag says what it is for and what its value is', () => {
  check('BuildReq<|>uires: gcc\n', 'BuildRequires', ['**BuildRequires**', 'when the package is built']);
  check('Rel<|>ease: 1%{?dist}\n', 'Release', ['Value: `1.fc43`']);
  check('Requires(po<|>st): sh\n', 'Requires(post)', ['**Requires**']);
  check('SOURCE<|>12: a\n', 'SOURCE12', ['**Source**']);
  check('Name: cu<|>rl\n', undefined);
});

test('sections, directives of %files and conditionals', () => {
  check(`${head}%prep\n%po<|>st\n`, '%post', ['Runs after the package was installed', '`%post [-p INTERPRETER] [[-n] NAME]`']);
  check(`${head}%package libs\nSummary: l\n%files li<|>bs\n`, undefined);
  check(`${head}%package libs\nSummary: l\n%fi<|>les libs\n`, '%files', ['Of the package `curl-libs`.']);
  check(`${head}%files\n%con<|>fig(noreplace) /etc/x\n`, '%config', ['`%config[(noreplace)] [(missingok)]`']);
  check(`%if 0%{?rhel<|>}\n%endif\n`, '%{?rhel}', ['Not defined']);
  check(`%i<|>f 0%{?rhel} >= 9\n%endif\n`, '%if', ['what follows is **left out** for Fedora']);
  check(`%i<|>f 0%{?rhel} >= 9\n%endif\n`, '%if', [/Fedora.*\*\*left out\*\*.*9.*\*\*read\*\*/s], { targets: ['fedora-43', 'el9'] });
  check(`%if 1\n%el<|>se\n%endif\n`, '%else', ['**left out**', 'Belongs to line 1', '```rpmspec\n%if 1\n```']);
  check(`%if 1\n%end<|>if\n`, '%endif', ['Belongs to line 1']);
});

test('a patch line says where the patch came from', () => {
  const traces = new Map([['fix.patch', traced]]);
  const all = ['The same change as `1a2b3c4d5e6f` *url: fix \\*it\\** by A Person, 2024-05-07, first in `curl-8_0_0`', 'git gives both diffs the same patch id', 'What it says of itself is confirmed: `cherry picked from commit` `1a2b3c4`', '- stream: the same file', 'Searched: upstream (`master`), up to 2026-01-01.'];
  check(`${head}Patch1: fix<|>.patch\n==> fix.patch <==\n`, 'fix.patch', all, { traces });
  check(`${head}Pat<|>ch1: fix.patch\n`, 'Patch1', [...all, '**Patch**'], { traces });
  check(`${head}%patchlist\nfix<|>.patch\n`, 'fix.patch', all, { traces });
});

test('a patch line says what was decided about the patch', () => {
  const decision = { kind: 'ours' as const, reason: 'kept *here*', owner: 'Ada <a@b>', date: '2026-01-02', until: undefined, about: undefined };
  const decisions = new Map([['fix.patch', { file: 'fix.patch', changes: [decision], expired: [{ ...decision, kind: 'waived' as const, until: '2026-02-03' }] }]]);
  const spec = `${head}Patch1: fix<|>.patch\n==> fix.patch <==\n`;
  const all = ['Ours on purpose, by Ada \\<a@b\\>, 2026-01-02: *kept \\*here\\**', 'This waiver has ended: Waived until 2026-02-03, by Ada'];
  check(spec, 'fix.patch', [...all, 'was not traced yet'], { decisions });
  check(spec, 'fix.patch', [...all, 'The same change as'], { decisions, traces: new Map([['fix.patch', traced]]) });
});

test('an untraced patch says what it says of itself, and how to trace it', () => {
  const says = { subject: 'Fix it', author: 'A <a@b>', claims: [{ kind: 'mbox-from' as const, value: 'abc1234', where: 'header' as const }], paths: ['lib/a.c'] };
  check(`${head}Patch1: fix<|>.patch\n==> fix.patch <==\n`, 'fix.patch', ['was not traced yet', 'It says: *Fix it*, by A \\<a@b\\>.', 'the mail line `From` `abc1234`', 'This was not checked', 'Changes `lib/a.c`.', '[Trace it](command:x)'], { says, traceCommand: 'command:x' });
  check(`${head}Patch1: fix<|>.patch\n`, 'fix.patch', ['There is no such file beside the spec.', 'spectrail trace']);
});

test('broken neighbours take nothing away', () => {
  check(`%if 1\n%{unclosed\nRelease: 1%{?di<|>st}\n`, '%{?dist}', ['**%dist**']);
  check(`Foo bar baz\nBuildReq<|>uires: gcc\n%if\n`, 'BuildRequires', ['when the package is built']);
});

test('where the meaning is withheld, what is written still has its hovers', () => {
  check('BuildReq<|>uires: gcc\n', 'BuildRequires', ['**BuildRequires**'], { isWithheld: true });
});
