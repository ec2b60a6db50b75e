/** Runs texts through a real rpm and through the expander, in the same way, so that the two can be compared. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FileReader, Lua } from '#server/core/host.js';
import { Expander, type MacroQuestion, builtinTable, plainContext, rpmVersionNumber } from '#server/core/macros/index.js';
import { createFileReader, systemClock } from '#server/node/index.js';
import { createLua } from '#server/node/luaEngine.js';
import { isKnown } from './knownDifferences.js';

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

/** rpm buffers what it prints, and loses it where it crashes; GNU's stdbuf makes it print by lines. */
const unbuffers = spawnSync('stdbuf', ['--version']).status === 0;

/** What a message says where there is no judge. */
export const noJudge = unbuffers ? 'rpm is not installed' : 'stdbuf (GNU coreutils) is not installed, without which rpm cannot be asked';

function judgeAt(command: string, env: NodeJS.ProcessEnv, configFolder: string): Judge | undefined {
  if (!unbuffers) return undefined;
  const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8', env });
  if (status !== 0) return undefined;
  return { version: /([\d.]+)/.exec(stdout)?.[1] ?? '', command, env, configFolder };
}

const cleanEnv = { PATH: process.env['PATH'], HOME: '/home/judge', LC_ALL: 'C.UTF-8', SPECTRAIL_ENV: 'from the environment' };

/** rpm as installed on this machine. */
export const systemRpm = judgeAt('rpm', cleanEnv, '/usr/lib/rpm');

/** rpm of other versions, built from source: those in /opt/rpm* and in the folders that SPECTRAIL_RPMS names, separated by colons. */
export const builtRpms: readonly Judge[] = [...(process.env['SPECTRAIL_RPMS']?.split(':') ?? []), ...['4.14', '4.16', '6', '6.1'].map((version) => `/opt/rpm${version.replace('.', '')}`)]
  .filter((prefix) => existsSync(`${prefix}/bin/rpm`))
  .map((prefix) => judgeAt(`${prefix}/bin/rpm`, { ...cleanEnv, LD_LIBRARY_PATH: `${prefix}/lib` }, `${prefix}/lib/rpm`))
  .filter((judge) => judge !== undefined);

let made: string | undefined;

/** An empty folder to run in, made when first asked for and removed at the end. */
function folder(): string {
  if (made === undefined) {
    const path = mkdtempSync(join(tmpdir(), 'spectrail-judge-'));
    made = path;
    process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  }
  return made;
}

/** Macro files that texts may load: good ones, and one of every kind of mistake. */
export function macroFiles(): readonly string[] {
  const texts: Readonly<Record<string, string>> = {
    good: '# comment\n%fileone 1\n%filetwo(x:) \\\n  [%1 %{-x*}]\\\n  more\n\n  %filethree {a\nb}\n%filefour %{expand:\n%{fileone}\n}\n%filefive %[1 +\n1]\nno macro\n%filesix a%%b \\{c',
    bad: '%filebad\n%1name x\n%fileopen %{x\n%fileafter 1\n',
    unspaced: '%filetight(x){%1}\n%filenext 2',
    empty: '',
    returns: '%filecr 1\r\n%filecrlf a \\\r\nb\r\n',
  };
  return Object.entries(texts).map(([name, text]) => {
    const path = join(folder(), `macros.${name}`);
    writeFileSync(path, text);
    return path;
  });
}

const answered = new Map<string, string>();

/** What a real shell answers: only `echo` with words that the generator wrote. */
function shell(command: string): string {
  let output = answered.get(command);
  if (output === undefined) {
    output = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: cleanEnv, cwd: folder() }).stdout;
    answered.set(command, output);
  }
  return output;
}

const anywhere = createFileReader();
/** Relative paths count from the folder rpm runs in. */
const files: FileReader = {
  read: (path, limit) => anywhere.read(resolve(folder(), path), limit),
  stat: (path) => (path === '' ? undefined : anywhere.stat(resolve(folder(), path))),
  list: (path) => anywhere.list(resolve(folder(), path)),
};

/** How often messages of a kind were given, and builtins called, by the expander so far. */
export const reachedCodes = new Map<string, number>();
export const reachedBuiltins = new Map<string, number>();

/** What the C library's getopt says by itself. */
const getoptLine = /^.*: (?:invalid option|option requires an argument) -- '[^]{1,2}'\n/gm;

/** A list of macros without those that rpm defines of itself before it reads any macro file. */
function withoutOwn(text: string): string {
  return text.replace(/^-11[:=] (?:_target|optflags).*\n/gm, '').replace(/^-20= warn\t/gm, '-20: warn\t').replace(/^(=+ active )\d+/gm, '$1');
}

const mark = '@@\x01';

/** One rpm process expands as many texts as it can: it ends at the first that fails, and another goes on behind it. `verbose` is its `-v`. */
export function judgeAll(judge: Judge, texts: readonly string[], verbose = false, perProcess = 200): Outcome[] {
  const outcomes: Outcome[] = [];
  let restart = 0;
  while (outcomes.length < texts.length) {
    if (outcomes.length >= restart + perProcess) restart = outcomes.length;
    const part = texts.slice(outcomes.length, restart + perProcess);
    const args = [...(verbose ? ['-v'] : []), '--macros', '/dev/null'];
    for (const text of part) args.push('--eval', `%{warn:${mark}}${mark}`, '--eval', text);
    const { stdout, stderr, status, signal } = spawnSync('stdbuf', ['-oL', judge.command, ...args], { encoding: 'utf8', env: judge.env, cwd: folder(), maxBuffer: 1 << 28, timeout: 60_000 });
    const outs = stdout.split(`${mark}\n`);
    const errs = stderr.split(`warning: ${mark}\n`);
    const done = outs.length - 1;
    for (let i = 1; i <= done; i++) {
      const failed = i === done && (status !== 0 || signal !== null);
      const out = outs[i]!;
      // rpm reads freed memory where a macro is undefined by its own arguments; what it prints then is no text.
      const garbled = out.includes('\ufffd');
      const crashed = garbled || (i === done && (signal !== null || (status ?? 0) > 128));
      // getopt's own line differs between C libraries; the shell's complaints are not rpm's.
      const err = (errs[i] ?? '').replace(/^sh: \d+: .*\n/gm, '').replace(getoptLine, '').replace(/(Unknown option )(?=error: |warning: |$)/g, '$1\n').replace(/(failed to load macro file [^\n]*?)(?=error: |warning: )/g, '$1\n').replace(/([^\n])$/, '$1\n');
      outcomes.push({ out: crashed ? '' : out, err: crashed ? '' : withoutOwn(err), failed, crashed });
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
export function expandAll({ version, configFolder }: Judge, texts: readonly string[], theirs: readonly Outcome[], verbose = false, perProcess = 200): Outcome[] {
  const outcomes: Outcome[] = [];
  const context = { ...plainContext(version), verbose, environment: cleanEnv, configFolder, files, processors: availableParallelism(), memory: Math.floor(totalmem() / 1048576), answers: { answer: ({ text }: MacroQuestion) => shell(text) } };
  // 4.14 can only be built without Lua today.
  const hasLua = rpmVersionNumber(version) >= rpmVersionNumber('4.15');
  const fresh = () => {
    // A state is made only for texts that use it: most do not.
    let state: Lua | undefined;
    const engine = () => (state ??= createLua({ rpmVersion: version, arch: 'x86_64', files, environment: cleanEnv, clock: systemClock, configFolder }));
    const lua: Lua = { get variables() { return state?.variables ?? new Map<string, string>(); }, run: (chunk, macros) => engine().run(chunk, macros), callFunction: (name, args, macros) => engine().callFunction(name, args, macros) };
    return new Expander(builtinTable(version), hasLua ? { ...context, lua } : context);
  };
  let expander = fresh();
  let restart = 0;
  for (const [i, text] of texts.entries()) {
    if (outcomes.length >= restart + perProcess) {
      restart = outcomes.length;
      expander = fresh();
    }
    const { text: result, failed, calls } = expander.expand(text);
    for (const { definition, name } of calls) if (definition?.site.kind === 'builtin') reachedBuiltins.set(name, (reachedBuiltins.get(name) ?? 0) + 1);
    if (theirs[i]!.crashed) {
      outcomes.push(theirs[i]!);
      restart = outcomes.length;
      expander = fresh();
      continue;
    }
    let out = '';
    let err = '';
    for (const { severity, code, text: message, place } of expander.takeMessages()) {
      reachedCodes.set(code, (reachedCodes.get(code) ?? 0) + 1);
      if (code === 'dump' || code === 'trace') err += `${withoutOwn(message)}\n`;
      else if (code === 'written') out += message;
      else if (code === 'written-error') err += message;
      else if (severity === 'notice') out += `${place}${message}\n`;
      else err += `${severity}: ${place}${message}\n`;
    }
    // rpm 6 prints no empty lines for what expands to nothing.
    const prints = !failed && (result !== '' || rpmVersionNumber(version) < rpmVersionNumber('6'));
    outcomes.push({ out: prints ? `${out}${result}\n` : out, err: err.replace(getoptLine, ''), failed, crashed: false });
    if (failed) {
      restart = outcomes.length;
      expander = fresh();
    }
  }
  return outcomes;
}

/** A text that gave something else than rpm gives. */
export interface Difference {
  readonly text: string;
  readonly rpm: Outcome;
  readonly ours: Outcome;
}

/** Every text whose outcome differs, with both outcomes. */
export function differences(judge: Judge, texts: readonly string[], verbose = false): Difference[] {
  const theirs = judgeAll(judge, texts, verbose);
  const ours = expandAll(judge, texts, theirs, verbose);
  return texts.flatMap((text, i) => (isDeepStrictEqual(ours[i], theirs[i]) || isKnown(text, judge.version) ? [] : [{ text, rpm: theirs[i]!, ours: ours[i]! }]));
}

/**
 * The same texts by the other ways into the engine, which must tell of them what `expand` tells: explained, as a bare
 * text, in a copied table that is gone back to, as a number, as a condition. What is wrong, one line each.
 */
export function otherWays({ version, configFolder }: Judge, texts: readonly string[]): string[] {
  const wrong: string[] = [];
  const fold = (text: string) => `${JSON.stringify(text)} ${version}`;
  const context = { ...plainContext(version), environment: cleanEnv, configFolder, files, answers: { answer: ({ text }: MacroQuestion) => shell(text) } };
  // Without Lua and commands first: they are asked for then.
  const asking = new Expander(builtinTable(version), { ...context, answers: { answer: () => undefined } });
  const expander = new Expander(builtinTable(version), context);
  const site = () => ({ kind: 'command-line' }) as const;
  for (const [i, text] of texts.entries()) {
    if (i % 50 === 0) expander.restore(builtinTable(version));
    expander.table.touched = new Set();
    asking.restore(builtinTable(version));
    const asked = asking.expandText(text);
    const questions = asking.takePending();
    if (asked.tainted !== questions.length > 0) wrong.push(`questions without a taint: ${fold(text)}`);
    asking.takeMessages();
    const before = expander.table.copy();
    const steps = expander.explain(text);
    if (!expander.table.equals(before) || expander.takeMessages().length > 0) wrong.push(`an explanation left something behind: ${fold(text)}`);
    const { text: value, failed } = expander.expand(text, { site });
    const after = expander.table.copy();
    const changed = expander.takeChanges().length > 0;
    const names = after.differences(before, 1000) ?? ['?'];
    if (!changed && names.length > 0 && !names.every((name) => name.startsWith('__file'))) wrong.push(`changed without telling: ${names.join(' ')} in ${fold(text)}`);
    if (!failed && text.includes('%{') && value !== text && steps.length === 0 && !text.startsWith('%{}') && !value.includes('%')) wrong.push(`no steps: ${fold(text)}`);
    expander.takeMessages();
    expander.restore(before);
    if (!expander.table.equals(before)) wrong.push(`not gone back: ${fold(text)}`);
    const again = expander.expandText(text, site);
    if (again.text !== value || again.failed !== failed) wrong.push(`another value as bare text: ${fold(text)}`);
    if (!expander.table.equals(after) && text.indexOf('lua') < 0) wrong.push(`another table as bare text: ${fold(text)}`);
    const adopted = before.copy();
    adopted.adopt(names, after);
    if (names.length < 900 && adopted.differences(after, 1000)?.length !== 0) wrong.push(`adopted otherwise: ${fold(text)}`);
    expander.takeMessages();
    const number = expander.expandNumber(value.replaceAll('%', ''));
    if (!Number.isInteger(number)) wrong.push(`no number: ${fold(text)}`);
    const expression = /^%\[([^]*)\]$/.exec(text)?.[1];
    if (expression !== undefined && expander.features.expressions && !failed && !/\]|v"/.test(expression)) {
      const truth = expander.condition(expression, true);
      const shown = expander.expressionText(expression, true);
      if (shown !== undefined && shown !== value) wrong.push(`another value as an expression: ${fold(text)}`);
      if (truth !== undefined && shown !== undefined && truth !== (shown !== '0' && shown !== '')) wrong.push(`another truth: ${fold(text)}`);
      expander.takeMessages();
    }
    const defined = /^%define ((\w+)[^%\n]*)$/.exec(text);
    if (defined !== null && !failed) {
      expander.restore(before);
      const good = expander.define(defined[1]!, 0, site());
      if (good && (!expander.table.has(defined[2]!) || !expander.table.equals(after))) wrong.push(`defined otherwise: ${fold(text)}`);
      expander.undefine(defined[2]!);
      if (good && expander.table.get(defined[2]!) !== before.get(defined[2]!)) wrong.push(`not undefined: ${fold(text)}`);
      expander.takeMessages();
    }
  }
  for (const file of macroFiles()) {
    expander.restore(builtinTable(version));
    const good = expander.loadFile(file);
    const byFile = expander.table.copy();
    const messages = expander.takeMessages().map(({ text }) => text);
    expander.restore(builtinTable(version));
    const { failed } = expander.expandText(`%{load:${file}}`);
    const byText = expander.takeMessages().map(({ text }) => text);
    if (!byFile.equals(expander.table) || good === failed || messages.some((text) => !byText.includes(text))) wrong.push(`loaded otherwise: ${file} ${version}`);
  }
  return wrong;
}
