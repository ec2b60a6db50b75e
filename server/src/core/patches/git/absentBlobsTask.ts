import type { GitTask } from './logPatchTask.js';

/** The blobs that the diffs of these commits are made of, by commit. No blob is opened for it. */
export function blobsOfCommitsTask(commits: readonly string[]): GitTask<Promise<Map<string, readonly string[]>>> {
  return {
    args: ['log', '--no-walk=unsorted', '--format=format:%x00%H', '--raw', '--no-abbrev', '--no-renames', '--no-relative', '--no-ext-diff', '--ignore-submodules=none', '--no-color', '--no-decorate', '--no-show-signature', '--no-notes', '-O/dev/null', '--stdin', '--end-of-options'],
    input: commits.map((commit) => `${commit}\n`).join(''),
    async parse(output) {
      const found = new Map<string, readonly string[]>();
      let blobs: string[] = [];
      for await (const line of linesOf(output)) {
        if (line.startsWith('\0')) found.set(line.slice(1), (blobs = []));
        const [, oldMode, newMode, oldBlob, newBlob] = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(line) ?? [];
        // A submodule's id (160000) is of a commit elsewhere; where there is no file (000000) there is no blob.
        if (oldBlob !== undefined && oldMode !== '160000' && oldMode !== '000000') blobs.push(oldBlob);
        if (newBlob !== undefined && newMode !== '160000' && newMode !== '000000') blobs.push(newBlob);
      }
      return found;
    },
  };
}

/**
 * Takes the ids of all objects that are there out of `wanted`. Asked by name for one that is missing, git would try to fetch
 * it, or end; listing what there is does neither.
 */
export function presentObjectsTask(wanted: Set<string>): GitTask<Promise<void>> {
  return {
    args: ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname)'],
    async parse(output) {
      for await (const line of linesOf(output)) wanted.delete(line);
    },
  };
}

async function* linesOf(output: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of output) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
