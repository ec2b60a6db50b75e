import { commitFormat, readCommits, type CommitRecord, type CommitStreamOptions } from '../commitStream.js';

/** One call of git as data: what it is given and how its output is read. Nothing in it touches the world. */
export interface GitTask<Result> {
  /** Arguments behind `git`, the command's name first. What comes from documents stands behind `--end-of-options`. */
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input?: string;
  parse(output: AsyncIterable<Uint8Array>): Result;
}

export interface LogPatchOptions extends CommitStreamOptions {
  /** Commits to begin from, `^` before those to leave out; ids or refs. Ignored where `commits` are given. */
  readonly revisions?: readonly string[];
  /** Only these commits, by full id, in this order; nothing is walked. */
  readonly commits?: readonly string[];
  /** Only what touches these paths; the diffs are then whole ones all the same. */
  readonly paths?: readonly string[];
  /** git's detection of renames, on by default as in `git log` itself. */
  readonly renames?: boolean;
  /** Merge commits come without a diff either way; by default they are left out. */
  readonly merges?: boolean;
  /** Seconds since 1970-01-01 UTC: only commits of this date or later. */
  readonly since?: number;
}

/**
 * The diffs of many commits in the form git's patch id is made from, whatever the user's configuration says: three lines
 * of context, `a/` and `b/`, no colour, no external diff, no text conversion, no notes, no mailmap, no signatures.
 */
export function logPatchTask(options: LogPatchOptions): GitTask<AsyncGenerator<CommitRecord[]>> {
  const { revisions = [], commits, paths = [], renames = true, merges = false, since } = options;
  return {
    args: [
      'log',
      `--format=${commitFormat}`,
      '--encoding=UTF-8',
      '--no-color',
      '--no-decorate',
      '--no-notes',
      '--no-mailmap',
      '--no-show-signature',
      '--no-ext-diff',
      '--no-textconv',
      '--no-relative',
      '--ignore-submodules=none',
      '--submodule=short',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      '--line-prefix=',
      '--diff-algorithm=myers',
      '--indent-heuristic',
      '--inter-hunk-context=0',
      '-O/dev/null',
      '--full-index',
      '--patch',
      '-U3',
      renames ? '-M' : '--no-renames',
      ...(merges ? [] : ['--no-merges']),
      ...(since === undefined ? [] : [`--since=@${Math.floor(since)}`]),
      ...(commits ? ['--no-walk=unsorted'] : []),
      ...(paths.length > 0 ? ['--full-diff'] : []),
      '--stdin',
      '--end-of-options',
      ...(paths.length > 0 ? ['--', ...paths.map((path) => `:(top,literal)${path}`)] : []),
    ],
    input: (commits ?? revisions).map((revision) => `${revision}\n`).join(''),
    parse: (output) => readCommits(output, options),
  };
}
