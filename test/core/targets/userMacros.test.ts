import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileReader } from '#server/core/host.js';
import { plainContext } from '#server/core/macros/index.js';
import { filesOfTarget, targetCatalogue, targetExpander, thisMachine, userFolders } from '#server/core/targets/index.js';

/** A machine that has these files. */
function machine(texts: Readonly<Record<string, string>>): FileReader {
  const below = (folder: string) => Object.keys(texts).filter((path) => path.startsWith(`${folder.replace(/\/$/, '')}/`));
  return {
    read: (path) => (texts[path] === undefined ? undefined : new TextEncoder().encode(texts[path])),
    stat: (path) => (texts[path] !== undefined ? { kind: 'file', size: texts[path]!.length, modified: 0 } : below(path).length > 0 ? { kind: 'directory', size: 0, modified: 0 } : undefined),
    list: (folder) => [...new Set(below(folder).map((path) => path.slice(folder.replace(/\/$/, '').length + 1).split('/')[0]!))].sort(),
  };
}

/** Somebody's own macros count on this machine: where they are looked for, and what `%mine` is then. */
function check(rpmVersion: string, environment: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>, path: string, mine: string): void {
  const files = machine({ [`/usr/lib/rpm/rpmpopt-${rpmVersion}`]: '', '/usr/lib/rpm/macros': '%mine rpm\n', ...own });
  const found = targetCatalogue({ files, cache: '/cache', arch: 'x86_64', user: userFolders(environment) }).find(thisMachine);
  assert.ok('target' in found);
  const { target } = found;
  // What an evaluation may read elsewhere does not matter: the file belongs to the set.
  const expander = targetExpander(target, { ...plainContext(rpmVersion), files: filesOfTarget(target, machine({})) });
  assert.deepEqual([target.set!.path.split(':').at(-1), expander.expandText('%mine').text], [path, mine]);
}

const home = { HOME: '/home/a' };

test('older versions read one file of the home folder', () => {
  check('4.18.0', home, { '/home/a/.rpmmacros': '%mine own\n', '/home/a/.config/rpm/macros': '%mine other\n' }, '~/.rpmmacros', 'own');
  check('4.18.0', home, {}, '~/.rpmmacros', 'rpm');
  check('4.18.0', {}, { '/home/a/.rpmmacros': '%mine own\n' }, '~/.rpmmacros', 'rpm');
});

test('since 4.20 the folder of configuration goes before it', () => {
  const old = { '/home/a/.rpmmacros': '%mine old\n' };
  check('4.20.1', home, { '/home/a/.config/rpm/macros': '%mine new\n' }, '~/.config/rpm/macros', 'new');
  check('6.0.2', home, { ...old, '/home/a/.config/rpm/macros': '%mine new\n' }, '~/.config/rpm/macros', 'new');
  check('6.0.2', home, old, '~/.rpmmacros', 'old');
  check('6.0.2', home, { '/home/a/.rpmrc': '' }, '~/.rpmmacros', 'rpm');
  check('6.0.2', home, {}, '~/.config/rpm/macros', 'rpm');
  check('6.0.2', { ...home, XDG_CONFIG_HOME: '~/.zz' }, { ...old, '/home/a/.zz/rpm/macros': '%mine tilde\n' }, '~/.zz/rpm/macros', 'tilde');
  check('6.0.2', { ...home, XDG_CONFIG_HOME: '/conf' }, { '/conf/rpm/macros': '%mine conf\n' }, '/conf/rpm/macros', 'conf');
});
