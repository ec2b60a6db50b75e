/** Package headers as rpm would make them from a spec: what `rpmspec -q` reads. */
import type { OwnedDependency, PlacedEntry, SpecEvaluation } from './evaluation.js';

/** Values of one tag; all strings or all numbers. */
export type TagValues = readonly string[] | readonly number[];

/** Values by tag name in capital letters. */
export type Header = ReadonlyMap<string, TagValues>;

/** Bits of a dependency's flags (rpmds.h). */
const senseBits: Readonly<Record<string, number>> = { '<': 2, '>': 4, '=': 8, '<=': 10, '>=': 12 };
const qualifierBits: Readonly<Record<string, number>> = {
  posttrans: 1 << 5, pretrans: 1 << 7, interp: 1 << 8, pre: 1 << 9, post: 1 << 10, preun: 1 << 11, postun: 1 << 12, verify: 1 << 13, preuntrans: 1 << 20, postuntrans: 1 << 21, rpmlib: 1 << 24, meta: 1 << 29,
};
const triggerBits: Readonly<Record<string, number>> = { triggerin: 1 << 16, triggerun: 1 << 17, triggerpostun: 1 << 18, triggerprein: 1 << 25 };

/** Name of the header's arrays for a kind of dependency: `REQUIRE` for REQUIRENAME, REQUIREFLAGS, REQUIREVERSION. */
const arrays: Readonly<Record<string, string>> = {
  Requires: 'REQUIRE', PreReq: 'REQUIRE', BuildRequires: 'REQUIRE', BuildPreReq: 'REQUIRE', Provides: 'PROVIDE', Conflicts: 'CONFLICT', BuildConflicts: 'CONFLICT', Obsoletes: 'OBSOLETE',
  Recommends: 'RECOMMEND', Suggests: 'SUGGEST', Supplements: 'SUPPLEMENT', Enhances: 'ENHANCE', OrderWithRequires: 'ORDER',
  triggerin: 'TRIGGER', triggerun: 'TRIGGER', triggerpostun: 'TRIGGER', triggerprein: 'TRIGGER',
};

/** The plural by which the whole of such an array is asked for. */
const plurals: Readonly<Record<string, string>> = { REQUIRE: 'REQUIRES', PROVIDE: 'PROVIDES', CONFLICT: 'CONFLICTS', OBSOLETE: 'OBSOLETES', RECOMMEND: 'RECOMMENDS', SUGGEST: 'SUGGESTS', SUPPLEMENT: 'SUPPLEMENTS', ENHANCE: 'ENHANCES' };

/** Tags of the main package that the source package has too. */
const sourceTags: ReadonlySet<string> = new Set(['NAME', 'VERSION', 'RELEASE', 'EPOCH', 'SUMMARY', 'DESCRIPTION', 'PACKAGER', 'DISTRIBUTION', 'DISTURL', 'DISTTAG', 'VENDOR', 'LICENSE', 'GROUP', 'OS', 'ARCH', 'CHANGELOGTIME', 'CHANGELOGNAME', 'CHANGELOGTEXT', 'URL', 'BUGURL', 'TRANSLATIONURL', 'UPSTREAMRELEASES', 'VCS', 'MODULARITYLABEL']);

interface Sense {
  readonly name: string;
  readonly version: string;
  readonly flags: number;
}

/** Headers of the binary packages, in the order of the spec. */
export function packageHeaders(evaluation: SpecEvaluation): { readonly header: Header; readonly hasFiles: boolean }[] {
  const { state } = evaluation.reading;
  const isa = evaluation.expand('%{?_isa}');
  const os = evaluation.expand('%{_target_os}');
  const changelog = trimmedChangelog(evaluation);
  const newer = evaluation.targetKnows('4.20');
  return evaluation.packages.map((known, index) => {
    const header = new Map<string, TagValues>();
    const { header: raw } = state.packages[index]!;
    for (const [tag, value] of raw) {
      if (tag.includes('(') || tag === 'Description') continue;
      header.set(tag.toUpperCase(), tag === 'Epoch' ? [Number(value)] : tag === 'Prefixes' ? value.split('\n') : [value]);
    }
    if (known.description !== undefined) header.set('DESCRIPTION', [known.description]);
    header.set('OS', [os]);
    header.set('ARCH', [known.arch]);
    header.set('PLATFORM', [evaluation.expand('%{_target_platform}')]);
    header.set('OPTFLAGS', [evaluation.expand('%{optflags}')]);
    // Before 4.20 a sub-package takes the changelog over only where that has been read by then.
    const opened = evaluation.sections.findIndex((section) => section.name === 'package' && section.package === index);
    const inherits = index === 0 || newer || evaluation.sections.slice(0, opened).some((section) => section.name === 'changelog');
    if (changelog.length > 0 && inherits) {
      header.set('CHANGELOGTIME', changelog.map(({ time }) => time ?? 0));
      header.set('CHANGELOGNAME', changelog.map(({ name }) => name));
      header.set('CHANGELOGTEXT', changelog.map(({ text }) => text));
    }
    const evr = evrOf(raw);
    const provides: OwnedDependency[] = [provide(known.name, evr, index)];
    if (known.arch !== 'noarch' && isa !== '') provides.push(provide(known.name + isa, evr, index));
    putDependencies(header, [...evaluation.allDependencies().filter((dependency) => dependency.package === index), ...provides]);
    if (newer) header.set('SOURCERPM', [`${raw.get('Name')}-${raw.get('Version')}-${raw.get('Release')}.src.rpm`]);
    addDerived(header);
    return { header, hasFiles: known.hasFiles };
  });
}

/** Header of the source package. */
export function sourceHeader(evaluation: SpecEvaluation): Header {
  const { state } = evaluation.reading;
  const packages = packageHeaders(evaluation);
  const header = new Map<string, TagValues>();
  for (const [tag, values] of packages[0]?.header ?? []) if (sourceTags.has(tag)) header.set(tag, values);
  if (state.sourceLicense !== undefined) header.set('LICENSE', [state.sourceLicense]);
  for (const [tag, values] of Object.entries(state.restrictions)) header.set(tag.toUpperCase(), values);
  if (state.buildArchs !== undefined) header.set('BUILDARCHS', state.buildArchs);
  // Before version 6 rpm keeps its list with the newest first.
  const sources = evaluation.targetKnows('6') ? state.sources : state.sources.toReversed();
  for (const kind of ['source', 'patch'] as const) {
    const all = sources.filter((source) => source.kind === kind);
    if (all.length > 0) header.set(kind.toUpperCase(), all.map(({ fileName }) => fileName));
    const excluded = all.filter((source) => source.excluded);
    if (excluded.length > 0) header.set(`NO${kind.toUpperCase()}`, excluded.map(({ number }) => number));
  }
  putDependencies(header, evaluation.allDependencies().filter((dependency) => dependency.package === -1));
  const built = packages.flatMap(({ header: one, hasFiles }) => (hasFiles ? [{ name: String(one.get('NAME')![0]), version: String(one.get('EVR')![0]) }] : []));
  if (built.length > 0) putSenses(header, 'PROVIDE', built.map(({ name, version }) => ({ name, version, flags: 8 })));
  addDerived(header);
  return header;
}

/**
 * The entries that are not older than the macros of the trimming say (addChangelog): an age is counted back from the
 * first entry, and since 4.16 a time of old becomes one. The first entry that is too old ends the list.
 */
function trimmedChangelog(evaluation: SpecEvaluation): readonly PlacedEntry[] {
  const entries = evaluation.changelogWithNames();
  const number = (macro: string) => Number.parseInt(evaluation.expand(`%{?${macro}}`), 10) || 0;
  let oldest = number('_changelog_trimtime');
  if (evaluation.targetKnows('4.16')) {
    const age = number('_changelog_trimage') || (oldest === 0 ? 0 : Math.floor(evaluation.now / 1000) - oldest);
    const first = entries[0]?.time ?? 0;
    oldest = age === 0 ? 0 : first - age;
  }
  if (oldest === 0) return entries;
  const end = entries.findIndex(({ time }) => (time ?? 0) < oldest);
  return end < 0 ? entries : entries.slice(0, end);
}

function evrOf(raw: ReadonlyMap<string, string>): string {
  return `${raw.has('Epoch') ? `${raw.get('Epoch')}:` : ''}${raw.get('Version')}-${raw.get('Release')}`;
}

function provide(name: string, version: string, index: number): OwnedDependency {
  return { package: index, kind: 'Provides', name, comparison: '=', version, qualifiers: [], tag: undefined };
}

/** Sorts dependencies as rpmdsMerge does, without what is there already. */
function putDependencies(header: Map<string, TagValues>, dependencies: readonly OwnedDependency[]): void {
  const byArray = new Map<string, Sense[]>();
  for (const { kind, name, comparison, version, qualifiers } of dependencies) {
    const array = arrays[kind];
    if (array === undefined) continue;
    let flags = (comparison === undefined ? 0 : senseBits[comparison]!) | (triggerBits[kind] ?? 0);
    for (const qualifier of qualifiers) flags |= qualifierBits[qualifier] ?? 0;
    let senses = byArray.get(array);
    if (senses === undefined) byArray.set(array, (senses = []));
    senses.push({ name, version: version ?? '', flags });
  }
  for (const [array, senses] of byArray) {
    const sorted = senses.sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.version, b.version) || a.flags - b.flags);
    putSenses(header, array, sorted.filter((sense, at) => at === 0 || !sameSense(sense, sorted[at - 1]!)));
  }
}

function sameSense(a: Sense, b: Sense): boolean {
  return a.name === b.name && a.version === b.version && a.flags === b.flags;
}

function putSenses(header: Map<string, TagValues>, array: string, senses: readonly Sense[]): void {
  header.set(`${array}NAME`, senses.map(({ name }) => name));
  header.set(`${array}FLAGS`, senses.map(({ flags }) => flags));
  header.set(`${array}VERSION`, senses.map(({ version }) => version));
  header.set(`${array}NEVRS`, senses.map(nevr));
}

function nevr({ name, version, flags }: Sense): string {
  const comparison = `${flags & 2 ? '<' : ''}${flags & 4 ? '>' : ''}${flags & 8 ? '=' : ''}`;
  return name + (comparison === '' ? '' : ` ${comparison}`) + (version === '' ? '' : ` ${version}`);
}

/** As C's strcmp over UTF-8: by code point. */
function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    const highX = x >= 0xd800 && x < 0xe000;
    const highY = y >= 0xd800 && y < 0xe000;
    return highX === highY ? x - y : highX ? 1 : -1;
  }
  return a.length - b.length;
}

/** Tags that rpm computes when asked. */
function addDerived(header: Map<string, TagValues>): void {
  const text = (tag: string) => (header.has(tag) ? String(header.get(tag)![0]) : '(none)');
  const epoch = header.has('EPOCH') ? `${text('EPOCH')}:` : '';
  const arch = text('ARCH');
  const versionRelease = `${text('VERSION')}-${text('RELEASE')}`;
  header.set('NVR', [`${text('NAME')}-${versionRelease}`]);
  header.set('NVRA', [`${text('NAME')}-${versionRelease}.${arch}`]);
  header.set('NEVR', [`${text('NAME')}-${epoch}${versionRelease}`]);
  header.set('NEVRA', [`${text('NAME')}-${epoch}${versionRelease}.${arch}`]);
  // Without the name of a source package rpm takes a header for that of one.
  header.set('ARCHSUFFIX', [`.${header.has('SOURCERPM') ? arch : 'src'}`]);
  header.set('EVR', [epoch + versionRelease]);
  header.set('EPOCHNUM', [header.has('EPOCH') ? Number(text('EPOCH')) : 0]);
  for (const [array, plural] of Object.entries(plurals)) if (header.has(`${array}NAME`)) header.set(plural, header.get(`${array}NAME`)!);
  if (header.has('ORDERNAME')) header.set('ORDERS', header.get('ORDERNAME')!);
}
