import { type GitRepository, HostError, checkCancelled } from '../../host.js';
import { type TreeEntry, blobsTask, tipTask, treeTask } from '../git/treeTasks.js';
import { type CarriedFile, type CarrierSource, PATCH_LIMIT, isPatchName } from './carrierSource.js';

/**
 * A distribution's git repository: a branch for each release, spec and patches side by side or in SPECS and SOURCES; one
 * repository a package, or one with a folder for each.
 */
export const distGit: CarrierSource = {
  id: 'dist-git',

  state({ git }, location) {
    const repository = git.locate(location);
    return repository === undefined ? undefined : `${repository.state} ${location.branch ?? ''}`;
  },

  accepts({ git }, location) {
    return location.kind === 'remote' || git.locate(location) !== undefined;
  },

  async read({ git }, location, { package: name, names, network, cancellation }) {
    const repository = await git.open(location, { refs: [location.branch ?? 'HEAD'], network, cancellation });
    const run = <T>(task: { readonly args: readonly string[]; readonly input?: string; parse(output: AsyncIterable<Uint8Array>): Promise<T> }): Promise<T> =>
      task.parse(git.read(repository, task.args, { ...(task.input === undefined ? {} : { input: task.input }), cancellation }));
    const { ref, tip } = await resolve(run, repository, location.branch);
    checkCancelled(cancellation);
    const entries = packageEntries(await run(treeTask(ref)), name).filter(({ path }) => isPatchName(path) || names.has(fileName(path)));
    const blobs = await run(blobsTask([...new Set(entries.map(({ blob }) => blob))], PATCH_LIMIT));
    const files: CarriedFile[] = [];
    let absent = 0;
    for (const { path, blob } of entries) {
      const bytes = blobs.get(blob);
      if (bytes === undefined) absent++;
      else files.push({ place: { source: location.name, location: location.location, commit: tip.commit, path }, bytes });
    }
    return {
      files,
      searched: { source: location.name, location: location.location, refs: [{ name: location.branch ?? 'HEAD', commit: tip.commit }], upTo: tip.date },
      problems: absent === 0 ? [] : [`${location.location}: ${absent} patches could not be read, since this copy of the repository lacks them`],
    };
  },
};

async function resolve(run: <T>(task: { readonly args: readonly string[]; parse(output: AsyncIterable<Uint8Array>): Promise<T> }) => Promise<T>, repository: GitRepository, branch: string | undefined): Promise<{ readonly ref: string; readonly tip: { readonly commit: string; readonly date: number } }> {
  const candidates = branch === undefined ? ['HEAD', 'refs/spectrail/HEAD'] : [branch, `origin/${branch}`];
  let failure: unknown;
  for (const ref of candidates) {
    try {
      const tip = await run(tipTask(ref));
      if (tip !== undefined) return { ref, tip };
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== 'bad-ref') throw error;
      failure ??= error;
    }
  }
  throw failure !== undefined && branch !== undefined
    ? new HostError('bad-ref', `${repository.location.location}: there is no branch or tag '${branch}'; check the part behind #`, { cause: failure })
    : new HostError('bad-ref', `${repository.location.location}: the repository has no commit yet, or its HEAD names a branch that is not there; give a branch behind #`);
}

/** Of a repository with several packages, the files of one: those beside its spec, and in SOURCES beside its SPECS. */
function packageEntries(entries: readonly TreeEntry[], name: string | undefined): readonly TreeEntry[] {
  const specs = entries.filter(({ path }) => path.endsWith('.spec'));
  if (name === undefined || specs.length <= 1) return entries;
  const own = specs.find(({ path }) => fileName(path) === `${name}.spec`);
  if (own === undefined) return entries;
  const folder = own.path.slice(0, own.path.length - fileName(own.path).length);
  const home = folder.replace(/(^|\/)SPECS\/$/, '$1');
  const isFlat = specs.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/')).length > 1;
  return entries.filter(({ path }) => (isFlat ? path.startsWith(folder) : path.startsWith(folder) || path.startsWith(home === folder ? folder : `${home}SOURCES/`)));
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
