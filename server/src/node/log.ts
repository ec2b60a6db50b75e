import type { Log } from '../core/host.js';

const ranks = { error: 0, warn: 1, info: 2, debug: 3 } as const;

/** Writes lines to standard error (standard output belongs to the protocol and to results), down to a level. */
export function stderrLog(level: keyof typeof ranks): Log {
  const write = (of: keyof typeof ranks) => (message: string) => {
    if (ranks[of] <= ranks[level]) process.stderr.write(`spectrail: ${of === 'info' ? '' : `${of}: `}${message.replaceAll('\n', ' ')}\n`);
  };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}
