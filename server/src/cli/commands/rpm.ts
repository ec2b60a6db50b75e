/** `spectrail rpm`: what `rpm --eval` prints, without rpm and without running anything. */
import { AnswerBook, type Answers, type DefinitionSite, Expander, type ExplanationStep, type MacroQuestion, type MacroTable, commandLineSite, defaultLimits, macroLevel, macroPathFiles, rpmVersionNumber, settle } from '../../core/macros/index.js';
import { type Target, defaultTarget, defineTarget, filesOfTarget, packageOfFile, startTable } from '../../core/targets/index.js';
import { LineIndex } from '../../core/text/index.js';
import { evaluateSpec, readSpecText } from '../evaluateSpec.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';
import { targetNamed } from '../targets.js';

const help = `usage: spectrail rpm [OPTION...]

Prints what rpm prints for its own macro options, on machines with and without rpm. Shell commands in macros are
answered by a simulated shell and Lua by an interpreter of its own: nothing is executed, nothing outside is touched.

  -E, --eval TEXT       print what TEXT expands to
  -D, --define 'M BODY' define a macro; options of a parametric one stand behind its name: 'm(x:) BODY'
      --undefine M      take a macro's definition away
      --macros PATHS    read these macro files instead of the built-in facts: patterns, separated by colons
      --load FILE       read one more macro file
      --target ARCH     expand for another architecture, as aarch64 or aarch64-linux
      --showrc          show the architecture and the macro path, and list every macro with its level and body
      --for TARGET      whose facts and which version of rpm: fedora-43, el9, ... (default: ${defaultTarget})
      --rpm-version V   behave as this version of rpm, 4.11 to 6.1 (default: the target's)
      --explain TEXT    show the steps from TEXT to its value, each with the definition used and its place
      --spec FILE       explain with the macros as they stand in this spec: at its end,
      --line N          or before its line N
      --json            print explanations as JSON
  -v, --verbose         what %{verbose} asks for

Options are followed in their order, as rpm does: definitions count for what stands behind them.

Status: 0, or 1 where rpm would have failed, or 2 where the command could not run.
`;

interface Step {
  readonly option: 'eval' | 'define' | 'undefine' | 'load' | 'explain' | 'showrc';
  readonly value: string;
}

interface Request {
  readonly steps: readonly Step[];
  readonly target: Target;
  readonly rpmVersion: string;
  readonly macroPath: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly spec: string | undefined;
  readonly line: number | undefined;
}

interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly status: number;
  readonly pending: readonly MacroQuestion[];
}

const valued: Readonly<Record<string, string>> = { '-E': 'eval', '-D': 'define' };
const longValued = new Set(['eval', 'define', 'undefine', 'load', 'explain', 'macros', 'target', 'for', 'rpm-version', 'spec', 'line']);

export const rpm: Command = {
  name: 'rpm',
  summary: "Expand macros, as rpm's --eval",
  help,
  async run(args, io) {
    const request = readArguments(args, io);
    if (request.spec !== undefined) return inSpec(request, request.spec, io);
    const book = new AnswerBook();
    const { host } = io;
    const shell = host.shell({ arch: request.target.arch, wordSize: 64, processors: host.machine.processors });
    const outcome = await settle(() => perform(request, book, io), book, { shell, lua: () => host.lua() }, io.cancellation);
    io.err(outcome.err);
    io.out(outcome.out);
    return outcome.status;
  },
};

function readArguments(args: readonly string[], io: CommandIo): Request {
  const steps: Step[] = [];
  let targetName = defaultTarget;
  let arch: string | undefined;
  let macroPath: string | undefined;
  let rpmVersion: string | undefined;
  let verbose = false;
  let json = false;
  let spec: string | undefined;
  let line: number | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-v' || arg === '--verbose') {
      verbose = true;
      continue;
    }
    if (arg === '--json') {
      json = true;
      continue;
    }
    if (arg === '--showrc') {
      steps.push({ option: 'showrc', value: '' });
      continue;
    }
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const short = valued[arg.slice(0, 2)];
    const name = arg.startsWith('--') ? arg.slice(2, equals < 0 ? undefined : equals) : short;
    if (name === undefined || !longValued.has(name)) throw new UsageError(arg.startsWith('-') ? `rpm: unknown option '${arg}'` : `rpm: '${arg}' is no option; did you mean --eval '${arg}'?`);
    const attached = equals >= 0 ? arg.slice(equals + 1) : !arg.startsWith('--') && arg.length > 2 ? arg.slice(2) : undefined;
    const value = attached ?? args[++i];
    if (value === undefined) throw new UsageError(`rpm: option '${arg}' needs a value`);
    if (name === 'macros') macroPath = value;
    else if (name === 'target') arch = value.split('-')[0]!;
    else if (name === 'for') targetName = value;
    else if (name === 'rpm-version') rpmVersion = value;
    else if (name === 'spec') spec = value;
    else if (name === 'line') line = Number(value);
    else steps.push({ option: name as Step['option'], value });
  }
  if (line !== undefined && !(Number.isInteger(line) && line >= 1 && spec !== undefined)) throw new UsageError('rpm: --line wants the number of a line of the --spec');
  if (spec !== undefined && (macroPath !== undefined || rpmVersion !== undefined || steps.some(({ option }) => !['explain', 'define', 'eval'].includes(option)))) throw new UsageError('rpm: --spec goes with --explain, --eval, --define, --for and --target alone');
  if (steps.length === 0) throw new UsageError('rpm: nothing to do; try --eval TEXT');
  if (rpmVersion !== undefined && (!/^\d+\.\d+(\.\d+)*$/.test(rpmVersion) || rpmVersionNumber(rpmVersion) < rpmVersionNumber('4.11') || rpmVersionNumber(rpmVersion) >= rpmVersionNumber('7'))) {
    throw new UsageError(`rpm: '${rpmVersion}' is no version of rpm that is known; known are 4.11 to 6.1`);
  }
  const target = targetNamed(io, 'rpm', targetName, arch);
  return { steps, target, rpmVersion: rpmVersion ?? target.rpmVersion, macroPath, verbose, json, spec, line };
}

/** Follows the options from the start with the answers at hand. */
function perform({ steps, target, rpmVersion, macroPath, verbose, json }: Request, book: AnswerBook, io: CommandIo): Outcome {
  const files = macroPath === undefined ? filesOfTarget(target, io.host.files()) : io.host.files();
  const environment = io.env;
  const lua = book.lua?.({ rpmVersion, arch: target.arch, files, environment, clock: io.host.clock });
  const guesses = new Set<string>();
  const answers: Answers = {
    answer: (question) => {
      if (book.isGuess(question.text)) guesses.add(question.text);
      return book.answer(question);
    },
  };
  const expander = new Expander(startTable(target, macroPath === undefined ? { rpmVersion } : { rpmVersion, isBare: true }), { rpmVersion, files, environment, answers, lua, configFolder: '/usr/lib/rpm', ...io.host.machine, verbose, limits: defaultLimits });
  let out = '';
  let err = '';
  const report = () => {
    for (const { severity, code, place, text } of expander.takeMessages()) {
      if (code === 'trace') err += `${text}\n`;
      else if (code === 'written') out += text;
      else if (code === 'written-error') err += text;
      else if (severity === 'notice') out += `${place}${text}\n`;
      else err += `${severity}: ${place}${text}\n`;
    }
  };
  const done = (status: number): Outcome => {
    report();
    for (const command of guesses) err += `warning: a program in %(${command}) is not simulated; its answer is a guess\n`;
    return { out, err, status, pending: expander.takePending() };
  };
  if (macroPath === undefined) defineTarget(expander, target);
  else {
    for (const file of macroPathFiles(expander.expandText(macroPath).text, files, environment['HOME'] ?? '/', rpmVersion)) if (files.stat(file)?.kind === 'file') expander.loadFile(file);
  }
  for (const { option, value } of steps) {
    switch (option) {
      case 'define': {
        const blank = /[\s(]/.exec(value)?.index ?? value.length;
        const definition = (value.slice(0, blank).replaceAll('-', '_') + value.slice(blank)).replace(/^%/, '');
        if (!expander.define(definition, macroLevel.commandLine, commandLineSite)) return done(exitStatus.findings);
        break;
      }
      case 'undefine':
        if (!expander.undefine(value.replace(/^%/, ''))) return done(exitStatus.findings);
        break;
      case 'load':
        if (!expander.loadFile(value)) {
          report();
          err += `error: failed to load macro file ${value}\n`;
          return done(exitStatus.findings);
        }
        break;
      case 'showrc':
        report();
        out += `${machineHead(target, macroPath)}${dump(expander.table, expander.features.modifiers)}\n`;
        break;
      case 'explain':
        report();
        out += json ? explanationJson(value, expander.explain(value), target) : explanation(value, expander.explain(value), target);
        break;
      case 'eval': {
        const { text, failed } = expander.expand(value);
        report();
        if (failed) return done(exitStatus.findings);
        if (text !== '' || rpmVersionNumber(rpmVersion) < rpmVersionNumber('6')) out += `${text}\n`;
      }
    }
  }
  return done(exitStatus.clean);
}

/** Explains and expands with the macros of a spec, as far as the line before the one asked for. */
async function inSpec({ steps, target, json, line }: Request, path: string, io: CommandIo): Promise<number> {
  const whole = readSpecText(path, io);
  const lines = new LineIndex(whole);
  const text = line === undefined ? whole : whole.split('\n').slice(0, line - 1).map((one) => `${one}\n`).join('');
  const definitions = steps.filter(({ option }) => option === 'define').map(({ value }) => value);
  const evaluation = await evaluateSpec(path, text, target, { definitions, with: [], without: [] }, io);
  const at = { path, lineAt: (offset: number) => lines.lineAt(offset) };
  for (const { option, value } of steps) {
    if (option === 'eval') io.out(`${evaluation.expand(value)}\n`);
    else if (option === 'explain') io.out((json ? explanationJson : explanation)(value, evaluation.explain(value), target, at));
  }
  return exitStatus.clean;
}

/** A spec that definitions may stand in. */
interface SpecPlace {
  readonly path: string;
  lineAt(offset: number): number;
}

/** The steps as data: each with its depth, its value and the definition it used. */
function explanationJson(text: string, steps: readonly ExplanationStep[], target: Target, at?: SpecPlace): string {
  const data = steps.map(({ depth, use, kind, definition, value }) => ({
    depth, use, kind, value: value.replaceAll('\x1f', ''),
    ...(definition !== undefined && { definition: { name: definition.name, ...(definition.options !== undefined && { options: definition.options }), body: definition.body, literal: definition.literal, place: placeData(definition.site, target, at) } }),
  }));
  return `${JSON.stringify({ version: 1, text, target: target.id, steps: data }, undefined, 2)}\n`;
}

/** Where a definition stands; lines count from 1. */
function placeData(site: DefinitionSite, target: Target, at: SpecPlace | undefined): object {
  switch (site.kind) {
    case 'file': {
      const from = packageOfFile(target, site.file);
      return { kind: 'file', file: site.file, line: site.line + 1, ...(from !== undefined && { package: from }) };
    }
    case 'spec':
      return at === undefined ? { kind: 'text' } : { kind: 'spec', file: at.path, line: at.lineAt(site.span.start) + 1 };
    default:
      return site;
  }
}

/** What rpm shows before its macros, as far as it concerns them. */
function machineHead({ arch, set }: Target, macroPath: string | undefined): string {
  const path = macroPath ?? set?.path;
  return `ARCHITECTURE AND OS:\nbuild arch            : ${arch}\nbuild os              : Linux\ninstall arch          : ${arch}\ninstall os            : Linux\n\n${path === undefined ? '' : `Macro path: ${path}\n\n`}`;
}

function dump(table: MacroTable, showsModifiers: boolean): string {
  const lines = table.names().map((name) => {
    const { level, options, body, literal, oneShot } = table.get(name)!;
    const modifiers = !showsModifiers ? '' : oneShot ? '<o>' : literal ? '<l>' : '';
    return `${String(level).padStart(3)}: ${name}${modifiers}${options ? `(${options})` : ''}${body === '' ? '' : `\t${body}`}`;
  });
  return ['========================', ...lines, `======================== active ${table.size} empty 0`].join('\n');
}

/** Each step under the one it belongs to: the use, the definition and its place, the value. */
function explanation(text: string, steps: readonly ExplanationStep[], target: Target, at?: SpecPlace): string {
  if (steps.length === 0) return `${text}\n  no macro in it\n`;
  let result = '';
  for (const { depth, use, kind, definition, value } of steps) {
    const indent = '  '.repeat(depth);
    result += `${indent}${oneLine(use)}\n`;
    if (definition !== undefined) {
      result += `${indent}    ${definition.literal ? 'is' : 'defined'} ${place(definition.site, target, at)}`;
      if (!definition.literal && definition.site.kind !== 'builtin') result += `: ${oneLine(definition.body)}`;
      result += '\n';
    } else result += `${indent}    ${kind === 'macro' ? (use.includes('?') ? 'not defined' : 'not defined: left as it stands') : kind === 'shell' ? 'answered by the simulated shell' : 'an expression'}\n`;
    result += `${indent}    = ${oneLine(value)}\n`;
  }
  return result;
}

function place(site: DefinitionSite, target: Target, at?: SpecPlace): string {
  switch (site.kind) {
    case 'builtin': return 'in rpm itself';
    case 'automatic': return 'by rpm';
    case 'target': return `for target ${site.target}`;
    case 'command-line': return 'on the command line';
    case 'settings': return `in ${site.file}`;
    case 'file': {
      const from = packageOfFile(target, site.file);
      return `at ${site.file}:${site.line + 1}${from === undefined ? '' : ` of ${from}`}`;
    }
    case 'spec': return at === undefined ? 'in the text' : `at ${at.path}:${at.lineAt(site.span.start) + 1}`;
  }
}

function oneLine(text: string): string {
  const shown = text.replaceAll('\x1f', '').replaceAll('\n', '\\n');
  return shown.length > 160 ? `${shown.slice(0, 157)}...` : shown;
}
