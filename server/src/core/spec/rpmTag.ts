/** What a preamble line may say: the table behind rpm's parsePreamble.c. */

/** How the part between a tag's name and its colon is read. */
export type TagQualifier = 'none' | 'language' | 'qualifiers' | 'number';

export interface PreambleTag {
  /** Canonical spelling, as people write it. */
  readonly name: string;
  /** What rpm matches, in small letters. */
  readonly token: string;
  readonly qualifier: TagQualifier;
  /** rpm defines a macro of the token's name from the value. */
  readonly macro: boolean;
  readonly deprecated: boolean;
  /** First rpm version that knows it, undefined for those that always were. */
  readonly since?: string;
}

function tag(name: string, qualifier: TagQualifier, macro: boolean, more: { token?: string; deprecated?: boolean; since?: string } = {}): PreambleTag {
  return { name, token: more.token ?? name.toLowerCase(), qualifier, macro, deprecated: more.deprecated ?? false, ...(more.since === undefined ? {} : { since: more.since }) };
}

/** In rpm's order: a tag whose name begins another's comes behind it. */
export const preambleTags: readonly PreambleTag[] = [
  tag('Name', 'none', true),
  tag('Version', 'none', true),
  tag('Release', 'none', true),
  tag('Epoch', 'none', true),
  tag('Summary', 'language', true),
  tag('License', 'none', true),
  tag('SourceLicense', 'none', true, { since: '4.18' }),
  tag('Distribution', 'none', true),
  tag('DistURL', 'none', true),
  tag('Vendor', 'none', true),
  tag('Group', 'language', true),
  tag('Packager', 'none', true),
  tag('URL', 'none', true),
  tag('VCS', 'none', true),
  tag('Source', 'number', false),
  tag('Patch', 'number', false),
  tag('NoSource', 'none', false),
  tag('NoPatch', 'none', false),
  tag('ExcludeArch', 'none', false),
  tag('ExclusiveArch', 'none', false),
  tag('ExcludeOS', 'none', false),
  tag('ExclusiveOS', 'none', false),
  tag('Icon', 'none', false),
  tag('Provides', 'none', false),
  tag('Requires', 'qualifiers', false),
  tag('Recommends', 'none', false),
  tag('Suggests', 'none', false),
  tag('Supplements', 'none', false),
  tag('Enhances', 'none', false),
  tag('PreReq', 'qualifiers', false, { deprecated: true }),
  tag('Conflicts', 'none', false),
  tag('Obsoletes', 'none', false),
  tag('Prefixes', 'none', true),
  tag('Prefixes', 'none', true, { token: 'prefix' }),
  tag('BuildRoot', 'none', false),
  tag('BuildArch', 'none', false, { token: 'buildarchitectures' }),
  tag('BuildArch', 'none', false),
  tag('BuildConflicts', 'none', false),
  tag('BuildOption', 'qualifiers', false, { since: '4.20' }),
  tag('BuildPreReq', 'none', false, { deprecated: true }),
  tag('BuildRequires', 'none', false),
  tag('BuildSystem', 'none', true, { since: '4.20' }),
  tag('AutoReqProv', 'none', false),
  tag('AutoReq', 'none', false),
  tag('AutoProv', 'none', false),
  tag('DocDir', 'none', false),
  tag('DistTag', 'none', true),
  tag('BugURL', 'none', true),
  tag('TranslationURL', 'none', true, { since: '4.16' }),
  tag('UpstreamReleases', 'none', true, { since: '4.16' }),
  tag('OrderWithRequires', 'qualifiers', false),
  tag('RemovePathPostfixes', 'none', true),
  tag('ModularityLabel', 'none', true, { since: '4.16' }),
];

/** Tags that say what a package needs, offers or bars; their values are dependencies. */
export const dependencyTags: ReadonlySet<string> = new Set(['Provides', 'Requires', 'Recommends', 'Suggests', 'Supplements', 'Enhances', 'PreReq', 'Conflicts', 'Obsoletes', 'BuildConflicts', 'BuildPreReq', 'BuildRequires', 'OrderWithRequires']);

/** Tags that take one word only. */
export const singleTokenTags: ReadonlySet<string> = new Set(['Name', 'Version', 'Release', 'URL', 'DistTag', 'BugURL', 'ModularityLabel', 'VCS', 'DocDir', 'Epoch', 'Icon', 'BuildSystem']);

/** What a sub-package takes over from the main package where it says nothing itself (copyTagsDuringParse). */
export const inheritedTags: readonly string[] = ['Epoch', 'Version', 'Release', 'License', 'Packager', 'Distribution', 'DistURL', 'Vendor', 'Icon', 'URL', 'VCS', 'Prefixes', 'DistTag', 'BugURL', 'TranslationURL', 'UpstreamReleases', 'Group', 'ModularityLabel'];

/** What every package must say or inherit, in the order rpm complains. */
export const requiredTags: readonly string[] = ['Name', 'Version', 'Release', 'Summary', 'License'];

/** Tags of the main package that macros give where the spec does not. */
export const macroGivenTags: readonly (readonly [tag: string, macro: string])[] = [
  ['Vendor', '%{vendor}'],
  ['Packager', '%{packager}'],
  ['Distribution', '%{distribution}'],
  ['DistURL', '%{disturl}'],
  ['DistTag', '%{disttag}'],
  ['BugURL', '%{bugurl}'],
  ['TranslationURL', '%{translationurl}'],
  ['UpstreamReleases', '%{upstreamreleases}'],
  ['ModularityLabel', '%{modularitylabel}'],
];

/** The words in `Requires(...)`. */
export const dependencyQualifiers: readonly string[] = ['interp', 'meta', 'preun', 'pre', 'postun', 'post', 'rpmlib', 'verify', 'pretrans', 'posttrans'];

/** Later ones, with the version that brought them. */
export const newerDependencyQualifiers: readonly (readonly [qualifier: string, since: string])[] = [
  ['preuntrans', '4.19'],
  ['postuntrans', '4.19'],
];

/** Characters beyond letters and digits (ALLOWED_CHARS_* of rpmbuild_internal.h). */
export const allowedCharacters = { name: '.-_+%{}', nameFirst: '_%', version: '._+%{}~^', evr: '._+%{}~^-:' } as const;
