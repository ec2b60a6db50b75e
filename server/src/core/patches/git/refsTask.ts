import type { GitTask } from './logPatchTask.js';

/** A branch or tag and the commit it stands at. */
export interface Ref {
  readonly kind: 'branch' | 'tag' | 'remote';
  /** Short name: `main`, `v1.0`, `origin/main`. */
  readonly name: string;
  /** Full id of the commit (of a tag: the one it is of). */
  readonly commit: string;
  /** Seconds since 1970-01-01 UTC: of the tag itself where it is annotated, else of its commit. */
  readonly date: number;
}

/** Branches, tags and remote branches. Other refs (a forge's pull requests) reach commits that are not the project's. */
export function refsTask(): GitTask<Promise<Ref[]>> {
  return {
    args: ['for-each-ref', '--format=%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(creatordate:unix)%00%(symref)%00%(refname)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    async parse(output) {
      const refs: Ref[] = [];
      for (const line of (await textOf(output)).split('\n')) {
        const [type, id, innerType, innerId, date, symref, refName] = line.split('\0');
        if (refName === undefined || symref !== '') continue;
        const commit = type === 'commit' ? id! : innerType === 'commit' ? innerId! : undefined;
        if (commit === undefined) continue;
        const [, folder, name] = /^refs\/(heads|tags|remotes)\/(.+)$/.exec(refName) ?? [];
        if (name === undefined) continue;
        refs.push({ kind: folder === 'heads' ? 'branch' : folder === 'tags' ? 'tag' : 'remote', name, commit, date: Number(date) || 0 });
      }
      return refs;
    },
  };
}

/** The name of the branch that HEAD stands for; undefined where it is detached. */
export function headTask(): GitTask<Promise<string | undefined>> {
  return {
    args: ['rev-parse', '--symbolic-full-name', 'HEAD'],
    async parse(output) {
      return /^refs\/heads\/(.+)$/m.exec(await textOf(output))?.[1];
    },
  };
}

export async function textOf(output: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of output) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
