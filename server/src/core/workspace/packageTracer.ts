import { type Cancellation, type GitOpenOptions, type Host, type Store } from '../host.js';
import { type Location, type OriginTexts, type PatchTrace, forgivingStore, knownTraces, originTexts, resolveLocation, tracePatches } from '../patches/index.js';
import type { Settings } from '../settings.js';
import { type PackageTracing, traceRequest } from './traceRequest.js';

export interface PackageTracerOptions {
  readonly tracing: PackageTracing;
  readonly places: Settings['trace'];
  /** Absolute folder that relative places count from: of `spectrail.toml`, or of the workspace. */
  readonly folder: string;
  /** Folders that patches may be read from; anywhere where none are given. */
  readonly roots?: readonly string[];
}

/**
 * Traces packages for a program that runs on, as the language server does. The store is opened once; where it cannot be,
 * the log says so, once, and what is learned is kept as long as the program runs.
 */
export class PackageTracer {
  readonly #host: Host;
  readonly #store: Store;

  constructor(host: Host) {
    this.#host = host;
    this.#store = forgivingStore(() => host.store(), (reason) => host.log.warn(reason));
  }

  /** What is known already, without git and network: quick enough to ask on every change. Patches of which something is not known are left out. */
  async known(options: PackageTracerOptions): Promise<PatchTrace[]> {
    const { request } = this.#request(options, 'never');
    if (request.upstreams.length + request.carriers.length === 0) return [];
    return (await knownTraces(this.#host, this.#store, request)).filter((trace) => trace !== undefined);
  }

  /**
   * Finds out what is not known yet. `network` is what the user allowed for the places given. `problems` are sentences
   * about places that cannot be such; places that fail are named in the coverage of the traces.
   */
  async trace(options: PackageTracerOptions, network: GitOpenOptions['network'], { cancellation, progress }: { readonly cancellation: Cancellation; readonly progress?: (step: string) => void }): Promise<{ readonly traces: readonly PatchTrace[]; readonly problems: readonly string[] }> {
    const { request, problems } = this.#request(options, network);
    const traces = await tracePatches(this.#host, this.#store, request, { cancellation, ...(progress === undefined ? {} : { progress }) });
    return { traces, problems };
  }

  /** One change of a patch beside the commits it was traced to; see {@link originTexts}. */
  async origin(options: PackageTracerOptions, fileName: string, change: number, cancellation: Cancellation): Promise<OriginTexts | undefined> {
    return originTexts(this.#host, this.#store, this.#request(options, 'never').request, fileName, change, cancellation);
  }

  #request({ tracing, places, folder, roots }: PackageTracerOptions, network: GitOpenOptions['network']) {
    const problems: string[] = [];
    const locations = (texts: readonly string[]): Location[] =>
      texts.flatMap((text) => {
        const { location, error } = resolveLocation(text, folder, { package: tracing.package.name, release: tracing.release });
        if (error !== undefined) problems.push(`${text}: ${error}`);
        return location === undefined ? [] : [location];
      });
    const request = traceRequest(tracing, this.#host.files(roots), { upstreams: locations(places.upstream), carriers: locations(places.carriers), network: () => network });
    return { request, problems };
  }
}
