import type { Diagnostic } from 'vscode-languageserver/node';
import { type Cancellation, CancelledError } from '../core/host.js';
import { LineIndex, applyEdits } from '../core/text/index.js';
import type { PackageKnowledge, PackageTracerOptions, Snapshot } from '../core/workspace/index.js';
import type { ClientFacts } from './client.js';
import { patchDiagnosticsOf } from './handlers/diagnostics.js';
import { type AnyHandler, type FeatureSettings, HandlerContext, PatchFileContext, Refusal } from './handlers/handler.js';
import type { FromAnalysis, SpecOnDisk, ToAnalysis } from './messages.js';
import { type SharedFlags, phases } from './sharedFlags.js';
import type { PatchFile, PatchSaying } from '../core/ide/index.js';

/** A document as the analysis worker has it. The text follows the client; the snapshot follows when somebody wants it. */
export interface AnalysedText {
  readonly uri: string;
  readonly handle: number;
  version: number;
  sequence: number;
  text: string;
  lines: LineIndex;
  /** The editor's settings for it. */
  settings: unknown;
  withheld: string | undefined;
  known: PackageKnowledge;
}

/** What turns a text into snapshots and their findings; `analysis.ts` makes it of core and node, tests of less. */
export interface Analyst<State> {
  /** Undefined for a text that is no RPM spec: it is left alone. */
  analyse(document: AnalysedText, previous: { readonly state: State; readonly isEdited: boolean } | undefined, cancellation: Cancellation): State | undefined;
  snapshot(state: State): Snapshot;
  features(state: State): FeatureSettings;
  diagnostics(context: HandlerContext, state: State): Diagnostic[];
  /** What tracing the document's patches begins with. */
  patches(state: State): PackageTracerOptions | undefined;
  /** Has what the state still waits for found out. Undefined where it waits for nothing; resolves to whether something new is known. */
  learn(state: State): Promise<boolean> | undefined;
  /** The files around it, or its settings, are no longer what they were when the state was made. */
  isStale(state: State, document: AnalysedText): boolean;
  /** What a patch file says of itself; undefined where it cannot be read. */
  readPatch(state: State, path: string): PatchSaying | undefined;
  /** Specs on disk that a patch may belong to. */
  specsAround(patchUri: string): readonly SpecOnDisk[];
  /** A document as a patch of the package that the state is of; undefined where it is none. */
  patchFile(state: State, document: AnalysedText): PatchFile | undefined;
  release(state: State): void;
}

interface Entry<State> {
  readonly document: AnalysedText;
  state: State | undefined;
  /** The text was edited since `state` was made. */
  isEdited: boolean;
  isFresh: boolean;
  needsDiagnostics: boolean;
  lastDiagnostics: number;
  /** What was last said of its patches. */
  patches: string;
  needsPatches: boolean;
  /** When an answer was asked for that has not come yet. */
  waitsSince: number | undefined;
}

interface Job {
  readonly id: number;
  readonly handler: AnyHandler;
  readonly params: unknown;
  readonly uri: string;
}

/** While diagnostics are older than this, a newer text no longer stops the work on an older one: a fast typist sees some, too. */
const patience = 700;

/** Milliseconds without a change after which a person has paused. */
const pause = 300;

/** How long diagnostics wait for an answer from outside that may change them: what is reported too early would flicker. */
const answerPatience = 1000;

/**
 * What the analysis worker does, one step at a time: requests a person waits for, then diagnostics of what was typed
 * last, then all else. Between two steps messages are taken in, so that work always is on the newest text.
 */
export class AnalysisLoop<State> {
  readonly #analyst: Analyst<State>;
  readonly #flags: SharedFlags;
  readonly #client: ClientFacts;
  readonly #post: (message: FromAnalysis) => void;
  readonly #handlers: ReadonlyMap<string, AnyHandler>;
  readonly #entries = new Map<string, Entry<State>>();
  readonly #wake: () => void;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;
  #jobs: Job[] = [];

  /** `wake` is called when there is something to do that no message announces. */
  constructor(analyst: Analyst<State>, flags: SharedFlags, client: ClientFacts, handlers: readonly AnyHandler[], post: (message: FromAnalysis) => void, wake: () => void) {
    this.#wake = wake;
    this.#analyst = analyst;
    this.#flags = flags;
    this.#client = client;
    this.#post = post;
    this.#handlers = new Map(handlers.map((handler) => [handler.method, handler]));
  }

  receive(message: ToAnalysis): void {
    if (message.kind === 'open') {
      const { uri, handle, version, sequence, text, settings, withheld, known } = message;
      this.#drop(uri);
      const document: AnalysedText = { uri, handle, version, sequence, text, lines: new LineIndex(text), settings, withheld, known };
      this.#entries.set(uri, { document, state: undefined, isEdited: false, isFresh: false, needsDiagnostics: true, lastDiagnostics: performance.now(), patches: '', needsPatches: false, waitsSince: undefined });
      return;
    }
    if (message.kind === 'request') {
      const { id, method, params } = message;
      const handler = this.#handlers.get(method);
      if (handler === undefined) throw new Error(`nobody handles ${method}`);
      this.#jobs.push({ id, handler, params, uri: (params as { textDocument: { uri: string } }).textDocument.uri });
      return;
    }
    if (message.kind === 'companions') {
      this.#post({ kind: 'companions', uri: message.uri, specs: this.#analyst.specsAround(message.uri) });
      return;
    }
    const entry = this.#entries.get(message.uri);
    if (entry === undefined) return;
    const { document } = entry;
    switch (message.kind) {
      case 'close':
        this.#drop(message.uri);
        return;
      case 'change': {
        for (const edit of message.edits) {
          document.text = applyEdits(document.text, [edit]);
          document.lines = document.lines.edited(edit, document.text);
        }
        entry.isEdited ||= message.edits.length > 0;
        document.version = message.version;
        document.sequence = message.sequence;
        document.withheld = message.withheld;
        break;
      }
      case 'settings':
        document.settings = message.settings;
        if (entry.state !== undefined && !this.#analyst.isStale(entry.state, document)) return;
        break;
      case 'files':
        if (entry.state !== undefined && !this.#analyst.isStale(entry.state, document)) return;
        break;
      case 'known':
        document.known = message.known;
        this.#markPatches();
        break;
    }
    entry.isFresh = false;
    entry.needsDiagnostics = true;
    // What was changed last is looked at first.
    this.#entries.delete(message.uri);
    this.#entries.set(message.uri, entry);
  }

  /** Does the most urgent thing there is to do. `superseded`: newer messages are on their way and have to be taken in first. */
  step(): 'done' | 'idle' | 'superseded' {
    const urgent = this.#jobs.findIndex(({ handler }) => handler.urgency === 'interactive');
    if (urgent >= 0) return this.#answer(this.#jobs.splice(urgent, 1)[0]!);
    const entry = [...this.#entries.values()].findLast(({ needsDiagnostics }) => needsDiagnostics);
    if (entry !== undefined) return this.#publish(entry);
    const job = this.#jobs.shift();
    if (job !== undefined) return this.#answer(job);
    const untold = [...this.#entries.values()].filter(({ needsPatches }) => needsPatches);
    if (untold.length === 0) return 'idle';
    // The first time at once; then only in a pause, so that the next key does not wait for it.
    const due = untold.find(({ patches, lastDiagnostics }) => patches === '' || performance.now() - lastDiagnostics >= pause);
    if (due !== undefined) return this.#tellPatches(due);
    this.#pauseTimer ??= setTimeout(() => {
      this.#pauseTimer = undefined;
      this.#wake();
    }, pause);
    return 'idle';
  }

  #answer(job: Job): 'done' | 'superseded' {
    const cancellation = this.#flags.requestCancellation(job.id);
    if (cancellation.isCancelled) {
      this.#post({ kind: 'failure', id: job.id, cancelled: true, message: 'cancelled' });
      return 'done';
    }
    try {
      const entry = this.#entries.get(job.uri);
      const state = entry === undefined ? undefined : this.#refresh(entry, cancellation);
      this.#flags.begin(phases.request, job.id);
      const result = state !== undefined ? job.handler.handle(this.#context(state, cancellation), job.params) : entry === undefined ? job.handler.nothing : this.#answerOther(entry.document, job);
      this.#post({ kind: 'result', id: job.id, result });
    } catch (error) {
      if (error instanceof CancelledError && !cancellation.isCancelled) {
        this.#jobs.unshift(job);
        return 'superseded';
      }
      const cancelled = error instanceof CancelledError;
      if (error instanceof Refusal) {
        this.#post({ kind: 'failure', id: job.id, cancelled: false, message: error.message });
        return 'done';
      }
      if (!cancelled) this.#post({ kind: 'log', level: 'error', message: `${job.handler.feature} failed on ${job.uri}: ${described(error)}` });
      this.#post({ kind: 'failure', id: job.id, cancelled, message: cancelled ? 'cancelled' : `${job.handler.feature} failed: ${error instanceof Error ? error.message : String(error)}` });
    } finally {
      this.#flags.end();
    }
    return 'done';
  }

  #publish(entry: Entry<State>): 'done' | 'superseded' {
    const { document } = entry;
    const isPatient = performance.now() - entry.lastDiagnostics < patience;
    const newer = this.#flags.analysisCancellation(document.handle, document.sequence);
    const cancellation: Cancellation = {
      get isCancelled() {
        // Polled in any case: every poll tells the watchdog that the work goes on.
        const isNewer = newer.isCancelled;
        return isNewer && isPatient;
      },
    };
    try {
      const state = this.#refresh(entry, cancellation);
      if (state !== undefined && this.#waits(entry, state)) {
        entry.needsDiagnostics = false;
        return 'done';
      }
      this.#flags.begin(phases.analysis, document.handle);
      const patch = state === undefined ? this.#patchContext(document) : undefined;
      const diagnostics = state !== undefined ? this.#analyst.diagnostics(this.#context(state, cancellation), state) : patch === undefined ? [] : patchDiagnosticsOf(patch);
      entry.needsDiagnostics = false;
      entry.lastDiagnostics = performance.now();
      this.#post({ kind: 'diagnostics', uri: document.uri, version: document.version, sequence: document.sequence, diagnostics });
      entry.needsPatches = true;
    } catch (error) {
      if (error instanceof CancelledError) return 'superseded';
      entry.needsDiagnostics = false;
      this.#post({ kind: 'log', level: 'error', message: `diagnostics failed on ${document.uri}: ${described(error)}` });
    } finally {
      this.#flags.end();
    }
    return 'done';
  }

  /** Whether diagnostics should wait for an answer from outside; asks for it where nobody has. */
  #waits(entry: Entry<State>, state: State): boolean {
    if (entry.waitsSince === undefined) {
      const learning = this.#analyst.learn(state);
      if (learning === undefined) return false;
      entry.waitsSince = performance.now();
      const done = (isNew: boolean): void => {
        entry.waitsSince = undefined;
        if (isNew) entry.isFresh = false;
        entry.needsDiagnostics = true;
        this.#wake();
      };
      learning.then(done, (error: unknown) => {
        if (!(error instanceof CancelledError)) this.#post({ kind: 'log', level: 'error', message: `answers failed on ${entry.document.uri}: ${described(error)}` });
        done(false);
      });
      setTimeout(() => {
        if (entry.waitsSince === undefined) return;
        entry.needsDiagnostics = true;
        this.#wake();
      }, answerPatience);
    }
    return performance.now() - entry.waitsSince < answerPatience;
  }

  /** The state of the document's text as it is now, made where it is not there yet. */
  #refresh(entry: Entry<State>, cancellation: Cancellation): State | undefined {
    const { document } = entry;
    if (entry.isFresh) return entry.state;
    this.#flags.begin(phases.analysis, document.handle);
    const newer = this.#flags.analysisCancellation(document.handle, document.sequence);
    const either: Cancellation = {
      get isCancelled() {
        return cancellation.isCancelled || (newer.isCancelled && performance.now() - entry.lastDiagnostics < patience);
      },
    };
    const previous = entry.state === undefined ? undefined : { state: entry.state, isEdited: entry.isEdited };
    let state: State | undefined;
    try {
      state = this.#analyst.analyse(document, previous, either);
    } catch (error) {
      if (error instanceof CancelledError || previous === undefined) throw error;
      // What goes wrong on the way from an earlier text may go well from the start.
      this.#post({ kind: 'log', level: 'error', message: `analysis failed on ${document.uri}, and is begun anew: ${described(error)}` });
      state = this.#analyst.analyse(document, undefined, either);
    }
    if (entry.state !== undefined && entry.state !== state) this.#analyst.release(entry.state);
    if (entry.state === undefined && state !== undefined) this.#markPatches();
    entry.state = state;
    entry.isEdited = false;
    entry.isFresh = true;
    return state;
  }

  #answerOther(document: AnalysedText, { handler, params }: Job): unknown {
    const patch = handler.handlePatchFile === undefined ? undefined : this.#patchContext(document);
    if (patch !== undefined) return handler.handlePatchFile!(patch, params);
    return handler.handleOther === undefined ? handler.nothing : handler.handleOther(document.text, params);
  }

  /** Patches that are open are looked at again: what their spec knows of them has changed. */
  #markPatches(): void {
    for (const entry of this.#entries.values()) if (isPatchUri(entry.document.uri)) entry.needsDiagnostics = true;
  }

  /** A document as a patch of an open spec's package; undefined where no spec names it. */
  #patchContext(document: AnalysedText): PatchFileContext | undefined {
    if (!isPatchUri(document.uri)) return undefined;
    for (const { document: spec, state } of this.#entries.values()) {
      const file = state === undefined ? undefined : this.#analyst.patchFile(state, document);
      if (file !== undefined) return new PatchFileContext({ file, document, specUri: spec.uri, client: this.#client, features: this.#analyst.features(state!) });
    }
    return undefined;
  }

  #context(state: State, cancellation: Cancellation): HandlerContext {
    const log = (level: 'error' | 'warn' | 'info' | 'debug') => (message: string) => this.#post({ kind: 'log', level, message });
    return new HandlerContext({
      snapshot: this.#analyst.snapshot(state),
      client: this.#client,
      features: this.#analyst.features(state),
      cancellation,
      log: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') },
      readPatch: (path) => this.#analyst.readPatch(state, path),
    });
  }

  /** Tells which patches there are, where that has changed. */
  #tellPatches(entry: Entry<State>): 'done' | 'superseded' {
    entry.needsPatches = false;
    if (!entry.isFresh || entry.state === undefined) return 'done';
    try {
      this.#flags.begin(phases.analysis, entry.document.handle);
      const options = this.#analyst.patches(entry.state);
      const told = JSON.stringify(options) ?? '';
      if (options !== undefined && told !== entry.patches) this.#post({ kind: 'patches', uri: entry.document.uri, options });
      entry.patches = told;
    } catch (error) {
      this.#post({ kind: 'log', level: 'error', message: `patches failed on ${entry.document.uri}: ${described(error)}` });
    } finally {
      this.#flags.end();
    }
    return 'done';
  }

  #drop(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry?.state !== undefined) this.#analyst.release(entry.state);
    this.#entries.delete(uri);
  }
}

/** Whether a document is a patch by its name. */
export function isPatchUri(uri: string): boolean {
  return /\.(?:patch|diff)$/i.test(uri);
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
