import type { FileReader, GitOpenOptions } from '../host.js';
import { type Location, type ProposedUpstream, type TraceRequest, type TracedPatch, proposedUpstreams, upstreamMacros } from '../patches/index.js';
import type { Evaluation } from '../spec/index.js';
import type { PackageFiles } from './packageLayout.js';
import { type PackagePatch, packagePatches } from './packagePatches.js';

/** What tracing a package begins with, as plain data that crosses threads. */
export interface PackageTracing {
  readonly package: TraceRequest['package'];
  /** Number of the target's release, `9` of el9: which release of a known place is meant by its bare name. */
  readonly release: string | undefined;
  /** Repositories that the spec's own words propose as upstream, the likeliest first; nothing is contacted before somebody allows it. */
  readonly upstreams: readonly ProposedUpstream[];
  readonly patches: readonly (PackagePatch & {
    /** Absolute path; undefined where the file is not there. */
    readonly path: string | undefined;
  })[];
  /** True where those are some of the spec's patches only. */
  readonly isPart?: boolean;
}

/** Where to look, and what was allowed for it. */
export interface TracingPlaces {
  readonly upstreams: readonly Location[];
  readonly carriers: readonly Location[];
  network(location: Location): GitOpenOptions['network'];
}

/** A patch beyond this many bytes is not read. */
const PATCH_LIMIT = 64 << 20;

/** The patches of a spec and what it says of them; `layout` says where the files are. */
export function packageTracing(text: string, evaluation: Evaluation, layout: Pick<PackageFiles, 'folders'>): PackageTracing {
  const main = evaluation.packages[0];
  return {
    package: { name: main?.name === '' ? undefined : main?.name, version: main?.version === '' ? undefined : main?.version },
    release: /\d+$/.exec(evaluation.target.id)?.[0],
    upstreams: upstreamsOf(evaluation),
    patches: packagePatches(text, evaluation).map((patch) => {
      const folder = layout.folders.get(patch.fileName);
      const separator = folder?.includes('\\') === true && !folder.includes('/') ? '\\' : '/';
      return { ...patch, path: folder === undefined ? undefined : `${folder}${separator}${patch.fileName}` };
    }),
  };
}

/** What the spec says of where its project is. */
export function upstreamsOf(evaluation: Evaluation): ProposedUpstream[] {
  const main = evaluation.packages[0];
  const macros = Object.fromEntries(upstreamMacros.filter((macro) => evaluation.lookup(macro) !== undefined).map((macro) => [macro, evaluation.expand(`%{${macro}}`)]));
  return proposedUpstreams({
    name: main?.name === '' ? undefined : main?.name,
    vcs: evaluation.tags.find((tag) => tag.name.toLowerCase() === 'vcs' && tag.package === 0)?.value,
    url: main?.url,
    sources: evaluation.sources.filter(({ kind }) => kind === 'source').toSorted((a, b) => a.number - b.number),
    macros,
  });
}

/** What to ask `tracePatches` or `knownTraces` about a package; answers come in the order of its patches. */
export function traceRequest({ package: named, patches, isPart = false }: PackageTracing, files: FileReader, places: TracingPlaces): TraceRequest {
  return {
    ...places,
    package: named,
    isPart,
    patches: patches.map(({ number, fileName, context, path }): TracedPatch => {
      const size = path === undefined ? undefined : files.stat(path)?.size;
      return { fileName, number, context, bytes: path === undefined ? undefined : files.read(path, PATCH_LIMIT), ...(size !== undefined && size > PATCH_LIMIT ? { problem: `${fileName} has ${size} bytes; patches of more than ${PATCH_LIMIT} are not read` } : {}) };
    }),
  };
}
