import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type UpstreamHints, parseLocation, proposedUpstreams, repositoryOf } from '#server/core/patches/index.js';
import { knownUpstreams } from '#server/core/patches/sources/knownUpstreams.js';

test('addresses of forges and of sites that keep releases elsewhere lead to their repositories; others lead nowhere', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['https://github.com/curl/curl/releases/download/curl-8_0_0/curl-8.0.0.tar.xz', 'https://github.com/curl/curl'],
    ['https://codeload.github.com/a/b/tar.gz/v1', 'https://github.com/a/b'],
    ['https://raw.githubusercontent.com/a/b/main/LICENSE', 'https://github.com/a/b'],
    ['https://gap-packages.github.io/autodoc/', 'https://github.com/gap-packages/autodoc'],
    ['https://github.com/orgs/a', undefined],
    ['https://gitlab.com/a/b/c/-/archive/1/x.tar.gz', 'https://gitlab.com/a/b/c'],
    ['https://gitlab.freedesktop.org/hadess/switcheroo-control/uploads/0123/x-2.tar.xz', 'https://gitlab.freedesktop.org/hadess/switcheroo-control'],
    ['https://codeberg.org/a/b/archive/v1.tar.gz', 'https://codeberg.org/a/b'],
    ['git:https://git.kernel.org/pub/scm/utils/x/x.git', 'https://git.kernel.org/pub/scm/utils/x/x.git'],
    ['https://git.kernel.org/cgit/utils/x/x.git/snapshot/x-1.tar.gz', 'https://git.kernel.org/pub/scm/utils/x/x.git'],
    ['https://git.savannah.gnu.org/cgit/gnushogi.git/snapshot/x.tar.gz', 'https://git.savannah.gnu.org/git/gnushogi.git'],
    ['https://download.savannah.nongnu.org/releases/attr/attr-2.5.tar.gz', 'https://git.savannah.gnu.org/git/attr.git'],
    ['http://savannah.gnu.org/projects/attr', 'https://git.savannah.gnu.org/git/attr.git'],
    ['ftp://ftp.gnu.org/gnu/sed/sed-4.8.tar.xz', 'https://git.savannah.gnu.org/git/sed.git'],
    ['https://ftp.gnu.org/gnu/gdb/gdb-14.1.tar.xz', 'https://sourceware.org/git/binutils-gdb.git'],
    ['https://ftp.gnu.org/gnu/aspell/dict/id/aspell5-id-1.2.tar.bz2', undefined],
    ['https://www.gnu.org/software/ed/', undefined],
    ['https://sourceware.org/ftp/dwz/releases/dwz-0.15.tar.xz', 'https://sourceware.org/git/dwz.git'],
    ['https://download.gnome.org/sources/glib/2.80/glib-2.80.0.tar.xz', 'https://gitlab.gnome.org/GNOME/glib'],
    ['ftp://ftp.gnome.org/pub/GNOME/sources/glib/2.1/x.tar.bz2', 'https://gitlab.gnome.org/GNOME/glib'],
    ['https://www.x.org/pub/individual/lib/libXrender-0.9.11.tar.xz', 'https://gitlab.freedesktop.org/xorg/lib/libXrender'],
    ['https://wayland.freedesktop.org/releases/wayland-1.22.0.tar.xz', 'https://gitlab.freedesktop.org/wayland/wayland'],
    ['https://download.kde.org/stable/frameworks/6.1/kdnssd-6.1.0.tar.xz', 'https://invent.kde.org/frameworks/kdnssd'],
    ['https://archive.xfce.org/src/xfce/exo/4.18/exo-4.18.0.tar.bz2', 'https://gitlab.xfce.org/xfce/exo'],
    ['https://releases.pagure.org/freeipa/freeipa-4.12.tar.gz', 'https://pagure.io/freeipa.git'],
    ['https://pagure.io/libosinfo', 'https://pagure.io/libosinfo.git'],
    ['https://chromium.googlesource.com/libyuv/libyuv/+archive/1234.tar.gz', 'https://chromium.googlesource.com/libyuv/libyuv'],
    ['https://golang.org/x/text', 'https://go.googlesource.com/text'],
    ['https://gopkg.in/yaml.v2', 'https://github.com/go-yaml/yaml'],
    ['https://github.com/%{owner}/x', undefined],
    ['https://cpan.metacpan.org/authors/id/A/AB/X-1.tar.gz', undefined],
    ['https://downloads.sourceforge.net/x/x-1.tar.gz', undefined],
    ['https://example.org/x-1.tar.gz', undefined],
    ['x-1.tar.gz', undefined],
    ['ext::sh -c id', undefined],
    ['https://github.com/-u/--upload-pack=x', undefined],
    ['ssh://-oProxyCommand=x/y.git', undefined],
  ];
  for (const [url, expected] of cases) assert.equal(repositoryOf(url), expected, url);
});

/** What is proposed, as `location (why)`. */
function check(name: string, hints: Partial<UpstreamHints>, ...expected: string[]): void {
  test(name, () => assert.deepEqual(proposedUpstreams({ name: undefined, vcs: undefined, url: undefined, sources: [], macros: {}, ...hints }).map(({ location, why }) => `${location} (${why})`), expected));
}

const source = (number: number, location: string) => ({ number, location, fileName: location.slice(location.lastIndexOf('/') + 1) });

check('nothing known, nothing proposed', { name: 'quillet', url: 'https://quillet.example' });
check('the first source before the home page', { name: 'quillet', url: 'https://github.com/quillet/website', sources: [source(0, 'https://github.com/quillet/quillet/archive/v1/quillet-1.tar.gz')] }, 'https://github.com/quillet/quillet (Source0)', 'https://github.com/quillet/website (URL)');
check('one repository is proposed once, for its best reason', { url: 'https://github.com/Quillet/quillet.git', sources: [source(0, 'https://github.com/quillet/quillet/archive/v1.tar.gz')] }, 'https://github.com/quillet/quillet (Source0)');
check('a later source counts by its name only', { name: 'quillet', sources: [source(0, 'quillet.conf'), source(1, 'https://github.com/other/other/archive/other-2.tar.gz'), source(2, 'https://github.com/quillet/quillet/archive/quillet-1.tar.gz')] }, 'https://github.com/quillet/quillet (Source2)');
check('the VCS tag says it plainly', { vcs: 'git:https://git.example.org/quillet.git', url: 'https://github.com/mirror/quillet' }, 'https://git.example.org/quillet.git (VCS)', 'https://github.com/mirror/quillet (URL)');
check('macros of forges', { macros: { forgeurl: 'https://gitlab.com/a/b' } }, 'https://gitlab.com/a/b (%{forgeurl})');
check('owner and project', { macros: { gh_owner: 'sabre-io', gh_project: 'uri' } }, 'https://github.com/sabre-io/uri (%{gh_project})');
check('an owner that is none', { macros: { gh_owner: '../..', gh_project: '-u' } });
check('import paths of Go', { macros: { goipath: 'github.com/gobuffalo/logger' } }, 'https://github.com/gobuffalo/logger (%{goipath})');
check('what a table knows by name comes first', { name: 'curl', url: 'https://github.com/somebody/curl' }, 'https://github.com/curl/curl (the table of known projects)', 'https://github.com/somebody/curl (URL)');
check('names are not looked up in what is no table', { name: 'constructor' });

test('every repository of the table is an address that git may be given', () => {
  for (const [name, location] of Object.entries(knownUpstreams)) {
    const parsed = parseLocation(`upstream=${location}`);
    assert.deepEqual([parsed.error, parsed.location?.kind], [undefined, 'remote'], name);
    assert.match(location, /^https:\/\//);
  }
  assert.deepEqual(Object.keys(knownUpstreams), Object.keys(knownUpstreams).toSorted((a, b) => a.localeCompare(b, 'en')), 'in order');
});

test('whatever a spec says, only addresses that may be fetched are proposed', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^(?:https:\/\/github\.com\/|ext::|--upload-pack=|ssh:\/\/-o|git\+https:\/\/git\.x\.org\/)[a-z%{}.\-\/@:=#\\n ]{0,30}$/));
  fc.assert(
    fc.property(text, text, text, text, (vcs, url, location, macro) => {
      for (const proposed of proposedUpstreams({ name: 'x', vcs, url, sources: [source(0, location)], macros: { forgeurl: macro, gh_owner: macro, gh_project: url, goipath: location } })) {
        const parsed = parseLocation(`upstream=${proposed.location}`);
        assert.equal(parsed.location?.kind, 'remote', proposed.location);
        assert.match(proposed.location, /^https:\/\/[a-z0-9]/);
      }
    }),
  );
});
