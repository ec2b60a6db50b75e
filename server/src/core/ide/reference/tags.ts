import type { ReferenceEntry } from './entry.js';

/** What each tag of a preamble is for, in our own words. Names as rpm spells them; aliases are what it takes as well. */
export const tagReference: readonly TagEntry[] = [
  tag('Name', 'The name of the package, and of the main binary package. The file is expected to be called `NAME.spec`.', { once: true }),
  tag('Version', 'The version of the packaged software. May not contain `-`; `~` sorts before and `^` after what follows it, as in `1.0~rc1`.', { once: true }),
  tag('Release', 'Counts the builds of one version. Ends by custom in `%{?dist}`, which names the distribution. May not contain `-`.', { once: true, values: ['1%{?dist}', '%autorelease'] }),
  tag('Epoch', 'A number that weighs more than the version when packages are compared. Once raised it can never go back, so it is the last resort after a wrong version.', { once: true }),
  tag('Summary', 'One line that says what the package is, without a full stop at its end.', { language: true }),
  tag('License', 'The licence of the packaged software, as an SPDX expression in most distributions.', { since: undefined }),
  tag('Group', 'A category from the time before repositories had metadata. Most distributions want it left out.'),
  tag('URL', 'The home page of the packaged software.', { once: true }),
  tag('BugURL', 'Where bugs of this package are to be reported.'),
  tag('Vendor', 'Who builds the package. Set by the distribution, not in a spec.'),
  tag('Packager', 'Who made the package. Set by the build system, not in a spec.'),
  tag('Distribution', 'The distribution that the package is part of. Set by the build system.'),
  tag('DistTag', 'A short name of the distribution, for the header. Set by the build system.'),
  tag('DistURL', 'A link of the distribution to the place where it keeps the package.'),
  tag('VCS', 'The repository of the sources, as `git:URL#REF` or the like.'),
  tag('Source', 'A file that is packed into the source package: a path or URL, of which the last part is the file name. `%{SOURCE0}` is its full path during the build.', { numbered: true }),
  tag('Patch', 'A patch that is packed into the source package. `%autosetup`, `%autopatch` or `%patch -P N` applies it in `%prep`.', { numbered: true }),
  tag('NoSource', 'Numbers of sources that are not packed into the source package, which then is a `nosrc` package.'),
  tag('NoPatch', 'Numbers of patches that are not packed into the source package.'),
  tag('Icon', 'An icon in the XPM or GIF format, kept in the header.'),
  tag('BuildRoot', 'Where files are installed during the build. rpm chooses the folder itself since version 4.6 and takes no notice of this tag.'),
  tag('BuildArch', 'The architecture to build for, in place of the machine\'s own: `noarch` for packages without machine code.', { alias: ['BuildArchitectures'], values: ['noarch'] }),
  tag('ExclusiveArch', 'The only architectures that the package can be built on.'),
  tag('ExcludeArch', 'Architectures that the package cannot be built on. A bug that explains why is expected beside it.'),
  tag('ExclusiveOS', 'The only operating systems that the package can be built on.'),
  tag('ExcludeOS', 'Operating systems that the package cannot be built on.'),
  tag('Requires', 'What must be installed for the package to work. `Requires(post)` and the like are needed when that scriptlet runs.', { qualifiers: scriptletQualifiers(), dependency: true }),
  tag('PreReq', 'The old form of `Requires(pre)`.', { alias: ['BuildPreReq'], dependency: true }),
  tag('BuildRequires', 'What must be installed when the package is built.', { dependency: true }),
  tag('BuildConflicts', 'What must not be installed when the package is built.', { dependency: true }),
  tag('Provides', 'A name that others may require and that this package stands for, with a version if there is one: `Provides: webserver = 1.0`.', { dependency: true }),
  tag('Conflicts', 'What cannot be installed beside this package.', { dependency: true }),
  tag('Obsoletes', 'Packages that this one replaces: they are removed on update. Give the last version that existed: `Obsoletes: old < 2.0-3`.', { dependency: true }),
  tag('Recommends', 'What is installed with the package where that is possible; it works without.', { dependency: true, since: '4.12' }),
  tag('Suggests', 'What may be of use beside the package; it is not installed by itself.', { dependency: true, since: '4.12' }),
  tag('Supplements', 'Reverse of `Recommends`: this package is installed where what is named here is.', { dependency: true, since: '4.12' }),
  tag('Enhances', 'Reverse of `Suggests`.', { dependency: true, since: '4.12' }),
  tag('OrderWithRequires', 'What is installed before this package if both are in one transaction; nothing is required by it.', { dependency: true, qualifiers: scriptletQualifiers() }),
  tag('AutoReq', 'Whether rpm looks through the files for what they require. `no` switches that off.', { values: ['yes', 'no'] }),
  tag('AutoProv', 'Whether rpm looks through the files for what they provide. `no` switches that off.', { values: ['yes', 'no'] }),
  tag('AutoReqProv', 'Both `AutoReq` and `AutoProv`.', { values: ['yes', 'no'] }),
  tag('Prefix', 'A folder that whoever installs the package may choose another place for (`rpm --prefix`).', { alias: ['Prefixes'] }),
  tag('DocDir', 'The folder for documentation, in place of `%{_docdir}`.'),
  tag('ModularityLabel', 'The module build that the package belongs to. Set by the build system.'),
  tag('TranslationURL', 'Where the translations of the software are worked on.', { since: '4.17' }),
  tag('UpstreamReleases', 'Where the project publishes its releases.', { since: '4.17' }),
  tag('BuildSystem', 'Names a build system (`autotools`, `cmake`, `meson`, ...) whose macros fill in `%prep` to `%check` where the spec has no section of its own.', { since: '4.20' }),
  tag('BuildOption', 'Options for the stages of the declared `BuildSystem`; `BuildOption(conf)` is for one stage.', { since: '4.20', qualifiers: ['prep', 'conf', 'generate_buildrequires', 'build', 'install', 'check', 'clean'] }),
  tag('RemovePathPostfixes', 'File name endings that are cut off in the package, so that two packages can carry variants of one file.'),
  tag('HDRID', 'Kept for old specs; rpm takes no notice of it.', { alias: ['PkgID'] }),
];

export interface TagEntry extends ReferenceEntry {
  /** Other names that rpm takes for it. */
  readonly alias: readonly string[];
  /** What may stand in parentheses behind the name. */
  readonly qualifiers: readonly string[];
  /** Values that come often. */
  readonly values: readonly string[];
  readonly isNumbered: boolean;
  readonly isDependency: boolean;
  /** Of the whole package: cannot be repeated for a subpackage. */
  readonly isOnce: boolean;
  readonly hasLanguage: boolean;
}

const byName = new Map(tagReference.flatMap((entry) => [entry.name, ...entry.alias].map((name) => [name.toLowerCase(), entry])));

/** The entry for a tag as it is written: any case, with its number (`source0`), by any of its names. */
export function findTag(written: string): TagEntry | undefined {
  const name = written.toLowerCase();
  const entry = byName.get(name) ?? byName.get(name.replace(/\d+$/, ''));
  return entry !== undefined && (entry.isNumbered || byName.has(name)) ? entry : undefined;
}

interface TagFacts {
  readonly alias?: readonly string[];
  readonly qualifiers?: readonly string[];
  readonly values?: readonly string[];
  readonly numbered?: boolean;
  readonly dependency?: boolean;
  readonly once?: boolean;
  readonly language?: boolean;
  /** Version of rpm that brought it. */
  readonly since?: string | undefined;
}

function tag(name: string, text: string, facts: TagFacts = {}): TagEntry {
  const { alias = [], qualifiers = [], values = [], numbered = false, dependency = false, once = false, language = false, since } = facts;
  return { name, text, since, source: 'https://rpm.org/docs/latest/manual/spec.html', alias, qualifiers, values, isNumbered: numbered, isDependency: dependency, isOnce: once, hasLanguage: language };
}

function scriptletQualifiers(): readonly string[] {
  return ['pre', 'post', 'preun', 'postun', 'pretrans', 'posttrans', 'preuntrans', 'postuntrans', 'verify', 'interp', 'meta'];
}
