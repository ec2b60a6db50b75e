import { CommitList } from '../upstream/commitList.js';
import type { GitTask } from './logPatchTask.js';

/**
 * The ids of all commits that a branch or tag reaches, merges left out, newest first: those whose diffs an index is made of.
 */
export function commitListTask(): GitTask<Promise<CommitList>> {
  return {
    args: ['rev-list', '--branches', '--tags', '--remotes', '--no-merges'],
    parse: readList,
  };
}

async function readList(output: AsyncIterable<Uint8Array>): Promise<CommitList> {
  const list = new CommitList();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of output) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line)) list.add(line);
  }
  return list;
}
