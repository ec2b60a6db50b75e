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
      context: contextOf(text, lines, patch, evaluation),
    };
  });
  return patches.sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || a.number - b.number || 0);
}

function contextOf(text: string, lines: LineIndex, patch: SourceEntry, evaluation: Evaluation): ClaimContext {
  const comment = commentAbove(text, lines, patch);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(patch.location);
  const changelog = changelogLines(patch.fileName, comment, evaluation);
  return {
    fileName: patch.fileName,
    ...(comment.length > 0 ? { specComment: comment } : {}),
    ...(isUrl ? { specUrl: patch.location } : {}),
    ...(changelog.length > 0 ? { changelog } : {}),
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

/** Lines of the changelog that speak of an id (a CVE, a bug) which the patch's name or comment has too. */
function changelogLines(fileName: string, comment: readonly string[], evaluation: Evaluation): string[] {
  const ids = new Set(`${fileName}\n${comment.join('\n')}`.match(/\bCVE-\d{4}-\d{4,}\b|\b[A-Z]+-\d{3,}\b|#\d{5,}\b/g) ?? []);
  if (ids.size === 0) return [];
  return evaluation.changelog.flatMap((entry) => entry.text.split('\n')).filter((line) => [...ids].some((id) => line.includes(id)));
}
