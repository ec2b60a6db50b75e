/**
 * Reads patches for the table of known commits, on purpose by other means than the product: mails are cut at their first
 * lines, changed lines are counted off by hunk headers, and what is neither is not looked at.
 */

export interface Mail {
  /** From the first diff on. */
  readonly diff: string;
  readonly header: string;
  readonly subject: string;
  readonly style: 'git' | 'unified' | 'other';
}

export interface Content {
  /** Changed lines without white space, `+` or `-` before each, with how often they occur. */
  readonly lines: ReadonlyMap<string, number>;
  readonly total: number;
  /** By the last part of their path: how many changed lines it has. */
  readonly files: ReadonlySet<string>;
  /** Both sides of each `diff --git` line; empty where one of them cannot be told. */
  readonly gitPaths: ReadonlySet<string>;
}

export interface HeaderClaim {
  readonly kind: 'mbox' | 'cherry' | 'commit_line' | 'upstream_commit' | 'url_commit';
  readonly id: string;
}

/** The mails of a patch file, those without a diff left out. */
export function readMails(text: string): Mail[] {
  const lines = text.split('\n');
  const starts = [0];
  let hasDiff = false;
  for (const [i, line] of lines.entries()) {
    const isMail = /^From [0-9a-f]{40} /.test(line);
    const isShow = /^commit [0-9a-f]{40}\r?$/.test(line) && hasDiff && /^(?:Author|Merge|AuthorDate):/.test(lines[i + 1] ?? '');
    if (i > 0 && (isMail || isShow)) {
      starts.push(i);
      hasDiff = false;
    }
    hasDiff ||= isDiffStart(lines, i);
  }
  const mails: Mail[] = [];
  for (const [n, start] of starts.entries()) {
    const part = lines.slice(start, starts[n + 1]);
    const at = part.findIndex((_, i) => isDiffStart(part, i));
    if (at === -1) continue;
    const diff = part.slice(at).join('\n');
    const style = /^diff --git /m.test(diff) ? 'git' : /^\+\+\+ /m.test(diff) ? 'unified' : 'other';
    mails.push({ diff, header: part.slice(0, at).join('\n'), subject: subjectOf(part.slice(0, at)), style });
  }
  return mails;
}

function isDiffStart(lines: readonly string[], i: number): boolean {
  const line = lines[i]!;
  return /^diff -/.test(line) || /^Index: \S/.test(line) || (/^(?:---|\*\*\*) \S/.test(line) && /^(?:\+\+\+|---) \S/.test(lines[i + 1] ?? ''));
}

function subjectOf(header: readonly string[]): string {
  const at = header.findIndex((line) => /^Subject: /.test(line));
  if (at !== -1) {
    const parts = [header[at]!.slice(9).trim()];
    for (let i = at + 1; /^[ \t]+\S/.test(header[i] ?? ''); i++) parts.push(header[i]!.trim());
    return cleanSubject(parts.join(' '));
  }
  // `git show`: the message is indented, its first line is the subject.
  if (header.some((line) => /^commit [0-9a-f]{40}/.test(line))) {
    const first = header.find((line) => /^ {4}\S/.test(line));
    if (first !== undefined) return cleanSubject(first);
  }
  return '';
}

/** A subject as it is compared: without `[PATCH 1/2]`, white space as one space. */
export function cleanSubject(subject: string): string {
  return subject
    .replace(/^\s*(?:\[[^\]]*PATCH[^\]]*\]\s*)+/i, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a diff changes. */
export function readContent(diff: string): Content {
  const lines = new Map<string, number>();
  const files = new Set<string>();
  const gitPaths = new Set<string>();
  let isAmbiguous = false;
  let total = 0;
  let before = 0;
  let after = 0;
  for (const line of diff.split('\n')) {
    if (before > 0 || after > 0) {
      const mark = line[0];
      if (mark === '+' || mark === '-') {
        if (mark === '+') after--;
        else before--;
        const key = mark + line.slice(1).replace(/\s+/g, '');
        if (key.length > 1) {
          lines.set(key, (lines.get(key) ?? 0) + 1);
          total++;
        }
        continue;
      }
      if (mark === ' ' || mark === undefined || mark === '\r') {
        before--;
        after--;
        continue;
      }
      if (mark === '\\') continue;
      // Counts that are wrong: the hunk is over.
      before = 0;
      after = 0;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      before = Number(hunk[1] ?? 1);
      after = Number(hunk[2] ?? 1);
      continue;
    }
    const git = /^diff --git a\/(.*) b\/(.*?)\r?$/.exec(line);
    if (git) {
      gitPaths.add(git[1]!);
      gitPaths.add(git[2]!);
      files.add(git[2]!.replace(/.*\//, ''));
    } else if (line.startsWith('diff --git ')) isAmbiguous = true;
    const name = /^(?:\+\+\+|---) ([^\t\r]+)/.exec(line)?.[1];
    if (name !== undefined && name !== '/dev/null') files.add(name.replace(/.*\//, '').replace(/\.orig$/, ''));
  }
  return { lines, total, files, gitPaths: isAmbiguous ? new Set() : gitPaths };
}

export interface Measure {
  readonly jaccard: number;
  /** Share of the patch's changed lines that the commit has. */
  readonly coverOfPatch: number;
  readonly coverOfCommit: number;
}

/** How much two changes have in common, by their changed lines as bags. */
export function measure(patch: Content, commit: Content): Measure {
  let shared = 0;
  for (const [line, count] of patch.lines) shared += Math.min(count, commit.lines.get(line) ?? 0);
  const union = patch.total + commit.total - shared;
  return { jaccard: union === 0 ? 0 : shared / union, coverOfPatch: patch.total === 0 ? 0 : shared / patch.total, coverOfCommit: commit.total === 0 ? 0 : shared / commit.total };
}

/** The commits that a mail says it comes from. */
export function readHeaderClaims(header: string): HeaderClaim[] {
  const claims: HeaderClaim[] = [];
  const add = (kind: HeaderClaim['kind'], id: string): void => {
    const lower = id.toLowerCase();
    if (/^(.)\1+$/.test(lower) || !/[0-9]/.test(lower) || !/[a-f]/.test(lower)) return;
    if (!claims.some((claim) => claim.id === lower)) claims.push({ kind, id: lower });
  };
  const lines = header.split('\n').map((line) => line.replace(/\r$/, ''));
  for (const [i, line] of lines.entries()) {
    const mbox = /^From ([0-9a-f]{40}) /.exec(line);
    if (mbox) add('mbox', mbox[1]!);
    if (/revert|fixes|fixed|introduced|regress|since|follow/i.test(line) || /(?:reverts|fixes|by|in|since|of)\s*$/i.test(lines[i - 1] ?? '')) continue;
    const cherry = /cherry[- ]picked from (?:upstream )?(?:commit )?([0-9a-f]{8,40})\b/i.exec(/(?:from|commit)\s*$/i.test(line) ? `${line} ${lines[i + 1] ?? ''}` : line);
    if (cherry) add('cherry', cherry[1]!);
    const commit = /^\s{0,4}(?:\[ ?upstream )?commit:? ([0-9a-f]{12,40})\b/i.exec(line);
    if (commit) add('commit_line', commit[1]!);
    for (const url of line.matchAll(/https?:\/\/\S+?(?:\/commits?\/(?:\?\S*?id=)?|[?;&](?:id|h)=)([0-9a-f]{8,40})\b/gi)) add('url_commit', url[1]!);
    const field = /^\s*[\w -]*(?:upstream|commit|backport|git|origin|reference)[\w -]*:\s*(?:[a-z]+,?\s+)?([0-9a-f]{8,40})\b/i.exec(line);
    if (field) add('upstream_commit', field[1]!);
  }
  return claims;
}

/** Where a header or a file name says that the patch belongs to a distribution alone: the words. */
export function saysDownstream(header: string, fileName: string): string | undefined {
  const words =
    /\b(?:rhel|downstream|fedora|centos|redhat|azure ?linux|mariner|photon)[- ](?:only|specific)\b|\[(?:downstream|rhel|redhat|fedora)\]|\bdownstream[- ]only\b|^(?:Forwarded: (?:no|not-needed)|Origin: vendor|Upstream-Status: (?:Inappropriate|N\/A)|Patch-mainline: (?:Never|Not)).*$|\bnot (?:for|intended for|suitable for) upstream\b/im;
  const found = words.exec(header)?.[0];
  if (found !== undefined) return found.trim();
  return /\b(?:downstream|redhat|rhel-only|fedora)\b/i.exec(fileName)?.[0];
}
