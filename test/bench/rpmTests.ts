/**
 * rpm's own tests of macros and specs, run with our `rpm` and `rpmspec` first on PATH and with rpm's:
 * `npm run bench:rpmtests -- SOURCE TREE [--keep]`. SOURCE is a checkout of rpm, whose tests/rpmmacro.at and tests/rpmspec.at
 * are made into a test suite as rpm makes it, by autotest; TREE is the folder that the same version was installed into
 * (`cmake -DCMAKE_INSTALL_PREFIX=/usr ...`, `make install DESTDIR=TREE`). Both can be named in SPECTRAIL_RPM_SOURCE and
 * SPECTRAIL_RPM_TREE. Nothing of rpm is part of this repository.
 *
 * The suite expects rpm in / and its test data in /data. So each side gets a root of its own, in a mount namespace: an
 * overlay over this machine's /, with TREE copied over it; nothing of it is left afterwards. There every other program (rpmlua,
 * rpmuncompress, rpmdb) is rpm's own on both sides. Needs root, overlay mounts, autom4te and bwrap.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [givenSource, givenTree] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const source = resolve(givenSource ?? process.env['SPECTRAIL_RPM_SOURCE'] ?? 'rpm');
const tree = resolve(givenTree ?? process.env['SPECTRAIL_RPM_TREE'] ?? 'rpm-tree');
const files = ['rpmmacro.at', 'rpmspec.at'];

const missing = [
  ...['unshare', 'autom4te', 'bwrap', 'bash', 'ldconfig'].filter((program) => spawnSync('bash', ['-c', `type -P ${program}`]).status !== 0),
  ...[...files.map((name) => join(source, 'tests', name)), join(tree, 'usr/bin/rpm')].filter((path) => !existsSync(path)),
  ...(process.getuid?.() === 0 ? [] : ['the right to mount: run as root']),
];
if (missing.length > 0) {
  console.error(`bench:rpmtests -- SOURCE TREE: not run, as this is missing: ${missing.join(', ')}`);
  process.exit(2);
}

const version = readdirSync(join(tree, 'usr/lib/rpm')).map((name) => /^rpmpopt-(.*)$/.exec(name)?.[1]).find((name) => name !== undefined)!;
const libraries = `/${spawnSync('bash', ['-c', 'cd "$1" && dirname usr/lib*/librpm.so* usr/lib/*/librpm.so* 2>/dev/null', 'sh', tree], { encoding: 'utf8' }).stdout.split('\n').find((line) => !line.includes('*'))!}`;
const work = mkdtempSync(join(tmpdir(), 'spectrail-rpmtests-'));

/** The suite as rpm's own build makes it, of these files alone. */
function makeSuite(folder: string): void {
  const configured: Readonly<Record<string, string>> = {
    PROJECT_NAME: 'rpm', PROJECT_VERSION: version, PROJECT_HOMEPAGE_URL: 'https://rpm.org/',
    CMAKE_INSTALL_FULL_LIBDIR: libraries, CMAKE_INSTALL_FULL_SYSCONFDIR: '/etc', RPM_CONFIGDIR: '/usr/lib/rpm', HAVE_UNSHARE: '1', PGP: 'dummy',
  };
  const configure = (name: string) => readFileSync(join(source, 'tests', `${name}.in`), 'utf8').replace(/@(\w+)@/g, (_, word: string) => configured[word] ?? '');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.m4'), configure('package.m4'));
  writeFileSync(join(folder, 'atlocal'), configure('atlocal'));
  writeFileSync(join(folder, 'rpmtests.at'), files.map((name) => `m4_include([${name}])\n`).join(''));
  const { status, stderr } = spawnSync('autom4te', ['--language=autotest', '-I', join(source, 'tests'), '-o', 'rpmtests', 'rpmtests.at'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`autom4te: ${stderr}`);
}

/** What is done inside the mount namespace: the arguments are the working folder, rpm's tree, rpm's source and the folder of commands to put first. */
const script = `
  set -e
  work=$1 installed=$2 source=$3 first=$4
  mount --make-rprivate /
  mkdir -p "$work/room" && mount -t tmpfs none "$work/room"
  mkdir "$work/room/upper" "$work/room/work" "$work/room/root"
  root=$work/room/root
  mount -t overlay room -o "lowerdir=/,upperdir=$work/room/upper,workdir=$work/room/work" "$root"
  rm -rf "$root/usr/lib/rpm" "$root/etc/rpm" "$root/root"
  cp -a "$installed/." "$root/"
  ldconfig -r "$root"
  cp -r "$source/tests/data" "$root/data"
  mkdir -p "$root/build" "$root/etc/rpm" "$root/root/.config/rpm" "$root/testsuite"
  ln -s ../data/SOURCES "$root/build/SOURCES"
  cp "$source/tests/data/macros.testenv" "$root/etc/rpm/"
  [ -z "$first" ] || cp "$first"/* "$root/usr/local/bin/"
  mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs none "$root/tmp"
  mount --bind "$work/suite" "$root/testsuite"
  exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LC_ALL=C TERM=dumb sh -c 'rpmdb --initdb; cd /testsuite && ./rpmtests'`;

interface Run {
  readonly name: string;
  readonly passed: ReadonlySet<string>;
  readonly tests: readonly string[];
}

/** Runs the suite with the commands of a folder first on PATH. A test that is expected to fail counts as passed where it fails. */
function run(name: string, first: string | undefined): Run {
  const folder = join(work, name);
  mkdirSync(folder);
  makeSuite(join(folder, 'suite'));
  const { stdout, stderr } = spawnSync('unshare', ['--mount', 'bash', '-c', script, 'sh', folder, tree, source, first ?? ''], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const results = [...stdout.matchAll(/^ *(\d+): (.*?) +(ok|FAILED|skipped|expected failure|UNEXPECTED PASS)(?: |$)/gm)].map(([, number, title, outcome]) => ({ test: `${number}. ${title}`, outcome: outcome! }));
  if (results.length === 0) throw new Error(`the suite did not run:\n${stdout}${stderr}`);
  return { name, tests: results.map(({ test }) => test), passed: new Set(results.filter(({ outcome }) => outcome === 'ok' || outcome === 'expected failure').map(({ test }) => test)) };
}

/** Our commands, as somebody would put them before rpm's. */
function ourCommands(): string {
  const folder = join(work, 'first');
  mkdirSync(folder);
  for (const command of ['rpm', 'rpmspec']) {
    writeFileSync(join(folder, command), `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, '../../../server/dist/spectrail.mjs')}' ${command} --for this "$@"\n`, { mode: 0o755 });
  }
  return folder;
}

/** How many tests call `rpm` or `rpmspec` at all; the others are of rpm's other programs. */
function concerned(): number {
  const groups = files.flatMap((name) => readFileSync(join(source, 'tests', name), 'utf8').split(/^RPMTEST_SETUP/m).slice(1));
  return groups.filter((group) => /(?:^|[\s|(])rpm(?:spec)?[ \t]+(?:-|\\\n|\$)/m.test(group)).length;
}

const ours = run('ours', ourCommands());
const peer = run('peer', undefined);
const counted = ({ tests, passed }: Run) => `${passed.size} of ${tests.length}`;
console.log(`rpm's own tests ${files.join(', ')} of ${version}: ${ours.tests.length}, of which ${concerned()} call rpm or rpmspec`);
console.log(`passed with our rpm and rpmspec: ${counted(ours)}\npassed with rpm ${version}: ${counted(peer)}`);
for (const [title, one, other] of [['passed by rpm alone', peer, ours], ['passed by ours alone', ours, peer]] as const) {
  const tests = one.tests.filter((test) => one.passed.has(test) && !other.passed.has(test));
  console.log(`${title}: ${tests.length === 0 ? 'none' : tests.join('; ')}`);
}
const neither = ours.tests.filter((test) => !ours.passed.has(test) && !peer.passed.has(test));
console.log(`passed by neither: ${neither.length === 0 ? 'none' : neither.join('; ')}`);
if (process.argv.includes('--keep')) console.log(`what each test printed: ${work}`);
else rmSync(work, { recursive: true });
process.exitCode = ours.passed.size >= peer.passed.size ? 0 : 1;
