import assert from 'node:assert/strict';
import { test } from 'node:test';
import { architectures, defaultTarget, findTarget, listTargets } from '#server/core/targets/index.js';
import { evaluate } from '#server/core/spec/index.js';

/** Finds the target by that name, with those values among its macros; the last definition of a name counts, as in rpm. */
function check(name: string, id: string, macros: Readonly<Record<string, string | undefined>>) {
  const found = findTarget(name);
  assert.ok('target' in found, 'message' in found ? found.message : '');
  assert.equal(found.target.id, id);
  const values = Object.fromEntries(Object.keys(macros).map((wanted) => [wanted, found.target.macros.findLast((macro) => macro.name === wanted)?.body]));
  assert.deepEqual(values, macros);
}

/** Finds no target and says so in these words. */
function checkUnknown(name: string, message: string) {
  const found = findTarget(name);
  assert.ok('message' in found);
  assert.equal(found.message, message);
}

test('Enterprise Linux and its rebuilds share a dist tag and differ in who they are', () => {
  check('el9', 'el9', { dist: '.el9', rhel: '9', el9: '1', centos: undefined, fedora: undefined });
  check('centos-stream-9', 'centos-stream-9', { dist: '.el9', rhel: '9', centos: '9', centos_ver: '9' });
  check('alma9', 'almalinux-9', { dist: '.el9', rhel: '9', almalinux: '9', centos: '9', centos_ver: '9', python3_sitelib: '/usr/lib/python3.9/site-packages' });
  check('ol8', 'oracle-8', { dist: '.el8', rhel: '8', oraclelinux: '8' });
});

test('Fedora by any of its spellings, also one that the table does not list', () => {
  check('fedora-41', 'fedora-41', { dist: '.fc41', fedora: '41', rhel: undefined });
  check('f42', 'fedora-42', { dist: '.fc42', fedora: '42' });
  check('fc39', 'fedora-39', { dist: '.fc39', fedora: '39' });
  check('Rawhide', 'fedora-rawhide', { dist: '.fc46', fedora: '46' });
});

test('openEuler names itself as the vendor of its platform', () => check('openeuler-24.03', 'openeuler-24.03', { dist: '.oe2403', _vendor: 'openEuler', rhel: undefined }));

test('openSUSE has versions and no dist tag', () => {
  check('tumbleweed', 'opensuse-tumbleweed', { suse_version: '1699', is_opensuse: '1', dist: undefined, _vendor: 'suse' });
  check('sle-15', 'sle-15', { suse_version: '1500', is_opensuse: undefined });
});

test('rpmautospec gives its fallback, Python names are lowered where rpm can', () => {
  check('fedora-43', 'fedora-43', { autochangelog: '%{nil}', py3_dist: 'python3dist(%{lower:%1})' });
  check('el9', 'el9', { py3_dist: 'python3dist(%1)' });
  check('photon-5', 'photon-5', { autorelease: undefined });
});

test('an architecture stands behind a slash', () => {
  check('el9/aarch64', 'el9/aarch64', { rhel: '9' });
  checkUnknown('el9/vax', `unknown architecture in target 'el9/vax'; known are ${architectures.join(', ')}`);
});

test('an unknown target gets the nearest known name', () => {
  checkUnknown('fedroa-41', "unknown target 'fedroa-41'; did you mean 'fedora-41'?");
  checkUnknown('el99', "unknown target 'el99'; did you mean 'el9'?");
  checkUnknown('windows', "unknown target 'windows'");
});

test('every listed target is found by its id, has a vendor and an rpm version that exists', () => {
  for (const { id, rpmVersion } of listTargets()) {
    const found = findTarget(id);
    assert.ok('target' in found && found.target.id === id, id);
    assert.ok(found.target.macros.some(({ name }) => name === 'vendor'), id);
    assert.match(rpmVersion, /^(4\.(1[1-9]|20)|6\.[01])\.\d+(\.\d+)?$/);
  }
  assert.ok('target' in findTarget(defaultTarget));
});

test('no two targets answer to the same name', () => {
  const ids = listTargets().map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test('%autorelease and %autochangelog have values without a git history', () => {
  const found = findTarget('fedora-43');
  assert.ok('target' in found);
  const release = (text: string) => evaluate(`Name: a\nVersion: 1\nRelease: ${text}\nSummary: a\nLicense: MIT\n\n%description\na\n\n%changelog\n%autochangelog\n`, { target: found.target });
  assert.deepEqual(['%autorelease', '%{autorelease -b 5 -n}', '%autorelease -p -e rc1'].map((text) => release(text).packages[0]?.release), ['1.fc43', '5', '0.1.rc1.fc43']);
  assert.deepEqual(release('%autorelease').problems, []);
});
