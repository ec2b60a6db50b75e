/**
 * A small world to try Spectrail on: an upstream project with tags, the package of it that a person maintains, and three
 * distributions that ship it, a Stream-like and an AlmaLinux-like distribution git and an Oracle-like folder of source
 * packages. Made of git and Node alone, with fixed dates, so that every machine gets the same commits.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeSourceRepository } from './sourcePackageWriter.mjs';

const DAY = 86400;

/** Files of quillet 1.0: a program that quotes and wraps texts. */
const initial = {
  'Makefile': `CFLAGS ?= -O2 -Wall
PREFIX ?= /usr/local

quillet: src/main.o src/quote.o src/wrap.o
	$(CC) $(LDFLAGS) -o $@ $^

install: quillet
	install -D quillet $(DESTDIR)$(PREFIX)/bin/quillet

check: quillet
	sh tests/run.sh
`,
  'NEWS': 'quillet 0.9\n- First release.\n',
  'README': 'quillet puts texts in quotation marks and wraps them.\n',
  'src/quillet.h': `#ifndef QUILLET_H
#define QUILLET_H

#include <stddef.h>
#include <stdio.h>

char *quote(const char *text);
void wrap(const char *text, size_t width, FILE *out);

#endif
`,
  'src/quote.c': `/* Puts a text in quotation marks. */
#include <stdlib.h>
#include <string.h>
#include "quillet.h"

/* The caller frees the result. */
char *quote(const char *text)
{
    size_t length = strlen(text);
    char *out = malloc(length + 3);
    char *to = out;

    *to++ = '"';
    for (const char *from = text; *from != '\\0'; from++) {
        *to++ = *from;
    }
    *to++ = '"';
    *to = '\\0';

    return out;
}

/* How many marks a text has: each of them takes a backslash. */
size_t count_marks(const char *text)
{
    size_t count = 0;

    while (*text != '\\0') {
        if (*text == '"')
            count++;
        text++;
    }
    return count;
}
`,
  'src/wrap.c': `/* Breaks a text into lines. */
#include <stdio.h>
#include <string.h>
#include "quillet.h"

void wrap(const char *text, size_t width, FILE *out)
{
    size_t column = 0;

    while (*text != '\\0') {
        size_t word = strcspn(text, " \\n");

        if (column > 0 && column + 1 + word > width) {
            fputc('\\n', out);
            column = 0;
        }
        if (column > 0) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, word, out);
        column += word;
        text += word + 1;
    }
    fputc('\\n', out);
}
`,
  'src/main.c': `/* quillet [--width COLUMNS] [--quote] TEXT */
#include <stdlib.h>
#include <string.h>
#include "quillet.h"

#define VERSION "1.0"

static void usage(FILE *out)
{
    fputs("usage: quillet [--width COLUMNS] [--quote] TEXT\\n", out);
}

int main(int argc, char **argv)
{
    size_t width = 72;
    int quoted = 0;
    int i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--version") == 0) {
            puts("quillet " VERSION);
            return 0;
        }
        if (strcmp(argv[i], "--quote") == 0) {
            quoted = 1;
            continue;
        }
        if (strcmp(argv[i], "--width") == 0 && i + 1 < argc) {
            width = (size_t)atoi(argv[++i]);
            continue;
        }
        usage(stderr);
        return 1;
    }
    for (; i < argc; i++) {
        char *text = quoted ? quote(argv[i]) : argv[i];

        wrap(text, width, stdout);
    }
    return 0;
}
`,
  'tests/run.sh': `set -e
test "$(./quillet --quote hello)" = '"hello"'
test "$(./quillet --width 5 'one two' | wc -l)" = 2
`,
};

/** Edits, each a list of [file, old text, new text]; an old text of undefined makes the file. */
const edits = {
  escape: [
    ['src/quote.c', "malloc(length + 3)", "malloc(length + count_marks(text) + 3)"],
    ['src/quote.c', "        *to++ = *from;\n", "        if (*from == '\"')\n            *to++ = '\\\\';\n        *to++ = *from;\n"],
    ['src/quillet.h', 'char *quote(const char *text);\n', 'char *quote(const char *text);\nsize_t count_marks(const char *text);\n'],
  ],
  overread: [
    ['src/wrap.c', '        text += word + 1;\n', "        text += word;\n        /* The last word has no separator behind it. */\n        if (*text != '\\0')\n            text++;\n"],
    ['tests/overread.sh', undefined, "set -e\ntest \"$(./quillet word)\" = word\n"],
  ],
  rename: [['src/quote.c', '    size_t length = strlen(text);\n', '    const size_t bytes = strlen(text);\n'], ['src/quote.c', 'malloc(length +', 'malloc(bytes +']],
  memory: [
    ['src/quote.c', "    char *to = out;\n\n", "    char *to = out;\n\n    if (out == NULL)\n        return NULL;\n\n"],
    ['src/main.c', "        char *text = quoted ? quote(argv[i]) : argv[i];\n\n", "        char *text = quoted ? quote(argv[i]) : argv[i];\n\n        if (text == NULL) {\n            fputs(\"quillet: out of memory\\n\", stderr);\n            return 3;\n        }\n"],
  ],
  width: [
    ['src/main.c', '            width = (size_t)atoi(argv[++i]);\n', '            char *end;\n            unsigned long value = strtoul(argv[++i], &end, 10);\n\n            if (*end != \'\\0\' || value == 0 || value > MAX_WIDTH) {\n                fprintf(stderr, "quillet: \'%s\' is no width\\n", argv[i]);\n                return 2;\n            }\n            width = value;\n'],
    ['src/quillet.h', '#include <stdio.h>\n', '#include <stdio.h>\n\n/* Wider lines than this are a mistake. */\n#define MAX_WIDTH 10000\n'],
  ],
  widthAdapted: [
    ['src/main.c', '            width = (size_t)atoi(argv[++i]);\n', '            char *end;\n            unsigned long value = strtoul(argv[++i], &end, 10);\n\n            if (*end != \'\\0\' || value == 0 || value > 10000) {\n                fprintf(stderr, "quillet: \'%s\' is no width\\n", argv[i]);\n                return 1;\n            }\n            width = value;\n'],
  ],
  tabs: [
    ['src/wrap.c', '        column += word;\n', "        for (size_t k = 0; k < word; k++)\n            column += text[k] == '\\t' ? TAB_COLUMNS - column % TAB_COLUMNS : 1;\n"],
    ['src/wrap.c', '#include "quillet.h"\n', '#include "quillet.h"\n\n/* As terminals have it. */\n#define TAB_COLUMNS 8\n'],
  ],
  blank: [
    ['src/quillet.h', 'void wrap(const char *text, size_t width, FILE *out);\n', 'void wrap(const char *text, size_t width, FILE *out);\n\n/* Whether there is nothing to see in a text. */\nint is_blank(const char *text);\n'],
    ['src/blank.c', undefined, '/* Tells texts that show nothing. */\n#include <string.h>\n#include "quillet.h"\n\nint is_blank(const char *text)\n{\n    size_t spaces = strspn(text, " \\t\\r\\n");\n\n    return text[spaces] == \'\\0\';\n}\n'],
    ['Makefile', 'quillet: src/main.o src/quote.o src/wrap.o\n', 'quillet: src/main.o src/blank.o src/quote.o src/wrap.o\n'],
  ],
  control: [
    ['src/quote.c', "        if (*text == '\"')\n            count++;\n", "        if (*text == '\"' || *text == '\\\\')\n            count++;\n        else if ((unsigned char)*text < 32)\n            count += 3;\n"],
    ['tests/control.sh', undefined, "set -e\ntest \"$(./quillet --quote \"$(printf 'a\\\\b')\")\" = '\"a\\\\b\"'\n"],
  ],
  help: [
    ['src/main.c', '        if (strcmp(argv[i], "--version") == 0) {\n', '        if (strcmp(argv[i], "--help") == 0) {\n            usage(stdout);\n            return 0;\n        }\n        if (strcmp(argv[i], "--version") == 0) {\n'],
    ['README', 'them.\n', 'them.\nquillet --help lists the options.\n'],
  ],
  config: [
    ['src/main.c', '    size_t width = 72;\n', '    /* The distribution\'s terminals are eighty columns wide. */\n    size_t width = getenv("QUILLET_WIDTH") != NULL ? (size_t)atol(getenv("QUILLET_WIDTH")) : 80;\n'],
  ],
};

const news = (version, ...items) => ['NEWS', /^/, `quillet ${version}\n${items.map((item) => `- ${item}\n`).join('')}\n`];

/**
 * Makes the world in a folder that does not exist yet or is empty.
 * @param {string} folder Absolute path.
 * @returns {{ folder: string, package: string, spec: string, upstream: string, stream: string, almalinux: string, oracle: string, commits: Readonly<Record<string, string>> }}
 *   Paths of the package's folder, its spec and the upstream repository; the locations of the three carriers as
 *   `--carrier` takes them behind `NAME=`; upstream commit ids by the name of their edit.
 */
export function makeDemoWorld(folder) {
  const upstream = join(folder, 'upstream', 'quillet');
  const commits = {};
  let now = Date.UTC(2025, 0, 6, 9) / 1000;
  const commit = (repository, message, { author = 'Mara Quill <mara@quillet.example.org>', files = [], texts = {} } = {}) => {
    for (const [file, from, to] of files) edit(repository, file, from, to);
    for (const [file, text] of Object.entries(texts)) write(join(repository, file), text);
    now += 9 * DAY + 3600;
    git(repository, now, author, 'add', '--all');
    git(repository, now, author, 'commit', '--quiet', '-m', message);
    return git(repository, now, author, 'rev-parse', 'HEAD');
  };
  const tag = (repository, name) => git(repository, now, 'Mara Quill <mara@quillet.example.org>', 'tag', '-a', '-m', `quillet ${name.slice(1)}`, name);

  init(upstream, 'main', now);
  commit(upstream, 'Quote and wrap texts', { texts: initial });
  tag(upstream, 'v0.9');
  commit(upstream, 'quote: escape the marks inside a text', { files: edits.escape });
  commit(upstream, 'Release 1.0', { files: [news('1.0', 'Marks inside a text are escaped.')] });
  tag(upstream, 'v1.0');
  const quote = { author: 'Ines Feder <ines@quillet.example.org>' };
  commits.overread = commit(upstream, 'wrap: do not read past the end of the text\n\nThe last word of a text has no separator behind it, and the step over one\nwent past the terminating NUL.\n\nFixes: CVE-2025-31337', { files: edits.overread });
  commits.rename = commit(upstream, 'quote: call a number of bytes what it is', { ...quote, files: edits.rename });
  commits.memory = commit(upstream, 'quote: say when memory runs out\n\nmalloc() may fail, and main() went on with a null pointer.', { ...quote, files: edits.memory });
  commit(upstream, 'Release 1.1', { files: [['src/main.c', '"1.0"', '"1.1"'], news('1.1', 'Running out of memory is reported.')] });
  tag(upstream, 'v1.1');
  commits.width = commit(upstream, 'main: refuse a width that is no number\n\natoi() takes anything for nought, and a width of nought put every word on a\nline of its own.', { files: edits.width });
  commits.tabs = commit(upstream, 'wrap: count a tab as the columns it takes', { files: edits.tabs });
  commits.blank = commit(upstream, 'Tell texts that show nothing', { ...quote, files: edits.blank });
  commits.control = commit(upstream, 'quote: reserve room for control characters\n\nEach of them becomes four bytes, for which the buffer had one.\n\nFixes: CVE-2025-40404', { ...quote, files: edits.control });
  commits.help = commit(upstream, 'main: print the usage when asked for help', { files: edits.help });
  commit(upstream, 'Release 1.2', { files: [['src/main.c', '"1.1"', '"1.2"'], news('1.2', 'Tabs, control characters and --help.')] });
  tag(upstream, 'v1.2');

  // The package's patches are made as a packager makes them: on a branch from the packaged version, then formatted.
  const work = join(folder, 'work');
  git(folder, now, 'Pat Packager <pat@example.org>', 'clone', '--quiet', upstream, work);
  const packager = { author: 'Pat Packager <pat@example.org>' };
  git(work, now, packager.author, 'checkout', '--quiet', '-b', 'package', 'v1.0');
  const format = (...args) => git(work, now, packager.author, 'format-patch', '--stdout', '--no-signature', '--full-index', ...args, '-1', 'HEAD') + '\n';
  const patches = {};
  const pick = (id, extra) => git(work, (now += DAY), packager.author, 'cherry-pick', ...extra, id);
  pick(commits.overread, ['-x']);
  patches['0001-wrap-do-not-read-past-the-end-of-the-text.patch'] = format();
  commit(work, `quote: say when memory runs out\n\nmalloc() may fail, and main() went on with a null pointer.\n\nUpstream-commit: ${commits.memory}`, { ...quote, files: edits.memory });
  patches['0002-quote-say-when-memory-runs-out.patch'] = format();
  commit(work, `main: refuse a width that is no number\n\n(cherry picked from commit ${commits.width})\nConflicts: src/quillet.h`, { files: edits.widthAdapted });
  patches['0003-main-refuse-a-width-that-is-no-number.patch'] = format();
  commit(work, 'Tabs and blank texts', { ...packager, files: [...edits.tabs, ...edits.blank] });
  patches['quillet-1.0-tabs-and-blanks.patch'] = `Columns of tabs, and texts that show nothing, for the terminal widgets.\n\n${git(work, now, packager.author, 'diff', '--full-index', 'HEAD~1')}\n`;
  commit(work, `quote: reserve room for control characters\n\nResolves: CVE-2025-40404\n\n(cherry picked from commit ${commits.help})`, { ...quote, files: edits.control });
  patches['quillet-CVE-2025-40404.patch'] = format();
  pick(commits.help, []);
  patches['0006-main-print-the-usage-when-asked-for-help.patch'] = format();
  commit(work, 'Lines of eighty columns, or as QUILLET_WIDTH says', { ...packager, files: edits.config });
  patches['quillet-1.0-terminal-width.patch'] = `# Ours: the distribution's terminals are eighty columns wide. Not for upstream.\n${git(work, now, packager.author, 'diff', '--full-index', 'HEAD~1')}\n`;
  rmSync(work, { recursive: true });

  const names = Object.keys(patches);
  const packageFolder = join(folder, 'package');
  write(join(packageFolder, 'quillet.spec'), spec(names));
  for (const name of names) write(join(packageFolder, name), patches[name]);
  write(join(packageFolder, 'spectrail.toml'), '# What everybody who works on this package shares.\ntargets = ["el9"]\n');

  // Stream: some of the same files, one as another file with the same change, and one fix that the package lacks.
  const stream = join(folder, 'stream', 'quillet');
  const own = { author: 'Stream Builder <builder@stream.example.org>' };
  init(stream, 'c9s', now);
  const controlFromStream = patches['quillet-CVE-2025-40404.patch'].replace(/^\(cherry picked.*\n/m, `Upstream: ${commits.control}\n`).replace(/^Resolves: .*$/m, 'Resolves: RHEL-40404');
  const streamPatches = { [names[0]]: patches[names[0]], 'quillet-control-characters.patch': controlFromStream, [names[5]]: patches[names[5]] };
  commit(stream, 'import quillet-1.0-1.el9', { ...own, texts: { 'quillet.spec': carrierSpec('1', []), 'sources': 'SHA512 (quillet-1.0.tar.gz) = 00\n' } });
  commit(stream, 'Fix CVE-2025-31337 and CVE-2025-40404', { ...own, texts: { ...streamPatches, 'quillet.spec': carrierSpec('3', Object.keys(streamPatches)) } });

  const almalinux = join(folder, 'almalinux', 'quillet');
  init(almalinux, 'a9', now);
  const almaPatches = { [names[0]]: patches[names[0]], [names[1]]: patches[names[1]] };
  const almaFiles = Object.fromEntries(Object.entries(almaPatches).map(([name, text]) => [`SOURCES/${name}`, text]));
  commit(almalinux, 'AlmaLinux changes', { author: 'Alma Builder <builder@alma.example.org>', texts: { ...almaFiles, 'SPECS/quillet.spec': carrierSpec('2.alma.1', Object.keys(almaPatches)), '.quillet.metadata': '00 SOURCES/quillet-1.0.tar.gz\n' } });

  const oracle = join(folder, 'oracle', 'ol9');
  const oraclePatches = { [names[0]]: patches[names[0]], [names[3]]: patches[names[3]] };
  writeSourceRepository(oracle, [
    { name: 'quillet', version: '1.0', release: '1.el9', files: { 'quillet.spec': carrierSpec('1', []) } },
    { name: 'quillet', version: '1.0', release: '3.0.1.el9', files: { 'quillet.spec': carrierSpec('3.0.1', Object.keys(oraclePatches)), ...oraclePatches } },
    { name: 'inkwell', version: '2.4', release: '1.el9', files: { 'inkwell.spec': 'Name: inkwell\n' } },
  ]);
  return { folder, package: packageFolder, spec: join(packageFolder, 'quillet.spec'), upstream, stream: `${stream}#c9s`, almalinux: `${almalinux}#a9`, oracle, commits };
}

/** The spec that the person maintains: it works, and has the small faults that specs have. */
function spec(names) {
  return `# quillet: quotes and wraps texts
%global forgeurl https://quillet.example.org
%global major 1
%global minor 0
%bcond_without tests
# Options of make, once for %%build and %%install
%define quillet_make(j:) %{__make} %{?-j:-j%{-j*}} PREFIX=%{_prefix} CFLAGS="%{optflags}" %*
# The release of the day is %{release}

Name:           quillet
Version:        %{major}.%{minor}
Release:        4%{?dist}
Summary:        Quote and wrap texts for the %{quillet_audience}
License:        MIT
URL:            %{forgeurl}
Source0:        %{forgeurl}/releases/%{name}-%{version}.tar.gz
# CVE-2025-31337
Patch1:         ${names[0]}
Patch2:         ${names[1]}
Patch3:         ${names[2]}
# Two upstream commits in one, asked for by the desktop team
Patch4:         ${names[3]}
# CVE-2025-40404
Patch5:         ${names[4]}
Patch6:         ${names[5]}
# Ours: not for upstream
Patch7:         ${names[6]}

BuildRequires:  gcc
BuildRequires:  make
%if 0%{?rhel} >= 9 || 0%{?fedora}
BuildRequires:  gnupg2
%endif
%if %{with tests}
BuildRequires:  bash
%endif

%description
quillet puts texts in quotation marks and breaks them into lines that fit a
terminal. Version %{major}.%{minor} is built for %{_target_cpu}.

%package        doc
Summary:        What quillet can do
BuildArch:      noarch

%description    doc
The documentation of %{name}.

%prep
%setup -q
%patch -P 1 -p1
%patch -P 2 -p1
%patch -P 3 -p1
%patch -P 4 -p1
%patch -P 5 -p1
%patch6 -p1

%build
%quillet_make -j 2 quillet

%install
%quillet_make install DESTDIR=%{buildroot}
install -d %{buildroot}/usr/lib/quillet

%if %{with tests}
%check
%{quillet_make} check
%endif

%files
%license README
%{_bindir}/quillet
/usr/lib/quillet

%files doc
%doc NEWS

%changelog
* Tue Mar 03 2026 Pat Packager <pat@example.org> - 1.0-4
- Lines of eighty columns

* Mon Feb 10 2026 Pat Packager <pat@example.org> - 1.0-3
- Fix CVE-2025-40404

* Thu Dec 18 2025 Pat Packager <pat@example.org> - 1.0-2
- Fix CVE-2025-31337, say when memory runs out
`;
}

function carrierSpec(release, names) {
  const tags = names.map((name, i) => `Patch${i + 1}: ${name}\n`).join('');
  return `Name: quillet\nVersion: 1.0\nRelease: ${release}%{?dist}\nSummary: Quote and wrap texts\nLicense: MIT\nSource0: quillet-1.0.tar.gz\n${tags}\n%description\nQuotes and wraps texts.\n\n%prep\n%autosetup -p1\n`;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function edit(repository, file, from, to) {
  const path = join(repository, file);
  if (from === undefined) return write(path, to);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`${file} has no ${JSON.stringify(from)}`);
  writeFileSync(path, changed);
}

function init(repository, branch, time) {
  mkdirSync(repository, { recursive: true });
  git(repository, time, 'Mara Quill <mara@quillet.example.org>', 'init', '--quiet', `--initial-branch=${branch}`);
}

/** Runs git with nothing of the user's configuration, so that signing, hooks and line endings of theirs play no part. */
function git(folder, time, author, ...args) {
  const [, name, email] = /^(.*) <(.*)>$/.exec(author);
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_')));
  const date = `${time} +0000`;
  const env = { ...clean, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null', GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return execFileSync('git', ['-c', 'core.autocrlf=false', '-c', 'gc.auto=0', ...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
}
