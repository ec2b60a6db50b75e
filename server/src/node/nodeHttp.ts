import { CancelledError, type Cancellation, HostError, type Http, neverCancelled } from '../core/host.js';

/** Milliseconds without a byte after which the other side is given up. */
const SILENCE = 30_000;

/** Node's own fetch, with a limit to silence: how long a file takes is its own business, standing still is not. */
export const nodeHttp: Http = {
  async get(url, { from = 0, cancellation = neverCancelled } = {}) {
    if (!/^https?:\/\//i.test(url)) throw new HostError('bad-location', `${url} is no address that files are fetched from; http: and https: are`);
    const watch = new Watch(cancellation);
    try {
      const response = await fetch(url, { signal: watch.signal, headers: { 'user-agent': 'spectrail', 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) } });
      // Everything is there already: the range begins where the file ends.
      if (from > 0 && response.status === 416) return { from, size: from, bytes: watch.ended() };
      if (!response.ok || response.body === null) throw new HostError('http-failed', `the server refuses ${url} (${response.status} ${response.statusText})`);
      const begins = response.status === 206 ? Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN) : 0;
      if (begins !== from && begins !== 0) throw new HostError('http-failed', `the server answers for ${url} with another part of the file than was asked for`);
      const length = Number(response.headers.get('content-length') ?? Number.NaN);
      return { from: begins, size: Number.isFinite(length) ? begins + length : undefined, bytes: watch.pieces(response.body, url) };
    } catch (error) {
      throw watch.failure(error, url);
    }
  },
};

/** Ends a transfer that stands still or that nobody wants any more. */
class Watch {
  readonly #controller = new AbortController();
  readonly #cancellation: Cancellation;
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor(cancellation: Cancellation) {
    this.#cancellation = cancellation;
    this.#timer = setInterval(() => {
      if (cancellation.isCancelled || performance.now() - this.#last > SILENCE) this.#controller.abort();
    }, 100);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async *ended(): AsyncGenerator<Uint8Array> {
    clearInterval(this.#timer);
  }

  async *pieces(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body) {
        this.#last = performance.now();
        yield piece;
      }
    } catch (error) {
      throw this.failure(error, url);
    } finally {
      clearInterval(this.#timer);
    }
  }

  failure(error: unknown, url: string): Error {
    clearInterval(this.#timer);
    if (error instanceof HostError) return error;
    if (this.#cancellation.isCancelled) return new CancelledError();
    if (this.#controller.signal.aborted) return new HostError('http-not-answering', `nothing came from ${url} for ${SILENCE / 1000} seconds`, { cause: error });
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return new HostError('http-failed', `cannot fetch ${url} (${cause instanceof Error ? cause.message : String(cause)})`, { cause: error });
  }
}
