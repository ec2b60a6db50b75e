import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { debianFacts, forgeRepository, gentooFacts, parseSeries } from '#server/core/patches/index.js';

/** Entries as `name p<strip> R`. */
function checkSeries(text: string, expected: readonly string[]): void {
  assert.deepEqual(parseSeries(text).map(({ name, strip, reverse }) => [name, ...(strip === undefined ? [] : [`p${strip}`]), ...(reverse ? ['R'] : [])].join(' ')), expected);
}

test('a series is read with its comments, options and line ends', () => {
  checkSeries('# the order counts\n01_first.patch\n\n  02 -p0\r\nfixes/03.diff -p 2 # why\n#04.patch\n05.patch -R -p1\n06.patch -pab\n07#hash.patch\n', ['01_first.patch', '02 p0', 'fixes/03.diff p2', '05.patch p1 R', '06.patch p1', '07#hash.patch']);
  checkSeries('', []);
});

test('a series leads to no file outside its folder', () => {
  checkSeries('../out.patch\n/etc/passwd\na/../../b.patch\n-p1\nC:\\x.patch\n..\\x.patch\nin/side.patch\n', ['in/side.patch']);
});

test('any text is read as a series without harm', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseSeries(text).every(({ name }) => name !== '' && !name.split('/').includes('..'))));
});

test('a debian folder tells name, upstream version and repository', () => {
  assert.deepEqual(
    debianFacts({
      changelog: 'quillet (1:1.2.0+dfsg1-3~deb12u1) bookworm; urgency=medium\n\n  * x\n',
      control: 'Source: quillet\nHomepage: https://quillet.example.org\nVcs-Git: https://salsa.debian.org/debian/quillet.git\n',
      watch: 'version=4\n# https://github.com/old/place\nopts="mode=git, pgpmode=none" \\\n  https://github.com/quillet/quillet.git \\\n  refs/tags/v([\\d.]+) debian\n',
    }),
    { name: 'quillet', version: '1.2.0', upstreams: [{ location: 'https://github.com/quillet/quillet', why: 'debian/watch' }] },
  );
  assert.deepEqual(debianFacts({ metadata: 'Name: x\nRepository: "https://gitlab.example.org/deep/group/x.git"\n', control: 'Source: x\nHomepage: https://github.com/y/x/\n' }).upstreams, [
    { location: 'https://gitlab.example.org/deep/group/x', why: 'debian/upstream/metadata' },
    { location: 'https://github.com/y/x', why: 'Homepage in debian/control' },
  ]);
  assert.deepEqual(debianFacts({}), { name: undefined, version: undefined, upstreams: [] });
});

test('a folder of ebuilds tells name, newest version and repository', () => {
  assert.deepEqual(
    gentooFacts({ name: 'quillet', files: ['quillet-1.9.ebuild', 'quillet-1.10-r2.ebuild', 'quillet-9999.ebuild', 'metadata.xml', 'Manifest', 'other-3.ebuild'], metadata: '<upstream><!-- <remote-id type="github">no/no</remote-id> --><remote-id type="cpe">cpe:/a:x:x</remote-id><remote-id type="github">quillet/quillet</remote-id></upstream>' }),
    { name: 'quillet', version: '1.10', upstreams: [{ location: 'https://github.com/quillet/quillet', why: 'metadata.xml' }] },
  );
});

test('the repository behind an address of a forge', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['https://github.com/curl/curl', 'https://github.com/curl/curl'],
    ['https://github.com/curl/curl/tags', 'https://github.com/curl/curl'],
    ['https://www.github.com/curl/curl.git', 'https://github.com/curl/curl'],
    ['git+https://github.com/a/b.git#main', 'https://github.com/a/b'],
    ['https://api.github.com/repos/a/b/tags?per_page=50', 'https://github.com/a/b'],
    ['https://github.com/a/b/.*/v?@ANY_VERSION@.tar.gz', 'https://github.com/a/b'],
    ['https://gitlab.gnome.org/GNOME/glib/-/archive/2.0/x.tar.gz', 'https://gitlab.gnome.org/GNOME/glib'],
    ['https://salsa.debian.org/apt-team/apt.git', 'https://salsa.debian.org/apt-team/apt'],
    ['https://git.kernel.org/pub/scm/utils/dash/dash.git/snapshot/x', 'https://git.kernel.org/pub/scm/utils/dash/dash.git'],
    ['https://git.savannah.gnu.org/git/sed', 'https://git.savannah.gnu.org/git/sed'],
    ['https://git.sr.ht/~a/b', 'https://git.sr.ht/~a/b'],
    ['https://github.com/curl', undefined],
    ['https://curl.se/download/', undefined],
    ['ext::sh -c id', undefined],
    ['https://github.com/../x', undefined],
    ['https://github.com/--upload-pack=x/$(id)', undefined],
    ['file:///etc', undefined],
  ];
  for (const [url, expected] of cases) assert.equal(forgeRepository(url), expected, url);
});
