/** Changes to the text of a `git diff` that leave what it does as it is, or take a known part of it away. */

/** The file diffs of a git diff, each with its headers. */
export function splitFiles(diff: string): string[] {
  return diff.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
}

export function pathOf(file: string): string {
  return /^diff --git a\/(\S+)/.exec(file)?.[1] ?? '';
}

/** The hunks of one file diff, and what stands before them. */
function splitHunks(file: string): { readonly head: string; readonly hunks: string[] } {
  const [head, ...hunks] = file.split(/^(?=@@ )/m);
  return { head: head!, hunks };
}

export const mutations: Readonly<Record<string, (diff: string) => string>> = {
  unchanged: (diff) => diff,
  'CRLF': (diff) => diff.replaceAll('\n', '\r\n'),
  'strip level 0': (diff) => diff.replace(/^diff --git a\/(\S+) b\/(\S+)$/gm, 'diff --git $1 $2').replace(/^(---|\+\+\+) [ab]\//gm, '$1 '),
  'strip level 2': (diff) => diff.replace(/^diff --git.*\n(?:[a-z].*\n)*/gm, '').replace(/^(---|\+\+\+) ([ab])\//gm, '$1 $2/project-1.2.3/'),
  'diff -u headers': (diff) =>
    diff
      .replace(/^diff --git a\/(\S+) b\/(\S+)\n(?:[a-z].*\n)*/gm, 'diff -up project-1.2.3/$1.orig project-1.2.3/$2\n')
      .replace(/^--- a\/(.*)$/gm, '--- project-1.2.3/$1.orig\t2021-01-01 10:00:00.000000000 +0100')
      .replace(/^\+\+\+ b\/(.*)$/gm, '+++ project-1.2.3/$1\t2021-01-02 10:00:00.000000000 +0100'),
  'quilt headers': (diff) =>
    diff
      .replace(/^diff --git a\/(\S+) b\/(\S+)\n(?:[a-z].*\n)*/gm, 'Index: project-1.2.3/$2\n===================================================================\n')
      .replace(/^--- a\//gm, '--- project-1.2.3.orig/')
      .replace(/^\+\+\+ b\//gm, '+++ project-1.2.3/'),
  'files in other order': (diff) => splitFiles(diff).reverse().join(''),
  'white space': (diff) => diff.replace(/^([ +-])( {2,})/gm, (_, mark: string, blanks: string) => mark + '\t'.repeat(Math.ceil(blanks.length / 2))),
  'prose around': (diff) => `This is why we do it.\n\n${diff}-- \n2.31.1\n`,
};

/** Without the files that a test matches. */
export function dropFiles(diff: string, isDropped: (path: string) => boolean): string {
  return splitFiles(diff)
    .filter((file) => !isDropped(pathOf(file)))
    .join('');
}

export function renameFiles(diff: string, rename: (path: string) => string): string {
  return diff
    .replace(/^diff --git a\/(\S+) b\/(\S+)$/gm, (_, old: string, now: string) => `diff --git a/${rename(old)} b/${rename(now)}`)
    .replace(/^(--- a|\+\+\+ b)\/(\S+)$/gm, (_, mark: string, path: string) => `${mark}/${rename(path)}`);
}

/** Both halves of a diff: its hunks dealt out in order. */
export function splitInTwo(diff: string): readonly [string, string] {
  const all = splitFiles(diff).flatMap((file) => {
    const { head, hunks } = splitHunks(file);
    return hunks.map((hunk) => ({ head, hunk }));
  });
  const half = Math.ceil(all.length / 2);
  const join = (parts: readonly { readonly head: string; readonly hunk: string }[]): string => {
    let text = '';
    let last = '';
    for (const { head, hunk } of parts) {
      text += (head === last ? '' : head) + hunk;
      last = head;
    }
    return text;
  };
  return [join(all.slice(0, half)), join(all.slice(half))];
}
