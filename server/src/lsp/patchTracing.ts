import { pathToFileURL } from 'node:url';
import type { CancellationToken, Connection, ProgressToken, WorkDoneProgressReporter } from 'vscode-languageserver/node';
import { CodeLensRefreshRequest, InlayHintRefreshRequest, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { type DecisionWish, type PackageKnowledge, type PackageTracerOptions, nothingKnown } from '../core/workspace/index.js';
import { type Location, type PatchTrace, resolveLocation } from '../core/patches/index.js';
import { type DecideResult, type OriginResult, type PatchOrigin, type PatchOriginsChangedParams, type TraceResult, patchOriginsChangedNotification, patchOriginsRequest } from '../protocol.js';
import { AnalysisFailure, type AnalysisThread } from './analysisThread.js';
import type { ClientFacts } from './client.js';
import type { TracingProcess } from './tracingProcess.js';

/** What tracing needs of the server around it. */
export interface PatchTracingHost {
  readonly connection: Connection;
  readonly analysis: AnalysisThread;
  readonly tracing: TracingProcess;
  readonly client: ClientFacts;
  log(level: 'error' | 'warn' | 'info' | 'debug', message: string): void;
}

/** Brings what is known of a spec's patches to its snapshot: from the store when a spec is opened, by tracing when somebody asks. */
export class PatchTracing {
  readonly #host: PatchTracingHost;
  readonly #packages = new Map<string, PackageTracerOptions>();
  /** Places of the network that a person allowed in this session. */
  readonly #allowed = new Set<string>();

  constructor(host: PatchTracingHost) {
    this.#host = host;
  }

  /** The analysis says which patches a spec has now, and where they may come from. */
  async onPatches(uri: string, options: PackageTracerOptions): Promise<void> {
    const before = this.#packages.get(uri);
    this.#packages.set(uri, options);
    const { patches } = options.tracing;
    // What a lock said goes with it.
    if (before?.lock?.stamp !== undefined && options.lock?.stamp === undefined) this.#tell(uri, nothingKnown);
    if (patches.length === 0 || (options.lock?.stamp === undefined && options.places.upstream.length + options.places.carriers.length + options.tracing.upstreams.length === 0)) return;
    try {
      const known = await this.#host.tracing.known(options);
      if (this.#packages.get(uri) === options) this.#tell(uri, known);
    } catch (error) {
      if (!(error instanceof AnalysisFailure)) throw error;
      if (!error.isCancelled) this.#host.log('warn', `what is known of patches could not be read: ${error.message}`);
    }
  }

  /** Asks the store again: another program may have traced meanwhile. */
  async refresh(uri: string): Promise<void> {
    const options = this.#packages.get(uri);
    if (options !== undefined) await this.onPatches(uri, options);
  }

  onClose(uri: string): void {
    this.#packages.delete(uri);
  }

  /** Traces the patches of a spec, or those of these names. */
  async trace(uri: string, names: readonly string[] | undefined, token: CancellationToken, workDoneToken: ProgressToken | undefined): Promise<TraceResult> {
    const { client } = this.#host;
    const failed = (failure: string): TraceResult => ({ summary: failure, patches: [], failure });
    if (!client.trusted) return failed('Tracing reads the repositories that this workspace names; trust the workspace first.');
    const all = this.#packages.get(uri);
    if (all === undefined || all.tracing.patches.length === 0) return failed('This spec has no patches, or it has not been read yet.');
    const isNamed = all.places.upstream.length + all.places.carriers.length > 0;
    const [proposed] = isNamed ? [] : all.tracing.upstreams;
    const unnamed = `Nobody said where the patches may come from. Name the upstream repository in spectrail.toml: [trace], then upstream = ["${proposed?.location ?? 'https://...'}"]${proposed === undefined ? '.' : ` (found by ${proposed.why}).`}`;
    if (!isNamed && proposed === undefined) return failed(unnamed);
    const wanted = names === undefined ? all.tracing.patches : all.tracing.patches.filter(({ fileName }) => names.includes(fileName));
    if (wanted.length === 0) return failed('This spec has no patch of that name.');
    // Where nobody named a place, what the spec itself says of its project is asked about, as any place beyond this machine is.
    const places = proposed === undefined ? all.places : { ...all.places, upstream: [`upstream=${proposed.location}`] };
    const options: PackageTracerOptions = { ...all, places, tracing: { ...all.tracing, patches: wanted, isPart: wanted.length < all.tracing.patches.length } };
    const network = (await this.#askForNetwork(options, proposed?.why)) ? 'missing' : 'never';
    if (proposed !== undefined && network === 'never') return failed(unnamed);
    const progress = await this.#progress(workDoneToken);
    progress.begin('Tracing patches', undefined, undefined, true);
    try {
      const running = this.#host.tracing.trace(options, network, (step) => progress.report(step));
      whenCancelled(token, running.cancel);
      if ('token' in progress) whenCancelled(progress.token as CancellationToken, running.cancel);
      const { traces, problems } = await running.answer;
      // Others may have been traced before, and decided about.
      const known = await this.#host.tracing.known(all).catch(() => nothingKnown);
      const fresh = new Set(traces.map(({ fileName }) => fileName));
      this.#tell(uri, { ...known, traces: [...traces, ...known.traces.filter(({ fileName }) => !fresh.has(fileName))] });
      const [problem] = problems;
      const summary = summaryOf(traces);
      const origins = (await this.#host.analysis.request(patchOriginsRequest, { textDocument: { uri } })) as readonly PatchOrigin[];
      return { summary: problem === undefined ? summary : `${summary} ${problem}.`, patches: origins.filter(({ fileName }) => wanted.some((patch) => patch.fileName === fileName)) };
    } catch (error) {
      if (!(error instanceof AnalysisFailure)) throw error;
      if (error.isCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      return failed(error.message);
    } finally {
      progress.done();
    }
  }

  /** One change of a patch beside the commits it was traced to. */
  async origin(uri: string, fileName: string, change: number, token: CancellationToken): Promise<OriginResult> {
    const failed = (failure: string): OriginResult => ({ failure, commits: [], originText: '', patchText: '' });
    const options = this.#packages.get(uri);
    if (options === undefined) return failed('This spec has no patches, or it has not been read yet.');
    if (!this.#host.client.trusted) return failed('Comparing reads the repository that this workspace names; trust the workspace first.');
    try {
      const running = this.#host.tracing.origin(options, fileName, change);
      whenCancelled(token, running.cancel);
      const origin = await running.answer;
      if (origin === undefined) return failed(`No origin of ${fileName} is known; trace it first.`);
      const commits = origin.commits.map(({ id, subject }, i) => ({ id, title: `${id.slice(0, 12)} ${subject}`, text: origin.commitTexts[i]!, ...(origin.urls[i] === undefined ? {} : { url: origin.urls[i] }) }));
      return { commits, originText: origin.originText, patchText: origin.patchText };
    } catch (error) {
      if (!(error instanceof AnalysisFailure)) throw error;
      if (error.isCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      return failed(error.message);
    }
  }

  /** The lock with a decision in it, for the client to write. */
  async decide(uri: string, wish: DecisionWish): Promise<DecideResult> {
    const options = this.#packages.get(uri);
    if (options === undefined) return { failure: 'This spec has no patches, or it has not been read yet.' };
    try {
      const decided = await this.#host.tracing.decide(options, wish);
      return 'failure' in decided ? decided : { uri: pathToFileURL(decided.path).href, text: decided.text };
    } catch (error) {
      if (!(error instanceof AnalysisFailure)) throw error;
      return { failure: error.message };
    }
  }

  /**
   * Whether places beyond this machine may be contacted. A person says so once for each of them in a session: they are
   * named by files of the package, which must not reach the network by themselves.
   */
  async #askForNetwork({ places, folder, tracing }: PackageTracerOptions, why?: string): Promise<boolean> {
    const remote = [...places.upstream, ...places.carriers]
      .map((text) => resolveLocation(text, folder, { package: tracing.package.name, release: tracing.release }).location)
      .filter((location): location is Location => location?.kind === 'remote')
      .map(({ location }) => location);
    const unasked = [...new Set(remote)].filter((location) => !this.#allowed.has(location));
    if (unasked.length === 0) return remote.length > 0;
    const allow = { title: 'Fetch' };
    const answer = await this.#host.connection.window.showWarningMessage(`Tracing these patches wants to fetch from ${unasked.join(', ')}${why === undefined ? '' : `, the upstream repository by ${why}`}.`, allow, { title: 'Only what is on this machine' });
    if (answer?.title !== allow.title) return false;
    for (const location of unasked) this.#allowed.add(location);
    return true;
  }

  #tell(uri: string, known: PackageKnowledge): void {
    const { analysis, connection, client } = this.#host;
    analysis.learned(uri, known);
    void connection.sendNotification(patchOriginsChangedNotification, { uri } satisfies PatchOriginsChangedParams);
    if (client.refresh.codeLens) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
    if (client.refresh.inlayHints) void connection.sendRequest(InlayHintRefreshRequest.type).catch(() => {});
  }

  /** Where steps are shown: under the token that came with the request, else under one of our own. */
  async #progress(token: ProgressToken | undefined): Promise<WorkDoneProgressReporter> {
    const { window } = this.#host.connection;
    if (token === undefined && this.#host.client.progress) return window.createWorkDoneProgress();
    return window.attachWorkDoneProgress(token);
  }
}

/** Calls back once, also for a token that was cancelled before anybody looked: such a one never tells. */
export function whenCancelled(token: CancellationToken, callback: () => void): void {
  if (token.isCancellationRequested) callback();
  else token.onCancellationRequested(callback);
}

function summaryOf(traces: readonly PatchTrace[]): string {
  const found = traces.filter(({ relation }) => relation !== 'none').length;
  const contradicted = traces.filter(({ claim }) => claim === 'contradicted').length;
  const failed = new Set(traces.flatMap(({ coverage }) => coverage.failed.map(({ source, reason }) => `${source}: ${reason}`)));
  const parts = [`${found} of ${traces.length} ${traces.length === 1 ? 'patch comes' : 'patches come'} from commits that were found.`];
  if (contradicted > 0) parts.push(`${contradicted} ${contradicted === 1 ? 'says' : 'say'} something else of ${contradicted === 1 ? 'itself' : 'themselves'}.`);
  if (failed.size > 0) parts.push(`Not searched: ${[...failed].slice(0, 3).join('; ')}.`);
  return parts.join(' ');
}
