import { basename, dirname, join, relative, resolve } from 'node:path';
import { HostError, type LuaFactory } from '../../core/host.js';
import { type FolderFacts, type TracedPatch, lockFileName } from '../../core/patches/index.js';
import { type Settings, readSettings } from '../../core/settings.js';
import { KnownAnswers, evaluateWhole, evaluateWithAnswers } from '../../core/spec/index.js';
import { decodeText } from '../../core/text/index.js';
import { lockPath, packageTracing, readPackageFiles, traceRequest } from '../../core/workspace/index.js';
import { type CommandIo, UsageError } from '../command.js';
import { catalogueOf } from '../targets.js';
import { findPackage } from './findPackage.js';

/** A package whose patches are to be traced or decided about. */
export interface ReadPackage {
  /** As messages name it: relative to where one stands. Undefined for patches without a spec. */
  readonly spec: string | undefined;
  readonly package: { readonly name: string | undefined; readonly version: string | undefined };
  /** Repositories that files of the package name as upstream, the likeliest first, with what says so. */
  readonly upstreams: FolderFacts['upstreams'];
  /** Number of the target's release, for places that are known by name. */
  readonly release: string | undefined;
  readonly patches: readonly TracedPatch[];
  /** Whether the package has other patches besides. */
  readonly isPart: boolean;
  /** Absolute path of each patch; undefined where the file is not there. */
  readonly paths: readonly (string | undefined)[];
  /** Whether %prep applies each; undefined where nobody can say. */
  readonly applied: readonly (boolean | undefined)[];
  /** False where rpm refuses the spec: what stands behind the refusal is not known. */
  readonly isWhole: boolean;
  /** Absolute path of the lock, whether it is there or not. */
  readonly lock: string;
  readonly settings: Settings;
  /** Folder that places of the settings count from. */
  readonly settingsFolder: string;
}

/** Reads the package behind a path of the command line: its spec for a target, or a folder of patches. What is wrong in its settings is told on standard error. */
export async function readPackage(io: CommandIo, path: string, targetName: string | undefined): Promise<ReadPackage> {
  const { host } = io;
  const files = host.files();
  const found = findPackage(path, io.cwd, files);
  const folder = found.kind === 'spec' ? dirname(found.spec) : found.folder;
  const { settings, file: settingsFile, problems } = readSettings(files, folder);
  for (const { file, position, message } of problems) io.err(`spectrail: ${relative(io.cwd, file) || file}${position === undefined ? '' : `:${position.line + 1}`}: ${message}\n`);
  const common = { settings, settingsFolder: settingsFile === undefined ? folder : dirname(settingsFile) };
  if (found.kind === 'patches') {
    const paths = found.files.map((name) => resolve(found.folder, name));
    return {
      ...common,
      spec: undefined,
      package: { name: found.facts.name, version: found.facts.version },
      release: undefined,
      isPart: found.isPart === true,
      upstreams: found.facts.upstreams,
      patches: found.files.map((name, i) => ({ fileName: name, number: undefined, bytes: files.read(paths[i]!), context: { fileName: basename(name) } })),
      paths,
      applied: found.files.map(() => undefined),
      isWhole: true,
      lock: join(found.folder, lockFileName),
    };
  }
  const spec = relative(io.cwd, found.spec) || basename(found.spec);
  const bytes = files.read(found.spec);
  if (bytes === undefined) throw new HostError('file-unreadable', `${spec}: cannot be read, or is too large for a spec`);
  const { text } = decodeText(bytes);
  const layout = readPackageFiles(found.spec, files);
  const name = targetName ?? settings.targets[0] ?? 'fedora-43';
  const target = catalogueOf(io).find(name);
  if (!('target' in target)) throw new UsageError(target.message + (target.nearest === undefined ? '' : `; did you mean '${target.nearest}'?`));
  const { arch } = target.target;
  const shell = host.shell({ arch, wordSize: /64|s390x/.test(arch) ? 64 : 32, processors: host.machine.processors });
  const inputs = {
    target: target.target,
    definitions: Object.entries(settings.define).map(([macro, body]) => `${macro} ${body}`),
    with: settings.with,
    without: settings.without,
    files: host.files([...new Set([layout.specFolder, layout.sourceFolder])]),
    specName: found.spec,
    folder: layout.specFolder,
    environment: {},
    clock: host.clock,
    cancellation: io.cancellation,
  };
  const answers = new KnownAnswers();
  let lua: LuaFactory | undefined;
  const strict = await evaluateWithAnswers(text, inputs, answers, {
    async shell(command) {
      const { output, understood } = await shell(command, io.cancellation);
      return understood ? output : undefined;
    },
    loadLua: async () => (lua = await host.lua()),
  });
  // rpm stops at its first error; the patches behind it are there all the same.
  const evaluation = strict.accepted ? strict : evaluateWhole(text, { ...inputs, answers, ...(lua === undefined ? {} : { lua }) }, strict);
  if (!strict.accepted) io.err(`spectrail: ${spec}: rpm refuses this spec for ${name} ('spectrail lint --for ${name}' says why); its patches are told as far as it can be read\n`);
  const tracing = packageTracing(text, evaluation, layout);
  for (const { fileName, incomplete } of tracing.patches) if (incomplete) io.err(`spectrail: ${spec}: the name of patch ${fileName} holds a macro that ${name} does not define; give another --for, or define it in spectrail.toml\n`);
  return {
    ...common,
    spec,
    package: tracing.package,
    release: tracing.release,
    isPart: false,
    upstreams: tracing.upstreams,
    patches: traceRequest(tracing, files, { upstreams: [], carriers: [], network: () => 'never' }).patches,
    paths: tracing.patches.map(({ path: file }) => file),
    // Of a spec that rpm refuses, nobody can say what lies behind the place where it stopped.
    applied: tracing.patches.map(({ order }) => (order !== undefined ? true : strict.accepted ? false : undefined)),
    isWhole: strict.accepted,
    lock: lockPath(found.spec, files),
  };
}
