import type { TextEdit } from '../core/text/index.js';
import { type PackageKnowledge, nothingKnown } from '../core/workspace/index.js';
import type { OpenText } from './documents.js';
import type { FromAnalysis, ToAnalysis } from './messages.js';
import { SharedFlags, phases } from './sharedFlags.js';

/** The worker, as far as it is needed here; tests have one of their own. */
export interface AnalysisWorker {
  post(message: ToAnalysis): void;
  /** Ends it at once, in the middle of whatever it does. */
  end(): void;
}

export interface WorkerListener {
  onMessage(message: FromAnalysis): void;
  /** It ended by itself: out of memory, or a bug. */
  onDeath(reason: string): void;
}

/** What the supervisor needs of the protocol thread. */
export interface AnalysisHost {
  /** Starts a worker that shares these flags. */
  start(flags: SharedFlags, listener: WorkerListener): AnalysisWorker;
  /** Every message but the answers to requests. */
  onMessage(message: FromAnalysis): void;
  /** The worker was ended and started again, or could not be (`isDown`). The reason is a sentence. */
  onRestart(reason: string, isDown: boolean): void;
  /** Milliseconds of wall time and of processor time of this process. */
  now(): number;
  processorTime(): number;
}

export interface WatchdogLimits {
  /** Processor milliseconds that a job may take without polling its cancellation. */
  readonly silence: number;
  /** Processor milliseconds that a job may take in all. */
  readonly total: number;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/**
 * A pattern match in Lua or a regular expression cannot be stopped from inside, and polls nothing while it runs; a
 * person waits a second for an answer, of which starting again takes a part. Processor time is what counts, so that a
 * machine busy with something else does not make honest work look like a hang.
 */
export const usualLimits: WatchdogLimits = { silence: 450, total: 20_000, interval: 50 };

/** Milliseconds in which a worker must have started. */
const startLimit = 20_000;

/** Workers that die this often without one good answer in between are not started again until a text changes. */
const deathLimit = 5;

interface PendingRequest {
  readonly method: string;
  readonly params: unknown;
  resolve(result: unknown): void;
  reject(error: AnalysisFailure): void;
}

/** A request that the analysis did not answer. */
export class AnalysisFailure extends Error {
  readonly isCancelled: boolean;
  constructor(message: string, isCancelled: boolean) {
    super(message);
    this.isCancelled = isCancelled;
  }
}

/** What went wrong with a document's evaluation, so that it is not tried again and again. */
interface Setback {
  /** Times in a row. */
  readonly count: number;
  /** Text on which it happened. */
  readonly sequence: number;
  /** When it may be tried again, once the text is another one. */
  readonly until: number;
}

interface KnownDocument {
  document: OpenText;
  settings: unknown;
  known: PackageKnowledge;
  setback: Setback | undefined;
  /** The worker was told not to evaluate it. */
  isWithheld: boolean;
  /** Tries the evaluation again when the wait is over. */
  retry: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Keeps one analysis worker going: passes documents and requests to it, watches it, and when it hangs or dies starts
 * another, which gets every open document anew. Requests that the hanging job did not belong to are asked again, so that
 * their askers notice nothing. The document whose evaluation hung is analysed without one until its text changes.
 */
export class AnalysisThread {
  readonly #host: AnalysisHost;
  readonly #limits: WatchdogLimits;
  readonly #documents = new Map<string, KnownDocument>();
  readonly #requests = new Map<number, PendingRequest>();
  #flags = new SharedFlags();
  #worker: AnalysisWorker | undefined;
  #isReady = false;
  #startedAt = 0;
  #nextRequest = 1;
  #deaths = 0;
  #isStopped = false;
  #watch: ReturnType<typeof setInterval> | undefined;
  #seen: { jobs: number; beats: number; jobTime: number; beatTime: number } | undefined;
  #idleLooks = 0;

  constructor(host: AnalysisHost, limits: WatchdogLimits = usualLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#start();
  }

  open(document: OpenText, settings: unknown): void {
    clearTimeout(this.#documents.get(document.uri)?.retry);
    const known: KnownDocument = { document, settings, known: nothingKnown, setback: undefined, isWithheld: false, retry: undefined };
    this.#documents.set(document.uri, known);
    this.#deaths = 0;
    this.#send(this.#openMessage(known));
  }

  change(document: OpenText, edits: readonly TextEdit[]): void {
    const known = this.#documents.get(document.uri);
    if (known === undefined) return;
    known.document = document;
    if (this.#deaths >= deathLimit) this.#deaths = 0;
    this.#flags.supersede(document.handle, document.sequence);
    this.#send({ kind: 'change', uri: document.uri, version: document.version, sequence: document.sequence, edits, withheld: this.#withheld(known) });
  }

  close(uri: string): void {
    const known = this.#documents.get(uri);
    if (known === undefined) return;
    this.#documents.delete(uri);
    clearTimeout(known.retry);
    // Whatever runs for it is not wanted any more.
    this.#flags.supersede(known.document.handle, 0x7fffffff);
    this.#send({ kind: 'close', uri });
  }

  settings(uri: string, settings: unknown): void {
    const known = this.#documents.get(uri);
    if (known === undefined) return;
    known.settings = settings;
    this.#send({ kind: 'settings', uri, settings });
  }

  /** The files around a document have changed. */
  files(uri: string): void {
    if (this.#documents.has(uri)) this.#send({ kind: 'files', uri });
  }

  /** Has the specs looked for that a patch may belong to. */
  companions(uri: string): void {
    this.#send({ kind: 'companions', uri });
  }

  /** Something was learned of a document's patches. */
  learned(uri: string, known: PackageKnowledge): void {
    const document = this.#documents.get(uri);
    if (document === undefined) return;
    document.known = known;
    this.#send({ kind: 'known', uri, known });
  }

  /** Asks the worker. Rejects with an {@link AnalysisFailure}. `onStart` gets what cancels the request. */
  request(method: string, params: unknown, onStart: (cancel: () => void) => void = () => {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#nextRequest++;
      this.#requests.set(id, { method, params, resolve, reject });
      onStart(() => {
        this.#flags.cancelRequest(id);
        // Whoever asked is answered at once, whatever the worker is at.
        this.#requests.delete(id);
        reject(new AnalysisFailure('cancelled', true));
      });
      this.#send({ kind: 'request', id, method, params });
    });
  }

  /** Ends the worker and starts another, because a person asked for it; everything may be tried again. */
  restart(reason: string): void {
    for (const known of this.#documents.values()) known.setback = undefined;
    this.#deaths = 0;
    this.#replaceWorker(reason);
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#watch);
    this.#watch = undefined;
    for (const known of this.#documents.values()) clearTimeout(known.retry);
    this.#worker?.end();
    this.#worker = undefined;
    for (const request of this.#requests.values()) request.reject(new AnalysisFailure('The server is shutting down.', true));
    this.#requests.clear();
  }

  #start(): void {
    this.#flags = new SharedFlags();
    this.#isReady = false;
    this.#seen = undefined;
    this.#startedAt = this.#host.now();
    const worker: AnalysisWorker = this.#host.start(this.#flags, {
      onMessage: (message) => {
        if (worker === this.#worker) this.#receive(message);
      },
      onDeath: (reason) => {
        if (worker === this.#worker) this.#onSetback(`The analysis ended unexpectedly (${reason}).`);
      },
    });
    this.#worker = worker;
    this.#keepWatch();
  }

  #send(message: ToAnalysis): void {
    if (this.#worker === undefined && !this.#isStopped) this.#revive();
    else this.#worker?.post(message);
    this.#keepWatch();
  }

  /** A worker after too many deaths: it is given everything anew, so nothing that was not sent is missing. */
  #revive(): void {
    if (this.#deaths >= deathLimit) {
      for (const request of this.#requests.values()) request.reject(new AnalysisFailure('The analysis cannot run; change the text or restart the server.', false));
      this.#requests.clear();
      return;
    }
    this.#start();
    this.#resend();
  }

  #receive(message: FromAnalysis): void {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#seen = undefined;
        return;
      case 'result': {
        const request = this.#requests.get(message.id);
        this.#requests.delete(message.id);
        request?.resolve(message.result);
        return;
      }
      case 'failure': {
        const request = this.#requests.get(message.id);
        this.#requests.delete(message.id);
        request?.reject(new AnalysisFailure(message.message, message.cancelled));
        return;
      }
      case 'diagnostics': {
        const known = this.#documents.get(message.uri);
        if (known === undefined) return;
        this.#deaths = 0;
        // It went to its end on another text than the one that hung: no more caution.
        if (!known.isWithheld && known.setback !== undefined && message.sequence > known.setback.sequence) known.setback = undefined;
        break;
      }
    }
    this.#host.onMessage(message);
  }

  /** The sentence that withholds a document's evaluation from the worker, or undefined where it may be tried. */
  #withheld(known: KnownDocument): string | undefined {
    const { setback, document } = known;
    const isHeld = setback !== undefined && (document.sequence <= setback.sequence || this.#host.now() < setback.until);
    known.isWithheld = isHeld;
    clearTimeout(known.retry);
    if (isHeld && document.sequence > setback.sequence) known.retry = setTimeout(() => this.#tryAgain(known), setback.until - this.#host.now() + 1).unref();
    return isHeld ? 'Reading this spec did not come to an end, so its meaning is left out until the text changes. Look for a Lua pattern or an expansion that never finishes.' : undefined;
  }

  /** The text is not the one that hung, and its author has paused: it may be evaluated after all. */
  #tryAgain(known: KnownDocument): void {
    const { uri, version, sequence } = known.document;
    if (this.#documents.get(uri) === known) this.#send({ kind: 'change', uri, version, sequence, edits: [], withheld: this.#withheld(known) });
  }

  #openMessage(known: KnownDocument): ToAnalysis {
    const { document, settings } = known;
    const { uri, languageId, version, handle, sequence, text } = document;
    this.#flags.supersede(handle, sequence);
    return { kind: 'open', uri, languageId, version, handle, sequence, text, settings, withheld: this.#withheld(known), known: known.known };
  }

  #resend(): void {
    for (const known of this.#documents.values()) this.#worker?.post(this.#openMessage(known));
    for (const [id, { method, params }] of this.#requests) this.#worker?.post({ kind: 'request', id, method, params });
  }

  #replaceWorker(reason: string): void {
    this.#worker?.end();
    this.#worker = undefined;
    if (this.#isStopped) return;
    const isDown = this.#deaths >= deathLimit;
    if (isDown) this.#revive();
    else {
      this.#start();
      this.#resend();
    }
    this.#host.onRestart(reason, isDown);
  }

  /** The worker hangs or died: whatever it was at is remembered, so that the next one does not do the same. */
  #onSetback(reason: string): void {
    const { phase, subject } = this.#flags.observe();
    this.#deaths++;
    if (phase === phases.request) {
      this.#requests.get(subject)?.reject(new AnalysisFailure('This took too long and was given up.', false));
      this.#requests.delete(subject);
    } else if (phase === phases.analysis) {
      const known = [...this.#documents.values()].find(({ document }) => document.handle === subject);
      if (known !== undefined) {
        const count = (known.setback?.count ?? 0) + 1;
        // The first change is tried at once; a person who types on in a spec that hangs is not stopped for a second at every key.
        const wait = count === 1 ? 0 : Math.min(1000 * 2 ** count, 60_000);
        known.setback = { count, sequence: known.document.sequence, until: this.#host.now() + wait };
      }
    }
    this.#replaceWorker(reason);
  }

  #keepWatch(): void {
    this.#idleLooks = 0;
    if (this.#watch !== undefined || this.#isStopped) return;
    this.#watch = setInterval(() => this.#look(), this.#limits.interval);
    // Watching alone keeps no process alive.
    this.#watch.unref();
  }

  #look(): void {
    if (this.#worker === undefined) return;
    if (!this.#isReady) {
      if (this.#host.now() - this.#startedAt > startLimit) this.#onSetback('The analysis did not start.');
      return;
    }
    const { phase, beats, jobs } = this.#flags.observe();
    if (phase === phases.idle) {
      this.#seen = undefined;
      // A second without work: nothing to watch until something is sent again.
      if (++this.#idleLooks * this.#limits.interval >= 1000) {
        clearInterval(this.#watch);
        this.#watch = undefined;
      }
      return;
    }
    this.#idleLooks = 0;
    const time = this.#host.processorTime();
    if (this.#seen?.jobs !== jobs) this.#seen = { jobs, beats, jobTime: time, beatTime: time };
    else if (this.#seen.beats !== beats) this.#seen = { ...this.#seen, beats, beatTime: time };
    if (time - this.#seen.beatTime > this.#limits.silence || time - this.#seen.jobTime > this.#limits.total) {
      this.#onSetback('The analysis took too long and was started again.');
    }
  }
}
