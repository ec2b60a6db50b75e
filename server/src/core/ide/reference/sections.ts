import type { ReferenceEntry } from './entry.js';

export interface SectionEntry extends ReferenceEntry {
  /** `build`: run when building; `scriptlet`: run when packages are installed or removed; `trigger`: for what other packages do. */
  readonly kind: 'package' | 'build' | 'scriptlet' | 'trigger' | 'list';
  /** What may follow the name. */
  readonly usage: string;
}

const spec = 'https://rpm.org/docs/latest/manual/spec.html';
const scriptlets = 'https://rpm.org/docs/latest/man/rpm-scriptlets.7';
const triggers = 'https://rpm.org/docs/latest/manual/triggers.html';
const fileTriggers = 'https://rpm.org/docs/latest/manual/file_triggers.html';

/** What each section is for, in our own words. */
export const sectionReference: readonly SectionEntry[] = [
  section('package', 'package', '[-n] NAME', 'Begins the preamble of a subpackage. `%package devel` makes `NAME-devel`, `%package -n libfoo` makes `libfoo`.'),
  section('description', 'package', '[-l LANG] [[-n] NAME]', 'The text that describes the package: paragraphs of plain text, lines of at most 80 characters.'),
  section('prep', 'build', '', 'A shell script that unpacks the sources and applies the patches, most often with `%autosetup`.'),
  section('generate_buildrequires', 'build', '', 'A shell script that runs after `%prep` and prints further build requirements, one a line.', { since: '4.15' }),
  section('conf', 'build', '', 'A shell script that configures the sources before `%build`.', { since: '4.20' }),
  section('build', 'build', '', 'A shell script that builds the software in the unpacked source tree.'),
  section('install', 'build', '', 'A shell script that installs what was built below `%{buildroot}`. What lies there and is not in `%files` is an error.'),
  section('check', 'build', '', 'A shell script that runs the software\'s own tests. `rpmbuild --nocheck` leaves it out.'),
  section('clean', 'build', '', 'A shell script that cleans up after the build. rpm does that by itself since version 4.6.'),
  section('files', 'package', '[-n NAME | NAME] [-f LIST]', 'The files of the binary package, one pattern a line, with directives such as `%doc` and `%attr`. Without this section no package is made.'),
  section('changelog', 'package', '', 'What changed, newest first. Each entry begins with `* Day Mon DD YYYY Name <mail> - version-release`.'),
  section('sourcelist', 'list', '', 'Sources, one a line, numbered in order. The same as `Source` tags.', { since: '4.15' }),
  section('patchlist', 'list', '', 'Patches, one a line, numbered in order. The same as `Patch` tags.', { since: '4.15' }),
  section('sepolicy', 'list', '', 'SELinux policy modules of the package.'),
  section('pre', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs before the package is installed. `$1` is the number of versions that will be installed: 1 on first installation, 2 on update.'),
  section('post', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs after the package was installed. `$1` is 1 on first installation, 2 on update.'),
  section('preun', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs before the package is removed. `$1` is 0 on removal, 1 on update.'),
  section('postun', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs after the package was removed. `$1` is 0 on removal, 1 on update.'),
  section('pretrans', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs before the transaction, when not even a shell may be there yet: use `-p <lua>`.'),
  section('posttrans', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs after the transaction in which the package was installed.'),
  section('preuntrans', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs before a transaction that removes the package.', { since: '4.19' }),
  section('postuntrans', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs after a transaction that removed the package.', { since: '4.19' }),
  section('verifyscript', 'scriptlet', '[-p INTERPRETER] [[-n] NAME]', 'Runs when the package is verified (`rpm -V`), beside rpm\'s own checks.'),
  section('triggerprein', 'trigger', '[-p INTERPRETER] [[-n] NAME] -- PACKAGE', 'Runs before another package is installed.', { source: triggers }),
  section('triggerin', 'trigger', '[-p INTERPRETER] [[-n] NAME] -- PACKAGE', 'Runs after this package or the other one was installed while both are there.', { source: triggers }),
  section('triggerun', 'trigger', '[-p INTERPRETER] [[-n] NAME] -- PACKAGE', 'Runs before this package or the other one is removed.', { source: triggers }),
  section('triggerpostun', 'trigger', '[-p INTERPRETER] [[-n] NAME] -- PACKAGE', 'Runs after the other package was removed.', { source: triggers }),
  section('filetriggerin', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs once for every package that installs files whose path begins as given; reads their names from standard input.', { since: '4.13', source: fileTriggers }),
  section('filetriggerun', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs before files whose path begins as given are removed.', { since: '4.13', source: fileTriggers }),
  section('filetriggerpostun', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs after files whose path begins as given were removed.', { since: '4.13', source: fileTriggers }),
  section('transfiletriggerin', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs once after a transaction that installed files whose path begins as given.', { since: '4.13', source: fileTriggers }),
  section('transfiletriggerun', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs once before a transaction that removes files whose path begins as given.', { since: '4.13', source: fileTriggers }),
  section('transfiletriggerpostun', 'trigger', '[-P PRIORITY] [-p INTERPRETER] [[-n] NAME] -- PATH', 'Runs once after a transaction that removed files whose path begins as given.', { since: '4.13', source: fileTriggers }),
];

const aliases: Readonly<Record<string, string>> = { trigger: 'triggerin', filetrigger: 'filetriggerin', transfiletrigger: 'transfiletriggerin' };
const byName = new Map(sectionReference.map((entry) => [entry.name.slice(1), entry]));

/** The entry for a section's name without its percent sign. */
export function findSection(name: string): SectionEntry | undefined {
  return byName.get(aliases[name] ?? name);
}

function section(name: string, kind: SectionEntry['kind'], usage: string, text: string, { since, source }: { since?: string; source?: string } = {}): SectionEntry {
  return { name: `%${name}`, kind, usage, text, since, source: source ?? (kind === 'scriptlet' ? scriptlets : spec) };
}
