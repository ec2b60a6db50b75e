/** `spectrail rpmspec`: what rpmspec prints, without rpm and without running anything of the spec. */
import { dirname, join, resolve } from 'node:path';
import { HostError } from '../../core/host.js';
import { macroPathFiles } from '../../core/macros/index.js';
import { type Answerer, type Evaluation, type EvaluationInputs, type EvaluationProblem, KnownAnswers, evaluateWithAnswers, query } from '../../core/spec/index.js';
import { type Target, defaultTarget } from '../../core/targets/index.js';
import { decodeText, encodeText } from '../../core/text/index.js';
import { autoRelease, autoReleaseDefinitions, readPackageFiles, usesHistory } from '../../core/workspace/index.js';
import { type Command, type CommandIo, UsageError } from '../command.js';
import { historyOf } from '../history.js';
import { targetNamed } from '../targets.js';

const help = `usage: spectrail rpmspec [-P | -q | --shell] [OPTION...] SPEC...

Prints what rpmspec prints, on machines with and without rpm. Shell commands in macros are answered by a simulated
shell and Lua by an interpreter of its own: nothing is executed, nothing outside is touched. '-' is standard input.

  -P, --parse              print the expanded spec
  -q, --query              query the packages the spec makes
      --shell              expand lines of standard input with the macros of the spec, each shown behind a prompt

What is queried:
      --rpms               all binary packages (default)
      --builtrpms          those that have a %files section
      --srpm               the source package

What is printed of them:
      --qf, --queryformat F
                           this format: '%{NAME} %{EVR}\\n', '[%{REQUIRES}\\n]', ...
      --requires, --provides, --conflicts, --obsoletes, --recommends, --suggests, --supplements, --enhances
      --buildrequires, --buildconflicts
                           of the source package

What is assumed:
  -D, --define 'M BODY'    define a macro; --undefine M takes one away
      --with X, --without X
                           switch a build condition on or off
      --macros PATHS       read these macro files instead of the built-in facts: patterns, separated by colons
      --load FILE          read one more macro file
      --target ARCH        for another architecture, as aarch64 or aarch64-linux
      --for TARGET         whose facts and which version of rpm: fedora-43, el9, ... (default: ${defaultTarget})
  -E, --eval TEXT          print what TEXT expands to, before anything else

Status: 0, or the number of specs that rpm would refuse (at most 254), or 2 where the command could not run.
`;

const listFormat = (kind: string) => `[%{${kind}NEVRS}\\n]`;

/** Options that name what to print. */
const lists: Readonly<Record<string, string>> = {
  requires: 'REQUIRE', provides: 'PROVIDE', conflicts: 'CONFLICT', obsoletes: 'OBSOLETE', recommends: 'RECOMMEND', suggests: 'SUGGEST', supplements: 'SUPPLEMENT', enhances: 'ENHANCE',
};

const valued = new Set(['queryformat', 'qf', 'define', 'undefine', 'with', 'without', 'macros', 'load', 'target', 'for', 'eval', 'scm', 'buildpolicy', 'rcfile', 'root', 'dbpath']);
const shortValued: Readonly<Record<string, string>> = { D: 'define', E: 'eval', r: 'root' };

interface Request {
  mode: 'parse' | 'query' | 'shell' | undefined;
  of: 'rpms' | 'builtrpms' | 'srpm';
  format: string | undefined;
  readonly definitions: string[];
  readonly undefine: string[];
  readonly with: string[];
  readonly without: string[];
  readonly load: string[];
  readonly evals: string[];
  macroPath: string | undefined;
  arch: string | undefined;
  targetName: string;
  readonly specs: string[];
}

export const rpmspec: Command = {
  name: 'rpmspec',
  summary: 'Print what rpm makes of a spec, as rpmspec',
  help,
  async run(args, io) {
    const request = readArguments(args);
    const target = targetNamed(io, 'rpmspec', request.targetName, request.arch);
    const known = new KnownAnswers();
    const shell = io.host.shell({ arch: target.arch, wordSize: /64|s390x/.test(target.arch) ? 64 : 32, processors: io.host.machine.processors });
    const unanswered = new Set<string>();
    const answerer: Answerer = {
      async shell(command) {
        const { output, understood } = await shell(command, io.cancellation);
        if (understood) return output;
        unanswered.add(command);
        return undefined;
      },
      loadLua: () => io.host.lua(),
    };
    const evaluateText = async (text: string, name: string, folder: string) => {
      const inputs = inputsFor(request, target, name, folder, io);
      // The command line comes last, so that it wins.
      const fromHistory = name === 'none' || name === 'stdin' || !usesHistory(text) || request.macroPath !== undefined ? [] : await historyDefinitions(text, name, target, io);
      return evaluateWithAnswers(text, { ...inputs, definitions: [...fromHistory, ...(inputs.definitions ?? [])] }, known, answerer);
    };

    if (request.evals.length > 0) {
      const empty = await evaluateText('', 'none', io.cwd);
      for (const text of request.evals) io.out(`${empty.expand(text)}\n`);
      if (request.specs.length === 0 && request.mode === undefined) return 0;
    }
    let refused = 0;
    if (request.mode === 'shell' && request.specs.length === 0) return macroShell(await evaluateText('', 'none', io.cwd), target, io);
    if (request.specs.length === 0) throw new UsageError(`rpmspec: no arguments given for ${request.mode === 'query' ? 'query' : 'parse'}`);
    if (request.mode === undefined) throw new UsageError('rpmspec: say what to do: -P prints the expanded spec, -q queries its packages');
    for (const path of request.specs) {
      const { text, encoding, name, folder } = await readSpec(path, io);
      const evaluation = await evaluateText(text, name, folder);
      report(evaluation.problems, io);
      if (!evaluation.accepted) {
        if (request.mode === 'query') io.err(`error: query of specfile ${path} failed, can't parse\n`);
        refused++;
        continue;
      }
      if (request.mode === 'parse') io.out(encodeText({ text: evaluation.expanded.text, encoding }));
      else if (request.mode === 'shell') await macroShell(evaluation, target, io);
      else {
        const result = query(evaluation, { of: request.of, ...(request.format === undefined ? {} : { format: request.format }) });
        io.err(result.errors.map((error) => `error: ${error}\n`).join(''));
        io.out(encodeText({ text: result.text, encoding }));
      }
    }
    for (const command of unanswered) io.err(`warning: a program in %(${command}) is not simulated; it counts as having printed nothing\n`);
    return Math.min(refused, 254);
  },
};

function readArguments(args: readonly string[]): Request {
  const request: Request = { mode: undefined, of: 'rpms', format: undefined, definitions: [], undefine: [], with: [], without: [], load: [], evals: [], macroPath: undefined, arch: undefined, targetName: defaultTarget, specs: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      request.specs.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      request.specs.push(arg);
      continue;
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const name = arg.slice(2, equals < 0 ? undefined : equals);
      const value = !valued.has(name) ? undefined : equals >= 0 ? arg.slice(equals + 1) : args[++i];
      if (valued.has(name) && value === undefined) throw new UsageError(`rpmspec: ${arg}: missing argument`);
      follow(request, name, value, arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      const name = shortValued[letter];
      if (name !== undefined) {
        const value = at + 1 < arg.length ? arg.slice(at + 1).replace(/^=/, '') : args[++i];
        if (value === undefined) throw new UsageError(`rpmspec: -${letter}: missing argument`);
        follow(request, name, value, arg);
        break;
      }
      follow(request, { P: 'parse', q: 'query', v: 'verbose' }[letter] ?? letter, undefined, arg);
    }
  }
  return request;
}

function follow(request: Request, name: string, value: string | undefined, written: string): void {
  switch (name) {
    case 'parse':
    case 'query':
    case 'shell':
      request.mode = name;
      return;
    case 'rpms':
    case 'builtrpms':
    case 'srpm':
      request.of = name;
      return;
    case 'qf':
    case 'queryformat':
      request.format = value;
      return;
    case 'buildrequires':
    case 'buildconflicts':
      request.of = 'srpm';
      request.format = listFormat(lists[name.slice('build'.length)]!);
      return;
    case 'define':
      request.definitions.push(value!);
      return;
    case 'undefine':
    case 'with':
    case 'without':
    case 'load':
      request[name].push(value!);
      return;
    case 'eval':
      request.evals.push(value!);
      return;
    case 'scm':
      request.definitions.push(`__scm ${value!}`);
      return;
    case 'nodebuginfo':
      request.definitions.push('debug_package %{nil}');
      return;
    case 'macros':
      request.macroPath = value;
      return;
    case 'target':
      request.arch = value!.split('-')[0]!;
      return;
    case 'for':
      request.targetName = value!;
      return;
    // What concerns rpm's database and plugins makes no difference here.
    case 'verbose':
    case 'quiet':
    case 'noplugins':
    case 'nodigest':
    case 'nosignature':
    case 'rcfile':
    case 'root':
    case 'dbpath':
    case 'buildpolicy':
      return;
    default:
      if (Object.hasOwn(lists, name)) request.format = listFormat(lists[name]!);
      else throw new UsageError(`rpmspec: ${written}: unknown option`);
  }
}

function inputsFor(request: Request, target: Target, name: string, folder: string, io: CommandIo): EvaluationInputs {
  const files = io.host.files();
  const home = io.env['HOME'] ?? '/';
  const macroFiles = request.macroPath === undefined ? undefined : macroPathFiles(request.macroPath.replaceAll('%{_target}', `${target.arch}-linux`), files, home, target.rpmVersion);
  if (macroFiles?.length === 0) throw new HostError('no-macro-files', `no macro file is found by ${request.macroPath!}; check the paths behind --macros`);
  for (const file of request.load) if (files.stat(resolve(io.cwd, file)) === undefined) throw new HostError('no-macro-file', `cannot read the macro file ${file}; check the path behind --load`);
  const load = request.load.map((file) => resolve(io.cwd, file));
  return {
    target,
    specName: name,
    folder,
    files: io.host.files(readableFolders(request, name, [...(macroFiles ?? []), ...load], home, io)),
    definitions: request.definitions,
    undefine: request.undefine,
    with: request.with,
    without: request.without,
    load,
    environment: io.env,
    clock: io.host.clock,
    cancellation: io.cancellation,
    processors: io.host.machine.processors,
    ...(macroFiles === undefined ? {} : { macroFiles }),
  };
}

/**
 * What a spec may read, whatever it says: its package, and the folders of the macro files and of the sources that were
 * named on the command line. Of a folder that holds more than macros only the macro files themselves.
 */
function readableFolders(request: Request, name: string, macroFiles: readonly string[], home: string, io: CommandIo): string[] {
  const folders = new Set<string>(macroFiles.map((file) => (['/', '/etc', home].includes(dirname(file)) ? file : dirname(file))));
  if (name === 'none' || name === 'stdin') folders.add(io.cwd);
  else {
    const { specFolder, sourceFolder } = readPackageFiles(resolve(io.cwd, name), io.host.files());
    folders.add(specFolder).add(sourceFolder);
  }
  for (const definition of request.definitions) {
    const given = /^_(sourcedir|topdir)[ \t]+(\/[^%]*)$/.exec(definition);
    if (given !== null) folders.add(given[1] === 'topdir' ? join(given[2]!, 'SOURCES') : given[2]!);
  }
  return [...folders];
}

/** What the package's git history makes of %autorelease and %autochangelog. */
async function historyDefinitions(text: string, path: string, target: Target, io: CommandIo): Promise<readonly string[]> {
  const { history, user } = await historyOf(resolve(io.cwd, path), io.host, io.cancellation);
  return autoReleaseDefinitions(autoRelease(text, history, { target, now: io.host.clock.now(), user }), target);
}

async function readSpec(path: string, io: CommandIo) {
  if (path === '-') return { ...decodeText(await io.readStdin()), name: 'stdin', folder: io.cwd };
  const absolute = resolve(io.cwd, path);
  const bytes = io.host.files().read(absolute);
  if (bytes === undefined) throw new HostError('unreadable', `cannot open ${path}: ${io.host.files().stat(absolute)?.kind === 'directory' ? `it is a folder; name the spec in it` : `there is no such readable file; check the name`}`);
  // A spec and what it includes are looked for where rpm would look: from the folder it is run in.
  return { ...decodeText(bytes), name: path, folder: io.cwd };
}

/** What rpm says while it reads: notices (`%{echo:}`) to its standard output, all else to its standard error. */
function report(problems: readonly EvaluationProblem[], io: CommandIo): void {
  for (const { severity, code, message } of problems) {
    if (code === 'rpm-notice/written') io.out(message);
    else if (code === 'rpm-notice/written-error') io.err(message);
    else if (severity === 'information') io.out(`${message}\n`);
    else io.err(`${severity === 'hint' ? 'warning' : severity}: ${message}\n`);
  }
}

/** Expands each line of standard input, as rpm's macro shell does when it is not typed at: readline shows its prompt and the line there too. */
async function macroShell(evaluation: Evaluation, { rpmVersion }: Target, io: CommandIo): Promise<number> {
  io.err(`RPM version ${rpmVersion} macro shell\n`);
  const { text } = decodeText(await io.readStdin());
  const expand = evaluation.session();
  for (const line of text.split('\n').filter((one, index, all) => index + 1 < all.length || one !== '')) {
    io.out(`> ${line}\n`);
    const expanded = expand(line);
    for (const { severity, code, place, text: words } of expanded.messages) {
      if (code === 'written') io.out(words);
      else if (code === 'written-error') io.err(words);
      else if (severity === 'notice') io.out(`${words}\n`);
      else io.err(`${severity}: ${place}${words}\n`);
    }
    if (expanded.text !== '') io.out(`${expanded.text}\n`);
  }
  io.out('> ');
  return 0;
}
