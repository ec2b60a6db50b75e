/**
 * What rpmautospec makes of a package's git history: the release number of `%autorelease` and the entries of `%autochangelog`, by the rules that
 * its documentation gives (docs of fedora-infra/rpmautospec: autorelease, autochangelog, peculiarities). Git is only read.
 */
import { type Cancellation, type Git, type GitRepository, checkCancelled } from '../host.js';
import { evaluateWhole } from '../spec/index.js';
import type { Target } from '../targets/index.js';
import { decodeText } from '../text/index.js';

/** One commit of the package, as far as its release and changelog depend on it. */
export interface HistoryCommit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Seconds since 1970-01-01 UTC. */
  readonly time: number;
  /** `Name <address>` of its author. */
  readonly author: string;
  readonly message: string;
  /** Blob ids of the spec and of the file `changelog`; undefined where the commit has none. */
  readonly spec: string | undefined;
  readonly changelog: string | undefined;
}

/** A package's history as plain data. */
export interface PackageHistory {
  /** Changes whenever HEAD does: equal texts mean that all of it still holds. */
  readonly state: string;
  /** Newest first, children before their parents; the first is HEAD. */
  readonly commits: readonly HistoryCommit[];
  /** Texts by blob id, of the specs and changelogs. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Whether a spec uses what only the history can tell. */
export function usesHistory(text: string): boolean {
  return /%\{?[?!]*auto(?:release|changelog)\b/.test(text);
}

/** More commits than any package has. */
const commitLimit = 20_000;
/** Bytes of a spec or changelog. */
const textLimit = 8 << 20;

/** Reads the history of a package whose folder is a checkout of its own; undefined where it is none, or nothing is committed. Throws a HostError where git fails. */
export async function readHistory(git: Git, folder: string, specName: string, cancellation: Cancellation): Promise<PackageHistory | undefined> {
  const repository = git.locate({ location: folder, kind: 'local' });
  if (repository === undefined || /[\n\0]/.test(specName)) return undefined;
  const run = async (args: readonly string[], input?: string): Promise<Uint8Array> => joined(git.read(repository, args, { cancellation, ...(input !== undefined && { input }) }));
  if (!(await hasHead(git, repository, cancellation))) return undefined;
  const log = new TextDecoder().decode(await run(['log', '--topo-order', `--max-count=${commitLimit}`, '--no-show-signature', '--no-color', '--no-mailmap', '--encoding=UTF-8', '-z', '--format=%H%n%T%n%P%n%ct%n%an <%ae>%n%B', '--end-of-options', 'HEAD', '--']));
  const raw = log.split('\0').flatMap((record) => {
    const [, id, tree, parents, time, author, message] = /^\n?([0-9a-f]+)\n([0-9a-f]+)\n([0-9a-f ]*)\n(\d+)\n(.*)\n([\s\S]*)$/.exec(record) ?? [];
    return id === undefined ? [] : [{ id, tree: tree!, parents: parents!.split(' ').filter((parent) => parent !== ''), time: Number(time), author: author!, message: message! }];
  });
  const asked = raw.flatMap(({ id }) => [`${id}:${specName}`, `${id}:changelog`]);
  const answers = new TextDecoder().decode(await run(['cat-file', '--batch-check=%(objecttype) %(objectname) %(objectsize)'], asked.map((name) => `${name}\n`).join(''))).split('\n');
  const blob = (index: number): string | undefined => {
    const [, id, size] = /^blob ([0-9a-f]+) (\d+)$/.exec(answers[index] ?? '') ?? [];
    return id === undefined || Number(size) > textLimit ? undefined : id;
  };
  const commits = raw.map((commit, index): HistoryCommit => ({ ...commit, spec: blob(2 * index), changelog: blob(2 * index + 1) }));
  const wanted = [...new Set(commits.flatMap(({ spec, changelog }) => [spec, changelog].filter((id) => id !== undefined)))];
  return { state: repository.state, commits, texts: batchOf(await run(['cat-file', '--batch'], wanted.map((id) => `${id}\n`).join(''))) };
}

async function hasHead(git: Git, repository: GitRepository, cancellation: Cancellation): Promise<boolean> {
  try {
    await joined(git.read(repository, ['rev-parse', '--verify', '--quiet', 'HEAD'], { cancellation }));
    return true;
  } catch (error) {
    checkCancelled(cancellation);
    if ((error as { readonly code?: string }).code === 'git-failed') return false;
    throw error;
  }
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    held.push(piece.slice());
    length += piece.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of held) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** `id type size`, a line break, the bytes, a line break. */
function batchOf(bytes: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(new TextDecoder().decode(bytes.subarray(at, end < 0 ? bytes.length : end))) ?? [];
    if (end < 0 || id === undefined) break;
    texts.set(id, decodeText(bytes.subarray(end + 1, end + 1 + Number(size))).text);
    at = end + 2 + Number(size);
  }
  return texts;
}

/** What a spec says of its own version, with the options of its %autorelease. */
interface SpecVersion {
  /** `epoch:version`; undefined where the spec cannot be read. */
  readonly version: string | undefined;
  readonly prerelease: boolean;
  readonly base: number;
  /** `.extra.snapshot`, as it stands behind the number. */
  readonly suffix: string;
}

const unreadable: SpecVersion = { version: undefined, prerelease: false, base: 1, suffix: '' };

/** Gives back its options instead of a release, set apart by what no release may hold. */
const optionsMacro = 'autorelease(e:s:pb:n) auto:%{-p:1}:%{-b*}:%{-e*}:%{-s*}';

/** Versions by the text they are read from: texts of old commits never change. */
const versions = new WeakMap<Target, Map<string, SpecVersion>>();

function specVersion(text: string, target: Target): SpecVersion {
  let known = versions.get(target);
  if (known === undefined) versions.set(target, (known = new Map()));
  let found = known.get(text);
  if (found === undefined) {
    if (known.size > 5000) known.clear();
    // What counts stands before %prep, and reads the faster.
    const cut = /^%prep[ \t]*$/m.exec(text)?.index;
    found = (cut === undefined ? undefined : versionIn(text.slice(0, cut), target)) ?? versionIn(text, target) ?? unreadable;
    known.set(text, found);
  }
  return found;
}

function versionIn(text: string, target: Target): SpecVersion | undefined {
  const [main] = evaluateWhole(text, { target, definitions: [optionsMacro, 'autochangelog %{nil}'] }).packages;
  if (main === undefined || main.version === '') return undefined;
  const version = `${main.epoch === undefined ? '' : `${main.epoch}:`}${main.version}`;
  const [, prerelease, base, extra, snapshot] = /^auto:(1?):(\d*):([^:]*):([^:]*)$/.exec(main.release) ?? [];
  const suffix = [extra, snapshot].filter((part) => part !== undefined && part !== '').map((part) => `.${part}`).join('');
  return { version, prerelease: prerelease === '1', base: base === undefined || base === '' ? 1 : Number(base), suffix };
}

/** What stands in for %autorelease and %autochangelog. */
export interface AutoRelease {
  /** Release number before `-b` is counted in. */
  readonly number: number;
  /** Text of %autochangelog, ready to be expanded. */
  readonly changelog: string;
}

interface Reached {
  readonly number: number;
  readonly version: SpecVersion;
  readonly changelog: readonly string[];
}

export interface AutoReleaseOptions {
  readonly target: Target;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  readonly user?: string | undefined;
  /** `epoch:version` of the text, where somebody has evaluated it already; it is read anew otherwise. */
  readonly version?: string | undefined;
}

/**
 * Release and changelog of a text. `history` undefined: the package is no checkout. A text that is not HEAD's counts as one commit more,
 * as rpmautospec counts a changed work tree; `now` is its date in milliseconds, `user` its author where git names one.
 */
export function autoRelease(text: string, history: PackageHistory | undefined, { target, now, user, version: known }: AutoReleaseOptions): AutoRelease {
  const head = history?.commits[0];
  if (history === undefined || head === undefined) {
    // What rpmautospec's own macros give where nobody has prepared the spec.
    return { number: 1, changelog: `* ${dateWords(now / 1000)} %{?packager}%{!?packager:John Doe <packager@example.com>} - %{?epoch:%{epoch}:}%{version}-%{release}\n- local build` };
  }
  const last = lastRelease(history, target);
  if (head.spec !== undefined && history.texts.get(head.spec) === text) return { number: last.number, changelog: last.changelog.join('\n\n') };
  const version = known === undefined ? specVersion(text, target) : { ...last.version, version: known };
  const number = version.version === last.version.version ? last.number + 1 : 1;
  const entry = entryText({ time: now / 1000, author: user ?? 'Unknown User <please-configure-git-user@example.com>', message: 'Uncommitted changes' }, version, number);
  return { number, changelog: [entry, ...last.changelog].join('\n\n') };
}

const lastReleases = new WeakMap<PackageHistory, Map<Target, Reached>>();

/** What HEAD reached; a history is worked through once for a target. */
function lastRelease(history: PackageHistory, target: Target): Reached {
  let known = lastReleases.get(history);
  if (known === undefined) lastReleases.set(history, (known = new Map()));
  let last = known.get(target);
  if (last === undefined) known.set(target, (last = releasesOf(history, target).get(history.commits[0]!.id)!));
  return last;
}

function releasesOf({ commits, texts }: PackageHistory, target: Target): Map<string, Reached> {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const versionOf = (commit: HistoryCommit): SpecVersion => (commit.spec === undefined ? unreadable : specVersion(texts.get(commit.spec) ?? '', target));
  // How far back the release and the changelog reach: from children to parents.
  const reach = new Map<string, { release: boolean; changelog: boolean; isRemoved: boolean }>([[commits[0]!.id, { release: true, changelog: true, isRemoved: false }]]);
  const visited: { readonly commit: HistoryCommit; readonly changelog: ChangelogRule; readonly isRemoved: boolean }[] = [];
  for (const commit of commits) {
    const wanted = reach.get(commit.id);
    if (wanted === undefined) continue;
    const parents = commit.parents.flatMap((id) => byId.get(id) ?? []);
    const rule = changelogRule(commit, parents);
    visited.push({ commit, changelog: rule, isRemoved: wanted.isRemoved });
    const { version } = versionOf(commit);
    const release = version === undefined || parents.some((parent) => [undefined, version].includes(versionOf(parent).version));
    const changelog = wanted.changelog && rule.kind !== 'file' && rule.kind !== 'unresolvable';
    const isRemoved = rule.kind !== 'file' && (wanted.isRemoved || (commit.changelog === undefined && parents.some((parent) => parent.changelog !== undefined)));
    if (!release && !changelog) continue;
    for (const { id } of parents) {
      const known = reach.get(id);
      reach.set(id, { release: release || known?.release === true, changelog: changelog || known?.changelog === true, isRemoved: isRemoved && known?.isRemoved !== false });
    }
  }
  const results = new Map<string, Reached>();
  for (const { commit, changelog: rule, isRemoved } of visited.reverse()) {
    const version = versionOf(commit);
    const parents = commit.parents.map((id) => results.get(id));
    // A version that cannot be told is a gap, and counts for the version around it.
    const counted = parents.map((parent) => (parent !== undefined && (version.version === undefined || parent.version.version === undefined || parent.version.version === version.version) ? parent.number : 0));
    const { skip, bump } = magicComments(commit.message);
    const number = Math.max(Math.max(0, ...counted) + (commit.spec === undefined ? 0 : 1), bump);
    let changelog: readonly string[];
    switch (rule.kind) {
      case 'unresolvable':
        changelog = [entryText(commit, version, number, '- RPMAUTOSPEC: unresolvable merge')];
        break;
      case 'file':
        changelog = isRemoved ? [] : [texts.get(commit.changelog!)!.replace(/\n+$/, '')];
        break;
      case 'follow':
        changelog = results.get(rule.parent)?.changelog ?? [];
        break;
      case 'entry': {
        const previous = parents[0]?.changelog ?? [];
        changelog = skip || commit.spec === undefined ? previous : [entryText(commit, version, number), ...previous];
      }
    }
    results.set(commit.id, { number, version, changelog });
  }
  return results;
}

type ChangelogRule =
  /** The commit changed the file `changelog`, which stands as it is from there on. */
  | { readonly kind: 'file' }
  | { readonly kind: 'entry' }
  /** A merge that took over one parent's files: it adds nothing to that parent's changelog. */
  | { readonly kind: 'follow'; readonly parent: string }
  | { readonly kind: 'unresolvable' };

function changelogRule(commit: HistoryCommit, parents: readonly HistoryCommit[]): ChangelogRule {
  if (commit.changelog !== undefined && parents.every((parent) => parent.changelog !== commit.changelog)) return { kind: 'file' };
  if (commit.parents.length < 2) return { kind: 'entry' };
  const same = parents.find((parent) => parent.tree === commit.tree);
  return same === undefined ? { kind: 'unresolvable' } : { kind: 'follow', parent: same.id };
}

/** `[skip changelog]` and `[bump release: N]`, on lines of their own, several between commas in one. */
function magicComments(message: string): { readonly skip: boolean; readonly bump: number } {
  let skip = false;
  let bump = 0;
  for (const line of message.split('\n')) {
    for (const part of /^\s*\[(.*)\]\s*$/.exec(line)?.[1]!.split(',') ?? []) {
      if (/^\s*skip\s+changelog\s*/.test(part)) skip = true;
      bump = Math.max(bump, Number(/^\s*bump\s+release\s*(?::\s*)?(\d{1,9})/.exec(part)?.[1] ?? 0));
    }
  }
  return { skip, bump };
}

function entryText({ time, author, message }: { readonly time: number; readonly author: string; readonly message: string }, { version, prerelease, base, suffix }: SpecVersion, number: number, items?: string): string {
  const release = `${prerelease ? '0.' : ''}${number + base - 1}${suffix}`;
  return `* ${dateWords(time)} ${author}${version === undefined ? '' : ` - ${version}-${release}`}\n${items ?? changelogItems(message).map((item) => wrapped(`- ${item}`)).join('\n')}`;
}

/**
 * The items of a commit message: its subject, which a body that begins with an ellipsis goes on with, and the dashed list in the
 * body, up to the first blank line.
 */
function changelogItems(message: string): string[] {
  const lines = message.replaceAll('%', '%%').split('\n').map((line) => line.trim());
  let at = lines.findIndex((line) => line !== '');
  if (at < 0) return [''];
  const items: string[][] = [[]];
  for (; at < lines.length && lines[at] !== ''; at++) items[0]!.push(items[0]!.length === 0 ? lines[at]!.replace(/^-\s*/, '') : lines[at]!);
  while (at < lines.length && lines[at] === '') at++;
  const goesOn = /^(?:\.{3,}|…+)\s*(.*)$/.exec(lines[at] ?? '');
  if (goesOn !== null) {
    items[0]!.push(goesOn[1]!);
    for (at++; at < lines.length && lines[at] !== '' && !lines[at]!.startsWith('-'); at++) items[0]!.push(lines[at]!);
  } else if (lines[at]?.startsWith('-') !== true) return items.map((parts) => parts.join(' '));
  for (; at < lines.length && lines[at] !== ''; at++) {
    if (lines[at]!.startsWith('-')) items.push([lines[at]!.replace(/^-\s*/, '')]);
    else items.at(-1)!.push(lines[at]!);
  }
  return items.map((parts) => parts.join(' '));
}

/** Columns of a changelog line. */
const width = 75;

/** Breaks a text at blanks and behind hyphens within words; lines behind the first are indented. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const chunk of text.split(/(\s+)|(?<=[A-Za-z_]-)(?=\w*[A-Za-z_])/).filter((part) => part !== undefined && part !== '')) {
    const piece = /^\s+$/.test(chunk) ? ' '.repeat(chunk.length) : chunk;
    if (piece.trim() !== '' && line.trim() !== '' && line.length + piece.length > width) {
      lines.push(line.trimEnd());
      line = '  ';
    }
    if (piece.trim() === '' && line.trim() === '') continue;
    line += piece;
    // A word that fits in no line is cut.
    while (line.length > width && line.trim() !== '' && piece.trim() !== '') {
      lines.push(line.slice(0, width));
      line = `  ${line.slice(width)}`;
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines.join('\n');
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dateWords(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.getUTCFullYear()}`;
}

/** A body of several lines goes on where a line ends with a backslash; one that is the text's own must not end the line. */
function escapedLines(text: string): string {
  return text.split('\n').map((line) => (line.endsWith('\\') ? `${line} ` : line)).join('\\\n');
}

/** Definitions that give an evaluation for a target what was found out. */
export function autoReleaseDefinitions({ number, changelog }: AutoRelease, { rpmVersion }: Pick<Target, 'rpmVersion'>): readonly string[] {
  // Only Lua can count before 4.15, and an interpreter costs more.
  const sum = /^(?:4\.(?:1[5-9]|[2-9]\d)|[5-9])/.test(rpmVersion) ? `%{expr:%{-b*} + ${number - 1}}` : `%{lua:print(math.floor(tonumber(rpm.expand("%{-b*}")) + ${number - 1}))}`;
  return [
    `autorelease(e:s:pb:n) %{-p:0.}%{!-b:${number}}%{-b:${sum}}%{-e:.%{-e*}}%{-s:.%{-s*}}%{!-n:%{?dist}}`,
    `autochangelog ${changelog === '' ? '%{nil}' : escapedLines(changelog)}`,
  ];
}
