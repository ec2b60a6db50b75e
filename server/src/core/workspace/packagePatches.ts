import type { ClaimContext } from '../patches/index.js';
import type { Evaluation, SourceEntry } from '../spec/index.js';
import { LineIndex } from '../text/index.js';

/** A patch that a spec declares, with what the spec says of it. */
export interface PackagePatch {
  readonly number: number;
  /** Name of the file in the source folder. */
  readonly fileName: string;
  /** Position in the order in which %prep applies the patches, from 0; undefined for one that it does not apply. */
  readonly order: number | undefined;
  /** Strip level where it is applied; undefined where it is not, or where the tool guesses. */
  readonly strip: number | undefined;
  readonly reverse: boolean;
  /** The name could not be worked out: it holds a macro that nobody defined. */
  readonly incomplete: boolean;
  readonly context: ClaimContext;
}

/**
 * The patches of a spec, for the evaluation's target: those that %prep applies in the order it does, then the others by
 * number. A patch that is applied twice comes once, at its first place.
 */
export function packagePatches(text: string, evaluation: Evaluation): readonly PackagePatch[] {
  const lines = new LineIndex(text);
  const changelog = evaluation.patches.length === 0 ? new Map<string, string[]>() : changelogIndex(evaluation);
  const orders = new Map<number, number>();
  for (const { number } of evaluation.applications) if (!orders.has(number)) orders.set(number, orders.size);
  const patches = evaluation.patches.map((patch): PackagePatch => {
    const application = evaluation.applications.find(({ number }) => number === patch.number);
    return {
      number: patch.number,
      fileName: patch.fileName,
      order: orders.get(patch.number),
      strip: application?.strip,
      reverse: application?.reverse ?? false,
      incomplete: patch.incomplete,
      context: contextOf(text, lines, patch, changelog),
    };
  });
  return patches.sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || a.number - b.number || 0);
}

function contextOf(text: string, lines: LineIndex, patch: SourceEntry, changelog: ReadonlyMap<string, readonly string[]>): ClaimContext {
  const comment = commentAbove(text, lines, patch);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(patch.location);
  const items = changelogOf(patch, comment, changelog);
  return {
    fileName: patch.fileName,
    ...(comment.length > 0 ? { specComment: comment } : {}),
    ...(isUrl ? { specUrl: patch.location } : {}),
    ...(items.length > 0 ? { changelog: items } : {}),
  };
}

/** The comment lines right above the tag, without `#`. A blank line or another tag ends them. */
function commentAbove(text: string, lines: LineIndex, patch: SourceEntry): string[] {
  const comment: string[] = [];
  for (let line = lines.lineAt(patch.span.start) - 1; line >= 0; line--) {
    const { start, end } = lines.lineSpan(line);
    const match = /^\s*#+[ \t]?(.*?)\s*$/.exec(text.slice(start, end));
    if (match === null) break;
    comment.unshift(match[1]!);
  }
  return comment;
}

/** Ids in a text: CVE, GHSA, Jira's `RHEL-123`; and bugs by their number alone, however they are written. */
const idPattern = /\bCVE-\d{4}-\d{4,}\b|\b[A-Z]{2,}-\d{3,}\b|\bGHSA(?:-[a-z0-9]{4}){3}\b/g;
const bugPattern = /(?:#|\b(?:rh|rhbz|rhel|bz|bug|bugzilla|bsc|boo|resolves|related)[-_ #:]*|\?id=)(\d{5,8})\b/gi;

const patchEnding = /\.(?:patch|diff|dif)(?:\.\w+)?$/i;

/** The items of a changelog, by what they speak of: built once for all patches, since some specs have hundreds of both. */
function changelogIndex(evaluation: Evaluation): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  const items = evaluation.changelog.flatMap((entry) => {
    const found: string[] = [];
    for (const line of entry.text.split('\n')) {
      // A line goes on where the next begins with blanks.
      if (/^\s+\S/.test(line) && found.length > 0) found[found.length - 1] += ` ${line.trim()}`;
      else found.push(line);
    }
    return found;
  });
  for (const item of items) {
    const keys = new Set<string>(item.match(idPattern) ?? []);
    for (const match of item.matchAll(bugPattern)) keys.add(`#${match[1]!}`);
    // What drops a patch speaks of another that had the number before.
    if (!/^\W*(?:drop|remove|delete)/i.test(item)) for (const match of item.matchAll(/\bpatch\s*(?:no\.? ?|#)?0*(\d{1,4})\b(?!\.\d)/gi)) keys.add(`patch ${match[1]!}`);
    for (const word of item.split(/[\s,;:()"'`]+/)) if (word.length >= 8) keys.add(word.replace(/\.$/, '').replace(patchEnding, ''));
    for (const key of keys) {
      const known = index.get(key);
      if (known) known.push(item);
      else index.set(key, [item]);
    }
  }
  return index;
}

/** Items of the changelog that bring the patch in, as far as one can tell: they name its file, its number, or an id that its name or comment has too. */
function changelogOf(patch: SourceEntry, comment: readonly string[], index: ReadonlyMap<string, readonly string[]>): string[] {
  const said = `${patch.fileName}\n${comment.join('\n')}`;
  const keys = [...(said.match(idPattern) ?? []), ...[...said.matchAll(bugPattern)].map((match) => `#${match[1]!}`), `patch ${patch.number}`, patch.fileName.replace(patchEnding, '')];
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}
