import { commitUrl } from '../commitUrl.js';
import type { Decision } from '../lock/decision.js';
import { currentPatch } from '../lock/lockPatches.js';
import type { PatchChange, ParsedPatch } from '../patch.js';
import { parsePatch } from '../parsePatch.js';
import type { ChangeVerdict, CommitFact } from '../verdict.js';

/**
 * Writes what was found into a patch's own header. Bytes are put in and lines of ours taken out; everything else, encoding and
 * line ends included, stays as it is, and the diffs are not touched. Doing it again changes nothing.
 */

/** `dep3`: the fields of Debian's DEP-3 in the first block of the header; `trailers`: lines at the end of the message, as git's own. */
export type HeaderStyle = 'dep3' | 'trailers';

export interface HeaderOptions {
  readonly style: HeaderStyle;
  /** `2026-11-25`, for `Last-Update`. */
  readonly today: string;
  /** One for each change; undefined for a change that nobody decided about. */
  readonly decisions?: readonly (Decision | undefined)[];
}

export interface WrittenHeader {
  /** The new bytes; undefined where nothing is to be written, or the patch is no text that can be. */
  readonly bytes: Uint8Array | undefined;
  /** Why the patch was left alone although something is known of it, as sentences. */
  readonly problems: readonly string[];
}

export function writeHeader(bytes: Uint8Array, changes: readonly ChangeVerdict[], { style, today, decisions = [] }: HeaderOptions): WrittenHeader {
  const patch = parsePatch(bytes);
  if (patch.compression !== undefined) return { bytes: undefined, problems: ['It is compressed; unpack it first.'] };
  // Lines of a mail that was encoded for its way are not those of the file.
  if (!isSame(patch.bytes, bytes)) return { bytes: undefined, problems: ['Its mail is encoded (quoted-printable or base64); decode it first.'] };
  if (patch.changes.length !== changes.length) return { bytes: undefined, problems: ['It could not be read as it was traced.'] };
  if (bytes[0] === 0x23 && bytes[1] === 0x21) return { bytes: undefined, problems: ['It is a script; its header is not changed.'] };
  const splices: Splice[] = [];
  for (const [i, change] of patch.changes.entries()) {
    const facts = factsOf(changes[i]!, decisions[i]);
    if (facts === undefined || change.files.length === 0) continue;
    const header = new HeaderText(patch, change);
    splices.push(...(style === 'dep3' ? dep3Splices(header, facts, today) : trailerSplices(header, facts)));
  }
  if (splices.length === 0) return { bytes: undefined, problems: [] };
  const written = splice(bytes, splices);
  // The promise above, held against the result.
  const before = currentPatch('', bytes).changes!.map(({ identity }) => identity.diff).join();
  const after = currentPatch('', written).changes!.map(({ identity }) => identity.diff).join();
  return before === after ? { bytes: written, problems: [] } : { bytes: undefined, problems: ['Its header cannot be changed without changing how its diffs are read; it is left alone.'] };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || (one.length === other.length && one.every((byte, i) => byte === other[i]));
}

/** What is to be said of a change. */
interface HeaderFacts {
  readonly commits: readonly CommitFact[];
  /** The whole of the commits is in the patch, line for line. */
  readonly isWhole: boolean;
  readonly isPart: boolean;
  readonly isOurs: boolean;
}

function factsOf({ relation, commits, commit }: ChangeVerdict, decision: Decision | undefined): HeaderFacts | undefined {
  const known = commits.length > 0 ? commits : commit === undefined ? [] : [commit];
  if (relation !== 'none' && known.length > 0) return { commits: known, isWhole: relation === 'same-change' || relation === 'rebased' || relation === 'same-file', isPart: relation === 'partial', isOurs: false };
  return relation === 'none' && decision?.kind === 'ours' ? { commits: [], isWhole: false, isPart: false, isOurs: true } : undefined;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function splice(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(bytes.subarray(at, start), encoder.encode(text));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A header line: its bytes, line break included, and what it says, byte by byte, so that no encoding is guessed. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The header of one change as lines that know their bytes. */
class HeaderText {
  readonly change: PatchChange;
  readonly lines: readonly Line[];
  /** Where the first diff begins. */
  readonly end: number;
  readonly newline: string;

  constructor({ bytes }: ParsedPatch, change: PatchChange) {
    this.change = change;
    const lines: Line[] = [];
    let at = change.bytes.start;
    for (let line = change.lines.start; line < change.header.end && at < change.bytes.end; line++) {
      const feed = bytes.indexOf(10, at);
      const end = feed === -1 ? change.bytes.end : feed + 1;
      lines.push({ start: at, end, text: String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 2000))).replace(/\r?\n$/, '') });
      at = end;
    }
    this.lines = lines;
    this.end = at;
    const first = bytes.indexOf(10, change.bytes.start);
    this.newline = first > 0 && bytes[first - 1] === 13 ? '\r\n' : '\n';
  }

  /** The bytes of whole lines, as they are to stand in the file. */
  written(lines: readonly string[], indent = ''): string {
    return lines.map((line) => `${line === '' ? '' : indent}${line}${this.newline}`).join('');
  }

  /** Index of the line that a mail's or commit's fields can begin with: behind blank lines and the line that only separates mails. */
  firstField(): number {
    let at = 0;
    while (at < this.lines.length && this.lines[at]!.text.trim() === '') at++;
    return /^(?:From|commit) [0-9a-f]{40}/.test(this.lines[at]?.text ?? '') ? at + 1 : at;
  }

  /** Index of the first line behind the block of fields that a mail, `git show` or DEP-3 begins with; 0 where there is none. */
  fieldsEnd(): number {
    const { style } = this.change;
    const from = this.firstField();
    let at = from;
    while (at < this.lines.length && /^(?:[A-Za-z][A-Za-z0-9-]*:|[ \t]+\S)/.test(this.lines[at]!.text)) at++;
    // A sentence with a colon is no block of fields.
    if (style === 'plain' && !(at > from && /^[A-Za-z][A-Za-z0-9-]*:/.test(this.lines[from]!.text) && (at === this.lines.length || this.lines[at]!.text.trim() === '' || this.lines[at]!.text.trim() === '---'))) return 0;
    return at;
  }
}

/** Whether a text names a commit by at least seven digits of its id. */
function names(text: string, { id }: CommitFact): boolean {
  return [...text.matchAll(/\b[0-9a-f]{7,64}\b/g)].some(([found]) => id.startsWith(found));
}

function isPlain(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function dep3Splices(header: HeaderText, { commits, isWhole, isOurs }: HeaderFacts, today: string): Splice[] {
  const fieldsEnd = header.fieldsEnd();
  const place = (commit: CommitFact): string => commitUrl(commit.place.location, commit.id) ?? `commit:${commit.id}`;
  const [first] = commits;
  const wanted: [string, string, (text: string) => boolean][] = [];
  if (isOurs) wanted.push(['Origin', 'vendor', (text) => /^vendor\b/i.test(text)], ['Forwarded', 'not-needed', (text) => /^not-needed\b/i.test(text)]);
  else {
    // What says the same already, in whatever words, stays.
    wanted.push(['Origin', `${isWhole ? 'upstream' : 'backport'}, ${commits.map(place).join(', ')}`, (text) => commits.every((commit) => names(text, commit))]);
    if (first?.firstTag !== undefined && isPlain(first.firstTag)) {
      const tag = first.firstTag;
      wanted.push(['Applied-Upstream', `${tag}, ${place(first)}`, (text) => text.split(/[\s,]+/).includes(tag)]);
    }
  }
  const splices: Splice[] = [];
  const added: string[] = [];
  const put = (key: string, value: string, isSaid: (text: string) => boolean): void => {
    const at = header.lines.findIndex(({ text }, i) => i < fieldsEnd && text.toLowerCase().startsWith(`${key.toLowerCase()}:`));
    if (at < 0) {
      added.push(`${key}: ${value}`);
      return;
    }
    let end = at + 1;
    while (end < fieldsEnd && /^[ \t]/.test(header.lines[end]!.text)) end++;
    const old = header.lines.slice(at, end).map(({ text }) => text.trim()).join(' ').slice(key.length + 1).trim();
    if (!isSaid(old)) splices.push({ start: header.lines[at]!.start, end: header.lines[end - 1]!.end, text: header.written([`${key}: ${value}`]) });
  };
  for (const [key, value, isSaid] of wanted) put(key, value, isSaid);
  if (splices.length + added.length === 0) return [];
  put('Last-Update', today, (text) => text === today);
  if (added.length === 0) return splices;
  // Without a block of fields they make one of their own, with a blank line behind it.
  const at = fieldsEnd > 0 ? (header.lines[fieldsEnd - 1]?.end ?? header.end) : header.change.bytes.start;
  return [...splices, { start: at, end: at, text: header.written(fieldsEnd > 0 ? added : [...added, '']) }];
}

function trailerSplices(header: HeaderText, { commits, isPart, isOurs }: HeaderFacts): Splice[] {
  const { lines, change } = header;
  const divider = lines.findIndex(({ text }, i) => i > 0 && text === '---');
  const stop = divider < 0 ? lines.length : divider;
  const first = header.firstField();
  const all = lines.slice(first, stop).map(({ text }) => text);
  const isSaid = (pattern: RegExp, says: (text: string) => boolean): boolean => all.some((text) => pattern.test(text) && says(text));
  const added = isOurs
    ? isSaid(/^\s*Upstream-Status:/i, (text) => /inappropriate/i.test(text))
      ? []
      : ['Upstream-Status: Inappropriate [ours on purpose]']
    : commits.filter((commit) => commit.id !== change.commitId && !isSaid(/^\s*(?:Upstream-commit:|\(?(?:partially )?cherry[- ]picked from)/i, (text) => names(text, commit))).map(({ id }) => `Upstream-commit: ${id}${isPart ? ' (a part of it)' : ''}`);
  if (added.length === 0) return [];
  // The message begins behind the mail's header; what stands before it is no place for a trailer.
  const blank = change.style === 'plain' ? -1 : lines.findIndex(({ text }, i) => i >= first && i < stop && text.trim() === '');
  const begin = change.style === 'plain' ? 0 : blank < 0 ? stop : blank + 1;
  let last = stop;
  while (last > begin && lines[last - 1]!.text.trim() === '') last--;
  const indent = change.style === 'git-show' ? '    ' : '';
  if (last <= begin) {
    const at = lines[begin]?.start ?? header.end;
    const needsBlank = change.style !== 'plain' && blank < 0;
    return [{ start: at, end: at, text: header.written([...(needsBlank ? [''] : []), ...added, ...(divider >= 0 || (stop > begin && lines[begin]!.text.trim() === '') ? [] : [''])], indent) }];
  }
  let paragraph = last;
  while (paragraph > begin && lines[paragraph - 1]!.text.trim() !== '') paragraph--;
  const isTrailers = lines.slice(paragraph, last).every(({ text }) => /^\s*(?:[A-Za-z][A-Za-z0-9-]*: \S|\((?:partially )?cherry[- ]picked|\[[^\]]+\]$)/.test(text)) && (paragraph > begin || change.style !== 'plain');
  const at = lines[last - 1]!.end;
  // The last line of a file without a line break would run into ours.
  const open = lines[last - 1]!.text.length + lines[last - 1]!.start === lines[last - 1]!.end ? header.newline : '';
  return [{ start: at, end: at, text: open + header.written([...(isTrailers ? [] : ['']), ...added, ...(last === lines.length && change.style === 'plain' ? [''] : [])], indent) }];
}
