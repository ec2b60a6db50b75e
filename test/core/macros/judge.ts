/** Runs texts through a real rpm and through the expander, in the same way, so that the two can be compared. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { noFiles } from '#server/core/host.js';
import { Expander, builtinTable, plainContext } from '#server/core/macros/index.js';

export interface Judge {
  readonly version: string;
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  /** rpm's own folder, as %{getconfdir} gives it. */
  readonly configFolder: string;
}

/** What one text gave. */
export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly failed: boolean;
  /** rpm was ended by a signal (its stack overflowed); nothing else can be compared. */
  readonly crashed: boolean;
}

function judgeAt(command: string, env: NodeJS.ProcessEnv, configFolder: string): Judge | undefined {
  const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8', env });
  if (status !== 0) return undefined;
  return { version: /([\d.]+)/.exec(stdout)?.[1] ?? '', command, env, configFolder };
}

const cleanEnv = { PATH: process.env['PATH'], HOME: '/home/judge', LC_ALL: 'C.UTF-8', SPECTRAIL_ENV: 'from the environment' };

/** rpm as installed on this machine. */
export const systemRpm = judgeAt('rpm', cleanEnv, '/usr/lib/rpm');

/** rpm of other versions, built from source: those in /opt/rpm* and in the folders that SPECTRAIL_RPMS names, separated by colons. */
export const builtRpms: readonly Judge[] = [...(process.env['SPECTRAIL_RPMS']?.split(':') ?? []), ...['4.14', '4.16', '6'].map((version) => `/opt/rpm${version.replace('.', '')}`)]
  .filter((prefix) => existsSync(`${prefix}/bin/rpm`))
  .map((prefix) => judgeAt(`${prefix}/bin/rpm`, { ...cleanEnv, LD_LIBRARY_PATH: `${prefix}/lib` }, `${prefix}/lib/rpm`))
  .filter((judge) => judge !== undefined);

const mark = '@@\x01';

/** One rpm process expands as many texts as it can: it ends at the first that fails, and another goes on behind it. */
export function judgeAll(judge: Judge, texts: readonly string[], perProcess = 200): Outcome[] {
  const outcomes: Outcome[] = [];
  let restart = 0;
  while (outcomes.length < texts.length) {
    if (outcomes.length >= restart + perProcess) restart = outcomes.length;
    const part = texts.slice(outcomes.length, restart + perProcess);
    const args = ['--macros', '/dev/null'];
    for (const text of part) args.push('--eval', `%{warn:${mark}}${mark}`, '--eval', text);
    const { stdout, stderr, status, signal } = spawnSync('stdbuf', ['-oL', judge.command, ...args], { encoding: 'utf8', env: judge.env, maxBuffer: 1 << 28, timeout: 60_000 });
    const outs = stdout.split(`${mark}\n`);
    const errs = stderr.split(`warning: ${mark}\n`);
    const done = outs.length - 1;
    for (let i = 1; i <= done; i++) {
      const failed = i === done && (status !== 0 || signal !== null);
      const out = outs[i]!;
      // rpm reads freed memory where a macro is undefined by its own arguments; what it prints then is no text.
      const garbled = out.includes('\ufffd');
      const crashed = garbled || (i === done && (signal !== null || (status ?? 0) > 128));
      // getopt's own line differs between C libraries.
      const err = (errs[i] ?? '').replace(/^.*: (?:invalid option|option requires an argument) -- '[^]{1,2}'\n/gm, '').replace(/(Unknown option )(?=error: |warning: |$)/g, '$1\n');
      outcomes.push({ out: crashed ? '' : out, err: crashed ? '' : err, failed, crashed });
      if (garbled) {
        restart = outcomes.length;
        break;
      }
      if (failed) restart = outcomes.length;
    }
    if (done === 0) throw new Error(`rpm gave nothing: ${stderr}`);
  }
  return outcomes;
}

/**
 * The same with the expander: state goes on from text to text, and begins anew where rpm's process did. Where rpm
 * crashed, the outcome is the same crash: there is nothing to compare.
 */
export function expandAll({ version, configFolder }: Judge, texts: readonly string[], theirs: readonly Outcome[], perProcess = 200): Outcome[] {
  const outcomes: Outcome[] = [];
  const context = { ...plainContext(version), environment: cleanEnv, configFolder, files: { ...noFiles, stat: (path: string) => (path === '/' ? { kind: 'directory' as const, size: 0, modified: 0 } : undefined) } };
  let expander = new Expander(builtinTable(version), context);
  let restart = 0;
  for (const [i, text] of texts.entries()) {
    if (outcomes.length >= restart + perProcess) {
      restart = outcomes.length;
      expander = new Expander(builtinTable(version), context);
    }
    const { text: result, failed } = expander.expand(text);
    if (theirs[i]!.crashed) {
      outcomes.push(theirs[i]!);
      restart = outcomes.length;
      expander = new Expander(builtinTable(version), context);
      continue;
    }
    let out = '';
    let err = '';
    for (const { severity, text: message, place } of expander.takeMessages()) {
      if (severity === 'notice') out += `${place}${message}\n`;
      else err += `${severity}: ${place}${message}\n`;
    }
    // rpm 6 prints no empty lines for what expands to nothing.
    const prints = !failed && (result !== '' || version < '6');
    outcomes.push({ out: prints ? `${out}${result}\n` : out, err, failed, crashed: false });
    if (failed) {
      restart = outcomes.length;
      expander = new Expander(builtinTable(version), context);
    }
  }
  return outcomes;
}
