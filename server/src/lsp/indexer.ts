/**
 * The tracing process's entry: reads repositories and the store, so that neither typing nor answering ever waits for git.
 * It is started when it is first needed and ends when the server does.
 */
import { CancelledError, HostError } from '../core/host.js';
import { PackageTracer } from '../core/workspace/index.js';
import { createNodeHost } from '../node/index.js';
import type { FromTracing, ToTracing } from './tracing.js';

/** An answer that comes when the server is gone is for nobody: without the callback the failed write would be thrown. */
const send = (message: FromTracing): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};
const log = (level: Extract<FromTracing, { kind: 'log' }>['level']) => (message: string) => send({ kind: 'log', level, message });
const host = createNodeHost({ log: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') } });
const tracer = new PackageTracer(host);
const cancellations = new Map<number, { isCancelled: boolean }>();

async function answer(message: Exclude<ToTracing, { kind: 'cancel' }>): Promise<FromTracing> {
  const { id, options } = message;
  const cancellation = { isCancelled: false };
  cancellations.set(id, cancellation);
  try {
    if (message.kind === 'known') return { kind: 'known', id, known: await tracer.known(options) };
    if (message.kind === 'decide') return { kind: 'decided', id, decided: await tracer.decide(options, message.wish) };
    if (message.kind === 'origin') return { kind: 'origin', id, origin: await tracer.origin(options, message.fileName, message.change, cancellation) };
    const { traces, problems } = await tracer.trace(options, message.network, { cancellation, progress: (step) => send({ kind: 'step', id, step }) });
    return { kind: 'traces', id, traces, problems };
  } catch (error) {
    if (error instanceof CancelledError) return { kind: 'failure', id, isCancelled: true, message: 'cancelled' };
    if (!(error instanceof HostError)) log('error')(`tracing failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { kind: 'failure', id, isCancelled: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    cancellations.delete(id);
  }
}

process.on('message', (message: ToTracing) => {
  if (message.kind !== 'cancel') void answer(message).then(send);
  else {
    const cancellation = cancellations.get(message.id);
    if (cancellation !== undefined) cancellation.isCancelled = true;
  }
});
// The server is gone, however it went.
process.on('disconnect', () => {
  for (const cancellation of cancellations.values()) cancellation.isCancelled = true;
  void host.close().finally(() => process.exit(0));
});
