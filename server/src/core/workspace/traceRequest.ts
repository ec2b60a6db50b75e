import type { FileReader, GitOpenOptions } from '../host.js';
import { type Location, type TraceRequest, type TracedPatch } from '../patches/index.js';
import type { Evaluation } from '../spec/index.js';
import { type PackagePatch, packagePatches } from './packagePatches.js';
import type { PackageFiles } from './packageLayout.js';

export interface TraceRequestInput {
  /** Text and evaluation of the spec. */
  readonly text: string;
  readonly evaluation: Evaluation;
  /** Where the package's files are, and who reads them. */
  readonly layout: Pick<PackageFiles, 'folders'>;
  readonly files: FileReader;
  readonly upstreams: readonly Location[];
  readonly carriers: readonly Location[];
  network(location: Location): GitOpenOptions['network'];
}

/** A patch beyond this many bytes is not read. */
const PATCH_LIMIT = 64 << 20;

/** What to ask about the patches of a spec, for `tracePatches` and `knownTraces`; `patches` are in the same order. */
export function traceRequest({ text, evaluation, layout, files, upstreams, carriers, network }: TraceRequestInput): { readonly request: TraceRequest; readonly patches: readonly PackagePatch[] } {
  const patches = packagePatches(text, evaluation);
  const main = evaluation.packages[0];
  return {
    patches,
    request: {
      patches: patches.map(({ number, fileName, context }): TracedPatch => {
        const folder = layout.folders.get(fileName);
        const separator = folder?.includes('\\') === true && !folder.includes('/') ? '\\' : '/';
        return { fileName, number, context, bytes: folder === undefined ? undefined : files.read(`${folder}${separator}${fileName}`, PATCH_LIMIT) };
      }),
      package: { name: main?.name === '' ? undefined : main?.name, version: main?.version === '' ? undefined : main?.version },
      upstreams,
      carriers,
      network,
    },
  };
}
