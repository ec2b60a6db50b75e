import type { OriginTexts, PatchTrace } from '../core/patches/index.js';
import { type DecisionWish, type PackageKnowledge, type PackageTracerOptions, nothingKnown } from '../core/workspace/index.js';
import { AnalysisFailure } from './analysisThread.js';
import type { FromTracing, ToTracing } from './tracing.js';

/** A process that traces, as far as it is needed here. */
export interface TracingWorker {
  post(message: ToTracing): void;
  end(): void;
}

export interface TracingListener {
  onMessage(message: FromTracing): void;
  /** It ended, for whatever reason. */
  onDeath(reason: string): void;
}

type Answer = Extract<FromTracing, { kind: 'known' | 'traces' | 'origin' | 'decided' }>;

interface Waiting {
  readonly onStep: (step: string) => void;
  resolve(answer: Answer): void;
  reject(error: AnalysisFailure): void;
}

/** Keeps one tracing process, started when somebody first asks; one that dies is started again for the next question. */
export class TracingProcess {
  readonly #start: (listener: TracingListener) => TracingWorker;
  readonly #log: (level: 'error' | 'warn' | 'info' | 'debug', message: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: TracingWorker | undefined;
  #nextId = 1;

  constructor(start: (listener: TracingListener) => TracingWorker, log: (level: 'error' | 'warn' | 'info' | 'debug', message: string) => void) {
    this.#start = start;
    this.#log = log;
  }

  known(options: PackageTracerOptions): Promise<PackageKnowledge> {
    return this.#ask((id) => ({ kind: 'known', id, options })).answer.then((answer) => (answer.kind === 'known' ? answer.known : nothingKnown));
  }

  /** Traces; `cancel` stops it, and what was learned until then is kept in the store. Rejects with an {@link AnalysisFailure}. */
  trace(options: PackageTracerOptions, network: 'never' | 'missing', onStep: (step: string) => void) {
    const { answer, cancel } = this.#ask((id) => ({ kind: 'trace', id, options, network }), onStep);
    return { answer: answer.then(tracesOf), cancel };
  }

  /** A change of a patch beside the commits it was traced to; undefined where it has none that are known. */
  origin(options: PackageTracerOptions, fileName: string, change: number) {
    const { answer, cancel } = this.#ask((id) => ({ kind: 'origin', id, options, fileName, change }));
    return { answer: answer.then((given): OriginTexts | undefined => (given.kind === 'origin' ? given.origin : undefined)), cancel };
  }

  /** The lock's path and its text with a decision in it, or why it cannot be recorded. */
  decide(options: PackageTracerOptions, wish: DecisionWish) {
    return this.#ask((id) => ({ kind: 'decide', id, options, wish })).answer.then((given) => (given.kind === 'decided' ? given.decided : { failure: 'Nothing was answered.' }));
  }

  stop(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.end();
    this.#failAll('The server is shutting down.', true);
  }

  #ask(message: (id: number) => ToTracing, onStep: (step: string) => void = () => {}) {
    const id = this.#nextId++;
    const answer = new Promise<Answer>((resolve, reject) => this.#waiting.set(id, { onStep, resolve, reject }));
    this.#running().post(message(id));
    return { answer, cancel: () => this.#worker?.post({ kind: 'cancel', id }) };
  }

  #running(): TracingWorker {
    if (this.#worker !== undefined) return this.#worker;
    const worker: TracingWorker = this.#start({
      onMessage: (message) => {
        if (worker === this.#worker) this.#receive(message);
      },
      onDeath: (reason) => {
        if (worker !== this.#worker) return;
        this.#worker = undefined;
        this.#log('error', `the tracing process ended: ${reason}`);
        this.#failAll('Tracing ended unexpectedly; what it had found is kept. Try again.', false);
      },
    });
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromTracing): void {
    if (message.kind === 'log') return this.#log(message.level, message.message);
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'step') return waiting.onStep(message.step);
    this.#waiting.delete(message.id);
    if (message.kind !== 'failure') waiting.resolve(message);
    else waiting.reject(new AnalysisFailure(message.message, message.isCancelled));
  }

  #failAll(message: string, isCancelled: boolean): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new AnalysisFailure(message, isCancelled));
    this.#waiting.clear();
  }
}

function tracesOf(answer: Answer): { readonly traces: readonly PatchTrace[]; readonly problems: readonly string[] } {
  return answer.kind === 'traces' ? answer : { traces: [], problems: [] };
}
