import { basename, dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type GitOpenOptions, HostError, checkCancelled } from '../../core/host.js';
import { type Location, type PatchTrace, type PlaceFor, type TraceRequest, forgivingStore, knownPlaces, resolveLocation, tracePatches } from '../../core/patches/index.js';
import { readSettings } from '../../core/settings.js';
import { KnownAnswers, evaluateWithAnswers } from '../../core/spec/index.js';
import { findTarget } from '../../core/targets/index.js';
import { decodeText } from '../../core/text/index.js';
import { packageTracing, readPackageFiles, traceRequest } from '../../core/workspace/index.js';
import { type Command, UsageError, exitStatus } from '../command.js';
import { findPackage } from '../trace/findPackage.js';
import { type ReportedPatch, traceJson, traceText } from '../trace/report.js';

const help = `usage: spectrail trace [OPTION...] PACKAGE-OR-SPEC

Tells where each patch of a package comes from, whether what it says of itself is true, and who else carries it.
PACKAGE-OR-SPEC is a spec, a package's folder (flat, or with SPECS and SOURCES), a folder of patches, a quilt series,
or one patch.

  --upstream LOCATION             the project's git repository; may be given several times
  --carrier NAME=LOCATION#BRANCH  somebody who ships the package: a git repository with a branch for each release, a
                                  folder of source packages, a folder of patches; may be given several times
  --for TARGET                    which distribution the spec is evaluated for (default: as spectrail.toml says)
  --details                       explain every verdict: commits, hunks that differ, claims
  --json                          print JSON (format 1) instead of text
  --offline                       use only what is on this machine
  --refresh                       ask remote places whether they have moved
  --fetch                         also fetch the remote places that spectrail.toml names; without it only those given
                                  here are, since a settings file must not reach the network by itself
  --color WHEN                    always, never or auto

A LOCATION is a path, an https or ssh address, or the name of a known place (stream9, almalinux9, rocky9, openela9,
rawhide, ...; without its number, the target's release is meant). Remote places are copied into the cache folder (SPECTRAIL_CACHE). What was learned is kept there too:
while nothing has changed, the next run asks neither git nor the network.

Relations: same change (equal git patch id), rebased (the same lines), combined, adapted, partial, no origin.
Claims: confirmed, contradicted, unverifiable (the commit named is in none of the places searched), no claim.

Status: 0 when all went well, 1 when a patch is missing or contradicts its claim, 2 when it could not run or a place
could not be searched.
`;

export const trace: Command = {
  name: 'trace',
  summary: 'Tell where the patches of a package come from',
  help,
  async run(args, io) {
    const options = parse(args);
    const { host } = io;
    const files = host.files();
    const found = findPackage(options.path, io.cwd, files);
    const folder = found.kind === 'spec' ? dirname(found.spec) : found.folder;
    const { settings, file: settingsFile, problems } = readSettings(files, folder);
    for (const { file, position, message } of problems) io.err(`spectrail: ${relative(io.cwd, file) || file}${position === undefined ? '' : `:${position.line + 1}`}: ${message}\n`);
    const settingsFolder = settingsFile === undefined ? folder : dirname(settingsFile);
    const given = new Set<Location>();
    let network: GitOpenOptions['network'] = 'missing';
    if (options.offline) network = 'never';
    else if (options.refresh) network = 'refresh';
    const allow = (location: Location): GitOpenOptions['network'] => (given.has(location) || options.fetch ? network : 'never');
    /** Locations of the command line, else of the settings; the package's name is only known once its spec was read. */
    const locations = (asked: readonly string[], set: readonly string[], wanted: PlaceFor): Location[] =>
      (asked.length > 0 ? asked : set).map((text) => {
        const { location, error } = resolveLocation(text, asked.length > 0 ? io.cwd : settingsFolder, wanted);
        if (error !== undefined) throw new UsageError(`${text}: ${error}`);
        if (asked.length > 0) given.add(location);
        // A bare word that is no folder was meant as the name of a place.
        const word = text.slice(text.indexOf('=') + 1);
        if (location.kind === 'local' && /^[\w-]+$/.test(word) && files.stat(location.location) === undefined) {
          throw new UsageError(`${text}: neither a folder nor a known place; known places are ${knownPlaces.map(({ name }) => name).join(', ')}`);
        }
        return location;
      });

    let request: TraceRequest;
    let applied: readonly (boolean | undefined)[];
    let spec: string | undefined;
    if (found.kind === 'spec') {
      spec = relative(io.cwd, found.spec) || basename(found.spec);
      const bytes = files.read(found.spec);
      if (bytes === undefined) throw new HostError('file-unreadable', `${spec}: cannot be read, or is too large for a spec`);
      const { text } = decodeText(bytes);
      const layout = readPackageFiles(found.spec, files);
      const name = options.target ?? settings.targets[0] ?? 'fedora-43';
      const target = findTarget(name);
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
      const evaluation = await evaluateWithAnswers(text, inputs, new KnownAnswers(), {
        async shell(command) {
          const { output, understood } = await shell(command, io.cancellation);
          return understood ? output : undefined;
        },
        loadLua: () => host.lua(),
      });
      const tracing = packageTracing(text, evaluation, layout);
      const declared = tracing.patches;
      const wanted: PlaceFor = { package: tracing.package.name, release: tracing.release };
      request = traceRequest(tracing, files, { upstreams: locations(options.upstream, settings.trace.upstream, wanted), carriers: locations(options.carrier, settings.trace.carriers, wanted), network: allow });
      // Of a spec that rpm refuses, nobody can say what lies behind the place where it stopped.
      applied = declared.map(({ order }) => (order !== undefined ? true : evaluation.accepted ? false : undefined));
      for (const { fileName, incomplete } of declared) if (incomplete) io.err(`spectrail: ${spec}: the name of patch ${fileName} holds a macro that ${name} does not define; give another --for, or define it in spectrail.toml\n`);
      if (declared.length === 0) {
        if (options.json) io.out(traceJson({ package: { ...request.package, spec }, patches: [] }));
        else io.out(`${spec}: the spec has no patches${evaluation.accepted ? '' : ', as far as it can be read'}.\n`);
        return exitStatus.clean;
      }
    } else {
      request = {
        patches: found.files.map((name) => ({ fileName: name, number: undefined, bytes: files.read(resolve(found.folder, name)), context: { fileName: basename(name) } })),
        package: { name: undefined, version: undefined },
        upstreams: locations(options.upstream, settings.trace.upstream, { package: undefined, release: undefined }),
        carriers: locations(options.carrier, settings.trace.carriers, { package: undefined, release: undefined }),
        network: allow,
      };
      applied = found.files.map(() => undefined);
    }

    checkCancelled(io.cancellation);
    const store = forgivingStore(() => host.store(), (reason) => io.err(`spectrail: ${reason}\n`));
    const showsProgress = io.outIsTerminal && !options.json;
    let shown = 0;
    const progress = (step: string): void => {
      if (!showsProgress) return;
      io.err(`\r${step} ...`.padEnd(shown));
      shown = step.length + 5;
    };
    let traces: PatchTrace[];
    try {
      traces = await tracePatches(host, store, request, { cancellation: io.cancellation, progress });
    } finally {
      if (shown > 0) io.err(`\r${' '.repeat(shown)}\r`);
    }
    const patches = traces.map((each, i): ReportedPatch => ({ trace: each, applied: applied[i] }));
    const report = { package: { ...request.package, spec }, patches };
    const colour = options.color === 'always' || (options.color === 'auto' && io.outIsTerminal && io.env['NO_COLOR'] === undefined);
    io.out(options.json ? traceJson(report) : traceText(report, { colour, columns: io.outIsTerminal ? io.columns : undefined, details: options.details }));
    if (traces.some(({ coverage }) => coverage.failed.length > 0)) {
      if (options.json) for (const { source, reason } of traces[0]!.coverage.failed) io.err(`spectrail: ${source} was not searched: ${reason}\n`);
      return exitStatus.failed;
    }
    return traces.some(({ blob, claim }) => blob === undefined || claim === 'contradicted') ? exitStatus.findings : exitStatus.clean;
  },
};

interface Options {
  readonly path: string;
  readonly upstream: readonly string[];
  readonly carrier: readonly string[];
  readonly target: string | undefined;
  readonly details: boolean;
  readonly json: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly fetch: boolean;
  readonly color: string;
}

function parse(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { upstream: { type: 'string', multiple: true }, carrier: { type: 'string', multiple: true }, for: { type: 'string' }, details: { type: 'boolean' }, json: { type: 'boolean' }, offline: { type: 'boolean' }, refresh: { type: 'boolean' }, fetch: { type: 'boolean' }, color: { type: 'string' } },
    });
    if (positionals.length !== 1) throw new UsageError(positionals.length === 0 ? 'trace: which package? Give its folder or spec' : 'trace: give one package at a time');
    const color = values.color ?? 'auto';
    if (!['always', 'never', 'auto'].includes(color)) throw new UsageError(`trace: --color is always, never or auto, not '${color}'`);
    if (values.offline === true && (values.refresh === true || values.fetch === true)) throw new UsageError(`trace: --offline and --${values.refresh === true ? 'refresh' : 'fetch'} exclude each other`);
    return { path: positionals[0]!, upstream: values.upstream ?? [], carrier: values.carrier ?? [], target: values.for, details: values.details ?? false, json: values.json ?? false, offline: values.offline ?? false, refresh: values.refresh ?? false, fetch: values.fetch ?? false, color };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new UsageError(`trace: ${error.message}`);
  }
}
