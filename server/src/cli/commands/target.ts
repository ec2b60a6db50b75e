/** `spectrail target`: what is known of distributions, and importing whole macro sets. */
import { basename, resolve } from 'node:path';
import { HostError } from '../../core/host.js';
import { type DefinitionSite, defaultLimits, noAnswers, rpmVersionNumber } from '../../core/macros/index.js';
import {
  type Collected, type KeptMacroSet, type MacroInTarget, type NamedPackage, type RepositoryFiles, type Target, architectures, collectFolder, collectImage, collectPackages, collectRepository, describeMacroIn, diffTargets, filesOfTarget,
  findTarget, forgetWork, rpmVersionIn, setNamePattern, setsFolder, targetExpander,
} from '../../core/targets/index.js';
import { type Evaluation, differencesOf } from '../../core/spec/index.js';
import { LineIndex, nearest } from '../../core/text/index.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';
import { evaluateSpec, readSpecText } from '../evaluateSpec.js';
import { catalogueOf, targetNamed } from '../targets.js';

const help = `usage: spectrail target list [--json]
       spectrail target show TARGET [MACRO...] [--json]
       spectrail target diff TARGET TARGET [MACRO...] [--values] [--json]
       spectrail target compare SPEC --for TARGET,TARGET... [--define 'NAME BODY'] [--with X] [--without X] [--json]
       spectrail target import NAME SOURCE... [OPTION...]
       spectrail target remove NAME

A target is a distribution and release that specs are read for. Without more, Spectrail knows what its releases are called,
which rpm they have and where things lie there. An imported target has every macro file of that distribution.

  list     known releases, imported targets, this machine
  show     what a target knows; of a macro its value, its definition and where that stands
  diff     macros that two targets define differently
  compare  what a spec means differently for several targets, with the lines that cause it
  import   reads the macro files of a distribution into the cache, as target NAME; a SOURCE is
             this                 the rpm of this machine
             FOLDER               a chroot or an unpacked container; or a folder of .rpm files
             IMAGE.tar            an OCI image, what 'docker save' writes, or the tar of a root folder
             PACKAGE.rpm ...      packages
             URL                  an rpm repository (http or https); those of its packages that carry macro files are
                                  fetched, and no others
           Nothing is unpacked and nothing is run. Of several sources the later ones count.
  remove   forgets an imported target

      --json                print JSON
      --values              compare what macros give instead of how they are defined
      --arch ARCH           architecture of the packages wanted, and of the target where nobody names one (default: this machine's)
      --label TEXT          what the target is called for people
      --rpm-version V       version of rpm, where the source does not tell it
      --package-limit MB    leave out larger packages of a repository (default: 16)
      --quiet               no progress

An imported target named like a known release (fedora-43, el9) takes its place. Names stand behind --for and in
spectrail.toml; NAME/ARCH is the same for another architecture.

Status: 0, or 1 where diff or compare found differences, or show a macro that is not defined, or 2 where the command could not run.
`;

interface Options {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly values: boolean;
  readonly quiet: boolean;
  readonly arch: string | undefined;
  readonly label: string | undefined;
  readonly rpmVersion: string | undefined;
  readonly packageLimit: number;
  readonly targets: readonly string[];
  readonly definitions: readonly string[];
  readonly with: readonly string[];
  readonly without: readonly string[];
}

export const target: Command = {
  name: 'target',
  summary: 'List, show, compare and import targets',
  help,
  async run(args, io) {
    const [verb, ...rest] = args;
    const options = readOptions(rest);
    switch (verb) {
      case 'list':
        return list(options, io);
      case 'show':
        return show(options, io);
      case 'diff':
        return diff(options, io);
      case 'compare':
        return compare(options, io);
      case 'import':
        return importTarget(options, io);
      case 'remove':
        return remove(options, io);
      default: {
        const guess = verb === undefined ? undefined : nearest(verb, ['list', 'show', 'diff', 'compare', 'import', 'remove']);
        throw new UsageError(verb === undefined ? 'target: say what to do: list, show, diff, compare, import or remove' : `target: there is no '${verb}'${guess === undefined ? '' : `; did you mean '${guess}'?`}`);
      }
    }
  },
};

function readOptions(args: readonly string[]): Options {
  const words: string[] = [];
  const values: Record<string, string | undefined> = {};
  const lists = { for: [] as string[], define: [] as string[], with: [] as string[], without: [] as string[] };
  const flags = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] === '-D' ? '--define' : args[i]!;
    if (!arg.startsWith('--')) {
      words.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    if (['json', 'values', 'quiet'].includes(name)) flags.add(name);
    else if (['arch', 'label', 'rpm-version', 'package-limit'].includes(name)) {
      values[name] = equals >= 0 ? arg.slice(equals + 1) : args[++i];
      if (values[name] === undefined) throw new UsageError(`target: ${arg} needs a value`);
    } else if (Object.hasOwn(lists, name)) {
      const value = equals >= 0 ? arg.slice(equals + 1) : args[++i];
      if (value === undefined) throw new UsageError(`target: ${arg} needs a value`);
      lists[name as 'for'].push(...(name === 'for' ? value.split(',').filter((one) => one !== '') : [value]));
    } else throw new UsageError(`target: there is no option ${arg}`);
  }
  const megabytes = Number(values['package-limit'] ?? 16);
  if (!(megabytes > 0)) throw new UsageError(`target: --package-limit wants megabytes, not '${values['package-limit']}'`);
  const arch = values['arch'];
  if (arch !== undefined && !(architectures as readonly string[]).includes(arch)) throw new UsageError(`target: unknown architecture '${arch}'; known are ${architectures.join(', ')}`);
  const rpmVersion = values['rpm-version'];
  if (rpmVersion !== undefined && !(/^\d+\.\d+(\.\d+)*$/.test(rpmVersion) && rpmVersionNumber(rpmVersion) >= rpmVersionNumber('4.11') && rpmVersionNumber(rpmVersion) < rpmVersionNumber('7'))) throw new UsageError(`target: '${rpmVersion}' is no version of rpm that is known; known are 4.11 to 6.1`);
  return { words, json: flags.has('json'), values: flags.has('values'), quiet: flags.has('quiet'), arch, label: values['label'], rpmVersion, packageLimit: megabytes * 2 ** 20, targets: lists.for, definitions: lists.define, with: lists.with, without: lists.without };
}

function list({ json }: Options, io: CommandIo): number {
  const targets = catalogueOf(io).list();
  if (json) {
    io.out(`${JSON.stringify({ version: 1, targets }, undefined, 2)}\n`);
    return exitStatus.clean;
  }
  const width = Math.max(...targets.map(({ id }) => id.length));
  for (const { id, label, rpmVersion, kind, imported } of targets) {
    const more = imported === undefined ? (kind === 'machine' ? '' : label) : `${label}: ${count(imported.files, 'macro file')}${imported.packages === 0 ? '' : ` of ${count(imported.packages, 'package')}`}, imported ${new Date(imported.time).toISOString().slice(0, 10)} from ${imported.source}`;
    io.out(`${id.padEnd(width)}  rpm ${rpmVersion.padEnd(9)} ${kind === 'machine' ? 'this machine' : more}\n`);
  }
  return exitStatus.clean;
}

function show({ words, json }: Options, io: CommandIo): number {
  const [name, ...macros] = words;
  if (name === undefined) throw new UsageError('target: show wants the name of a target');
  const found = targetNamed(io, 'target', name);
  const expander = expanderOf(found, io);
  if (macros.length === 0) {
    const { set } = found;
    const packages = [...new Set(set?.files.flatMap((file) => file.package ?? []) ?? [])];
    if (json) {
      const facts = found.macros.map((macro) => ({ name: macro.name, ...(macro.options !== undefined && { options: macro.options }), body: macro.body }));
      io.out(`${JSON.stringify({ version: 1, id: found.id, label: found.label, rpmVersion: found.rpmVersion, arch: found.arch, facts, ...(set !== undefined && { files: set.files.map(({ path, package: from }) => ({ path, ...(from !== undefined && { package: from }), read: set.order.includes(path) })) }) }, undefined, 2)}\n`);
      return exitStatus.clean;
    }
    io.out(`${found.id}: ${found.label}, rpm ${found.rpmVersion}, ${found.arch}\n`);
    for (const macro of found.macros) io.out(`  %${macro.name}${macro.options === undefined ? '' : `(${macro.options})`} ${oneLine(macro.body)}\n`);
    if (set !== undefined) {
      io.out(`${count(expander.table.size, 'macro')} out of ${count(set.order.length, 'macro file')}${packages.length === 0 ? '' : ` of ${count(packages.length, 'package')}`}:\n`);
      for (const path of set.order) {
        const from = set.files.find((file) => file.path === path)?.package;
        io.out(`  ${path}${from === undefined ? '' : `  ${from}`}\n`);
      }
    }
    return exitStatus.clean;
  }
  const described = macros.map((macro) => [macro.replace(/^%\{?|\}$/g, ''), describeMacroIn(found, expander, macro.replace(/^%\{?|\}$/g, ''))] as const);
  if (json) io.out(`${JSON.stringify({ version: 1, target: found.id, macros: described.map(([macro, one]) => one ?? { name: macro, defined: false }) }, undefined, 2)}\n`);
  else for (const [macro, one] of described) io.out(`%${macro}${one?.options === undefined ? '' : `(${one.options})`}\n${one === undefined ? `  not defined for ${found.id}\n` : inWords(one)}`);
  return described.every(([, one]) => one !== undefined) ? exitStatus.clean : exitStatus.findings;
}

function diff({ words, json, values }: Options, io: CommandIo): number {
  const [first, second, ...macros] = words;
  if (first === undefined || second === undefined) throw new UsageError('target: diff wants the names of two targets');
  const sides = [first, second].map((name) => {
    const found = targetNamed(io, 'target', name);
    return { target: found, expander: expanderOf(found, io) };
  });
  const [left, right] = [sides[0]!, sides[1]!];
  const wanted = new Set(macros.map((macro) => macro.replace(/^%\{?|\}$/g, '')));
  const differences = diffTargets(left, right, values).filter(({ name }) => wanted.size === 0 || wanted.has(name));
  if (json) io.out(`${JSON.stringify({ version: 1, left: left.target.id, right: right.target.id, rpmVersions: [left.target.rpmVersion, right.target.rpmVersion], macros: differences }, undefined, 2)}\n`);
  else {
    if (left.target.rpmVersion !== right.target.rpmVersion) io.out(`rpm ${left.target.rpmVersion} and ${right.target.rpmVersion}\n`);
    const width = Math.max(left.target.id.length, right.target.id.length);
    for (const { name, left: a, right: b } of differences) {
      io.out(`%${name}\n`);
      for (const [id, one] of [[left.target.id, a], [right.target.id, b]] as const) {
        const text = one === undefined ? 'not defined' : `${one.options === undefined ? '' : `(${one.options}) `}${oneLine(values ? (one.value ?? one.body) : one.body)}${whereWords(one) === '' ? '' : `   [${whereWords(one)}]`}`;
        io.out(`  ${id.padEnd(width)}  ${text}\n`);
      }
    }
  }
  return differences.length > 0 ? exitStatus.findings : exitStatus.clean;
}

async function compare(options: Options, io: CommandIo): Promise<number> {
  const [path] = options.words;
  if (path === undefined || options.words.length > 1) throw new UsageError('target: compare wants one spec');
  if (options.targets.length < 2) throw new UsageError('target: compare wants at least two targets, such as --for el9,fedora-43');
  const targets = options.targets.map((name) => targetNamed(io, 'target', name));
  const text = readSpecText(path, io);
  const evaluations: Evaluation[] = [];
  for (const one of targets) evaluations.push(await evaluateSpec(path, text, one, options, io));
  const lines = new LineIndex(text);
  const line = (offset: number) => lines.lineAt(offset) + 1;
  const differences = differencesOf(text, evaluations);
  if (options.json) {
    const data = differences.map(({ kind, subject, values, span, causes }) => ({
      kind, subject, ...(span !== undefined && { line: line(span.start) }), values: Object.fromEntries(targets.map(({ id }, i) => [id, values[i] ?? null])), causes: causes.map((cause) => ({ kind: cause.kind, line: line(cause.span.start), text: cause.text })),
    }));
    io.out(`${JSON.stringify({ version: 1, spec: path, targets: targets.map(({ id }) => id), differences: data }, undefined, 2)}\n`);
  } else {
    for (const { subject, values, span, causes } of differences) {
      io.out(`${span === undefined ? path : `${path}:${line(span.start)}`}: ${subject}\n`);
      // Targets that agree stand in one line.
      for (const value of new Set(values)) io.out(`  ${targets.filter((_, i) => values[i] === value).map(({ id }) => id).join(', ')}: ${value === undefined ? '-' : oneLine(value)}\n`);
      if (causes.length > 0) io.out(`  because of ${causes.map((cause) => `${cause.text.replaceAll('\n', ' ')} in line ${line(cause.span.start)}`).join(', ')}\n`);
    }
  }
  return differences.length > 0 ? exitStatus.findings : exitStatus.clean;
}

async function importTarget(options: Options, io: CommandIo): Promise<number> {
  const [name, ...sources] = options.words;
  if (name === undefined || sources.length === 0) throw new UsageError("target: import wants a name and a source, such as 'import fedora-43 https://.../Everything/x86_64/os/'");
  if (!setNamePattern.test(name)) throw new UsageError(`target: '${name}' is no name for a target; names are of lower-case letters, digits, '.', '_' and '-'`);
  const { host } = io;
  const arch = options.arch ?? host.machine.arch;
  const progress = options.quiet ? () => {} : (message: string) => io.err(io.outIsTerminal ? `\r\x1b[K${message.slice(0, io.columns - 1)}` : `${message}\n`);
  const collected = await collect(sources, { ...options, arch }, io, progress);
  if (!options.quiet && io.outIsTerminal) io.err('\r\x1b[K');
  const { files } = collected;
  if (files.length === 0) throw new HostError('no-macro-files', `no macro file is found in ${sources.join(', ')}`);
  const known = findTarget(name);
  const builtIn = 'target' in known ? known.target : undefined;
  const rpmVersion = options.rpmVersion ?? rpmVersionIn(files.map(({ path }) => path)) ?? collected.rpmVersion ?? builtIn?.rpmVersion;
  if (rpmVersion === undefined) throw new HostError('no-rpm-version', `nothing in ${sources.join(', ')} tells the version of rpm; say it with --rpm-version`);
  const set: KeptMacroSet = { version: 1, name, label: options.label ?? builtIn?.label ?? name, rpmVersion, arch: options.arch ?? collected.arch ?? arch, source: sources.map((source) => (/^https?:/.test(source) || source === 'this' ? source : resolve(io.cwd, source))).join(', '), imported: host.clock.now(), files };
  host.cacheFiles.write(`${setsFolder}/${name}.json`, new TextEncoder().encode(JSON.stringify(set)));
  for (const source of sources) if (/^https?:/i.test(source)) forgetWork(withSlash(source), { cache: host.cacheFiles, digest: host.digest });
  const packages = new Set(files.flatMap((file) => file.package ?? [])).size;
  for (const reason of collected.leftOut) io.err(`left out: ${reason}\n`);
  io.out(`${name}: ${count(files.length, 'file')}${packages === 0 ? '' : ` of ${count(packages, 'package')}`}, rpm ${rpmVersion}, ${set.arch}\n`);
  return exitStatus.clean;
}

async function collect(sources: readonly string[], { arch, packageLimit }: Options & { readonly arch: string }, io: CommandIo, progress: (message: string) => void): Promise<Collected> {
  const { host } = io;
  const parts: Collected[] = [];
  const packages: string[] = [];
  const takePackages = async (paths: readonly string[]): Promise<void> => {
    const named = paths.map((path): NamedPackage => ({ name: basename(path), bytes: () => host.files().read(path, 1 << 30) }));
    if (named.length > 0) parts.push(await collectPackages(named, host.archives, progress));
  };
  for (const source of sources) {
    if (/^https?:\/\//i.test(source)) {
      const location = withSlash(source);
      const files: RepositoryFiles = { location, get: (path, from) => host.http.get(location + path.split('/').map(encodeURIComponent).join('/'), { from, cancellation: io.cancellation }) };
      parts.push(await collectRepository(files, { arch, archives: host.archives, cache: host.cacheFiles, digest: host.digest, packageLimit, progress, cancellation: io.cancellation }));
      continue;
    }
    if (source === 'this') {
      parts.push(collectFolder(host.files(), '/'));
      continue;
    }
    const path = resolve(io.cwd, source);
    const stat = host.files().stat(path);
    if (stat === undefined) throw new HostError('unreadable', `cannot read ${source}: there is no such file or folder`);
    if (stat.kind === 'file') {
      if (path.endsWith('.rpm')) packages.push(path);
      else parts.push(await collectImage(host.stream(path), host.archives, { arch, progress }));
      continue;
    }
    const reader = host.files([path]);
    if (reader.stat(`${path}/repodata/repomd.xml`) !== undefined) {
      const files: RepositoryFiles = {
        location: path,
        async get(inner) {
          const size = reader.stat(`${path}/${inner}`)?.size;
          if (size === undefined) throw new HostError('unreadable', `the repository ${source} lacks ${inner}`);
          return { from: 0, size, bytes: host.stream(`${path}/${inner}`) };
        },
      };
      parts.push(await collectRepository(files, { arch, archives: host.archives, cache: host.cacheFiles, digest: host.digest, packageLimit, progress, cancellation: io.cancellation }));
      forgetWork(path, { cache: host.cacheFiles, digest: host.digest });
      continue;
    }
    const inFolder = reader.list(path).filter((entry) => entry.endsWith('.rpm') && !entry.endsWith('.src.rpm'));
    if (inFolder.length > 0) await takePackages(inFolder.map((entry) => `${path}/${entry}`));
    else parts.push(collectFolder(reader, path));
  }
  await takePackages(packages);
  const files = new Map(parts.flatMap((part) => part.files.map((file) => [file.path, file] as const)));
  return {
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    rpmVersion: parts.find((part) => part.rpmVersion !== undefined)?.rpmVersion,
    arch: parts.find((part) => part.arch !== undefined)?.arch,
    leftOut: parts.flatMap((part) => part.leftOut),
  };
}

function remove({ words }: Options, io: CommandIo): number {
  const [name] = words;
  if (name === undefined || words.length > 1) throw new UsageError('target: remove wants the name of one imported target');
  if (!setNamePattern.test(name) || io.host.cacheFiles.read(`${setsFolder}/${name}.json`) === undefined) throw new UsageError(`target: there is no imported target '${name}'`);
  io.host.cacheFiles.remove(`${setsFolder}/${name}.json`);
  return exitStatus.clean;
}

function expanderOf(found: Target, io: CommandIo) {
  return targetExpander(found, { rpmVersion: found.rpmVersion, files: filesOfTarget(found, io.host.files([])), environment: {}, answers: noAnswers, configFolder: '/usr/lib/rpm', processors: io.host.machine.processors, memory: io.host.machine.memory, verbose: false, limits: defaultLimits });
}

function inWords(one: MacroInTarget): string {
  const value = one.value === undefined ? '' : `  value    ${oneLine(one.value)}\n`;
  const body = one.site.kind === 'builtin' ? '' : `  body     ${one.body.split('\n').join('\n           ')}\n`;
  return `${value}${one.body === one.value ? '' : body}  defined  ${whereWords(one) || siteWords(one.site)}\n`;
}

function whereWords({ site, package: from }: MacroInTarget): string {
  return site.kind === 'file' ? `${site.file}:${site.line + 1}${from === undefined ? '' : ` of ${from}`}` : '';
}

function siteWords(site: DefinitionSite): string {
  return site.kind === 'builtin' ? 'in rpm itself' : site.kind === 'target' ? `as a fact of ${site.target}` : site.kind === 'automatic' ? 'by rpm' : site.kind;
}

function oneLine(text: string): string {
  const shown = text.replaceAll('\n', '\\n');
  return shown.length > 160 ? `${shown.slice(0, 157)}...` : shown;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
