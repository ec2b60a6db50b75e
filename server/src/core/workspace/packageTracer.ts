import { type Cancellation, type GitOpenOptions, type Host, type Store } from '../host.js';
import { type Decision, type Location, type LockKnowledge, type OriginTexts, type PatchTrace, type TraceRequest, currentPatch, dayOf, decisionError, forgivingStore, knownTraces, lockKnowledge, originTexts, parseLock, recordDecision, resolveLocation, tracePatches, writeLock } from '../patches/index.js';
import { folderOf, placeFrom } from './packageLayout.js';
import type { Settings } from '../settings.js';
import { type PackageTracing, traceRequest } from './traceRequest.js';

export interface PackageTracerOptions {
  readonly tracing: PackageTracing;
  readonly places: Settings['trace'];
  /** Absolute folder that relative places count from: of `spectrail.toml`, or of the workspace. */
  readonly folder: string;
  /** Folders that patches may be read from; anywhere where none are given. */
  readonly roots?: readonly string[];
  /** The lock of the package's patches; undefined where the package is no folder of this machine. */
  readonly lock?: {
    /** Where it is, or would be. */
    readonly path: string;
    /** Another text whenever the file is another: what is known is then asked for anew. Undefined where there is no file. */
    readonly stamp: string | undefined;
  };
}

/** What a person wants recorded about a patch. */
export interface DecisionWish {
  readonly fileName: string;
  /** Zero-based; undefined for all changes of the patch. */
  readonly change: number | undefined;
  /** Undefined takes back what was decided. Without an owner it is whoever git says the user is. */
  readonly decision: (Pick<Decision, 'kind' | 'reason' | 'until'> & { readonly owner: string | undefined }) | undefined;
}

/** What is known of a package's patches, as plain data that crosses threads. */
export type PackageKnowledge = LockKnowledge;

export const nothingKnown: PackageKnowledge = { traces: [], decisions: [] };

/** A lock file beyond this many bytes is not read. */
const LOCK_LIMIT = 16 << 20;

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

  /**
   * What is known already, without git and network: quick enough to ask on every change. What the store does not know is taken
   * from the lock, where the patch is still what was locked; patches of which nothing is known are left out.
   */
  async known(options: PackageTracerOptions): Promise<PackageKnowledge> {
    const { lock, places, roots } = options;
    if (lock?.stamp === undefined && places.upstream.length + places.carriers.length + options.tracing.upstreams.length === 0) return nothingKnown;
    const { request } = this.#request(options, 'never');
    const traces = request.upstreams.length + request.carriers.length === 0 ? request.patches.map(() => undefined) : await knownTraces(this.#host, this.#store, request);
    const fromStore = traces.filter((trace) => trace !== undefined);
    const text = lock?.stamp === undefined ? undefined : this.#host.files(roots).read(lock.path, LOCK_LIMIT);
    if (text === undefined) return { traces: fromStore, decisions: [] };
    const fromLock = this.#locked(new TextDecoder().decode(text), request, traces);
    return { traces: [...fromStore, ...fromLock.traces], decisions: fromLock.decisions };
  }

  #locked(text: string, { patches }: TraceRequest, traces: readonly (PatchTrace | undefined)[]): LockKnowledge {
    const { lock } = parseLock(text);
    if (lock.changes.length === 0) return nothingKnown;
    // A patch that the spec names twice is one.
    const current = new Map(patches.map(({ fileName, bytes, context }, i) => [fileName, currentPatch(fileName, bytes, { trace: traces[i], context, decompressor: this.#host.archives })]));
    return lockKnowledge(lock, [...current.values()], dayOf(this.#host.clock.now()));
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

  /**
   * The lock with a person's decision about a patch in it, or with what they decided before taken back; nothing is written.
   * Where it cannot be recorded, why, as a sentence.
   */
  async decide(options: PackageTracerOptions, { fileName, change, decision }: DecisionWish): Promise<{ readonly path: string; readonly text: string } | { readonly failure: string }> {
    const { lock, roots } = options;
    if (lock === undefined) return { failure: 'This spec lies in no folder of this machine: there is no place for a lock file.' };
    const { request } = this.#request(options, 'never');
    const patches = request.patches.filter((patch) => patch.fileName === fileName).slice(0, 1);
    const [patch] = patches;
    if (patch?.bytes === undefined) return { failure: `${fileName} is missing, or is no patch of this spec.` };
    const bytes = this.#host.files(roots).read(lock.path, LOCK_LIMIT);
    const { lock: before, problems, needsPerson } = parseLock(bytes === undefined ? '' : new TextDecoder().decode(bytes));
    if (needsPerson) return { failure: `${lock.path}, line ${(problems[0]?.line ?? 0) + 1}: ${problems[0]?.message ?? 'the file is not understood.'}` };
    const date = dayOf(this.#host.clock.now());
    const made = decision === undefined ? undefined : { ...decision, owner: decision.owner ?? (await this.#host.git.identity(folderOf(lock.path))) ?? '', date };
    const error = made === undefined ? undefined : decisionError(made);
    if (error !== undefined) return { failure: error };
    const [trace] = await knownTraces(this.#host, this.#store, { ...request, patches });
    const current = currentPatch(fileName, patch.bytes, { trace, context: patch.context, decompressor: this.#host.archives });
    return { path: lock.path, text: writeLock(recordDecision(before, current, made, { today: date, change, place: placeFrom(lock.path) })) };
  }

  #request({ tracing, places, folder, roots }: PackageTracerOptions, network: GitOpenOptions['network']) {
    const problems: string[] = [];
    const locations = (texts: readonly string[]): Location[] =>
      texts.flatMap((text) => {
        const { location, error } = resolveLocation(text, folder, { package: tracing.package.name, release: tracing.release });
        if (error !== undefined) problems.push(`${text}: ${error}`);
        return location === undefined ? [] : [location];
      });
    const named = locations(places.upstream);
    // What the spec itself proposes counts where nobody named a place and a copy is here already: somebody allowed it then.
    const upstreams = named.length > 0 ? named : locations(tracing.upstreams.map(({ location }) => `upstream=${location}`)).filter((location) => this.#host.git.locate(location) !== undefined).slice(0, 1);
    const request = traceRequest(tracing, this.#host.files(roots), { upstreams, carriers: locations(places.carriers), network: () => network });
    return { request, problems };
  }
}
