import { parseArgs } from 'node:util';
import { HostError, checkCancelled } from '../../core/host.js';
import { type CurrentPatch, type LockFile, type LockKnowledge, type PatchTrace, type ReportedPatch, type TraceReport, compareWithLock, cycloneDx, dayOf, forgivingStore, lockKnowledge, renewLock, traceJson, tracePatches } from '../../core/patches/index.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';
import { currentPatches, lockToRenew, placeFrom, readLockFile, shownPath, writeLockFile } from '../trace/lockOnDisk.js';
import { type AskedPlaces, requestFor } from '../trace/places.js';
import { type ReadPackage, readPackage } from '../trace/readPackage.js';
import { type TextOptions, frozenText, traceText } from '../trace/report.js';
import { writeHeaders } from '../trace/writeHeaders.js';
import { version } from '../version.js';

const help = `usage: spectrail trace [OPTION...] PACKAGE-OR-SPEC

Tells where each patch of a package comes from, whether what it says of itself is true, and who else carries it.
PACKAGE-OR-SPEC is a spec, a package's folder (flat, or with SPECS and SOURCES), a folder of patches, a quilt series,
or one patch.

  --upstream LOCATION             the project's git repository; may be given several times
  --carrier NAME=LOCATION#BRANCH  somebody who ships the package: a git repository with a branch for each release, a
                                  folder of source packages, a folder of patches; may be given several times
  --for TARGET                    which distribution the spec is evaluated for (default: as spectrail.toml says)
  -v, --details                   explain every verdict: commits, hunks that differ, claims, decisions
  -f, --format FORMAT             text, json (schemas/trace.schema.json) or cyclonedx (1.6, patches as a pedigree)
  --json                          the same as --format json
  --write-dep3                    write what was found into the headers of the patches, as DEP-3 fields
  --write-trailers                the same as git trailers, at the end of the message; the diffs are never touched
  --offline                       use only what is on this machine
  --refresh                       ask remote places whether they have moved
  --fetch                         also fetch the remote places that spectrail.toml names; without it only those given
                                  here are, since a settings file must not reach the network by itself
  --lock                          write what was found to spectrail.lock beside the spec, or renew it: decisions are kept,
                                  and facts that are still true stay as they are
  --frozen                        hold the patches against spectrail.lock, and fail where they are not as it says; for CI
  --color WHEN                    always, never or auto

A LOCATION is a path, an https or ssh address, or the name of a known place (stream9, almalinux9, rocky9, openela9,
rawhide, ...; without its number, the target's release is meant). Remote places are copied into the cache folder (SPECTRAIL_CACHE). What was learned is kept there too:
while nothing has changed, the next run asks neither git nor the network.

Relations: same change (equal git patch id), rebased (the same lines), combined, adapted, partial, no origin.
Claims: confirmed, contradicted, unverifiable (the commit named is in none of the places searched), no claim.

Status: 0 when all went well, 1 when a patch is missing or contradicts its claim and nobody decided about that, 2 when it
could not run or a place could not be searched. With --frozen 1 means that a patch is new, changed, gone, judged otherwise than
locked, or that a waiver has ended.
`;

export const trace: Command = {
  name: 'trace',
  summary: 'Tell where the patches of a package come from',
  help,
  async run(args, io) {
    const options = parse(args);
    const read = await readPackage(io, options.path, options.target);
    const request = requestFor(io, read, options);
    if (read.patches.length === 0 && !options.lock && !options.frozen) {
      if (options.format !== 'text') io.out(printed({ package: { ...read.package, spec: read.spec }, patches: [], differences: undefined }, options.format));
      else io.out(`${read.spec}: the spec has no patches${read.isWhole ? '' : ', as far as it can be read'}.\n`);
      return exitStatus.clean;
    }
    const today = dayOf(io.host.clock.now());
    // Whether the lock can be used at all is said before anything that takes long.
    const lock = options.lock ? lockToRenew(io, read.lock) : options.frozen ? lockToCompare(io, read.lock) : readLockFile(io, read.lock)?.lock;
    const traces = await search(io, options, request);
    const failed = traces[0]?.coverage.failed ?? [];
    // A search that failed in part has not found that there is nothing: what the lock has counts on, and new patches have no verdict.
    const current = currentPatches(io, read, failed.length > 0 ? [] : traces);
    const known = lock === undefined ? undefined : lockKnowledge(lock, current, today);
    const patches = traces.map((each, i): ReportedPatch => ({ trace: each, applied: read.applied[i], decisions: known?.decisions.find(({ file }) => file === each.fileName) }));
    const differences = options.frozen && lock !== undefined ? compareWithLock(lock, current, today) : undefined;
    const report = { package: { ...read.package, spec: read.spec }, patches, differences };
    const colour = options.color === 'always' || (options.color === 'auto' && io.outIsTerminal && io.env['NO_COLOR'] === undefined);
    const textOptions: TextOptions = { colour, columns: io.outIsTerminal ? io.columns : undefined, details: options.details };
    if (options.format !== 'text') io.out(printed(report, options.format));
    else {
      if (!options.frozen || options.details) io.out(traceText(report, textOptions));
      if (differences !== undefined) io.out(frozenText(shownPath(read.lock, io.cwd), lock!, differences, { ...textOptions, wasSearched: failed.length === 0 && traces.some(({ coverage }) => coverage.searched.length > 0) }));
    }
    if (options.lock) renew(io, read, lock!, current, today);
    if (options.write !== undefined) writeHeaders(io, read, patches, options.write, today);
    if (differences?.some(({ fails }) => fails) === true) return exitStatus.findings;
    if (failed.length > 0) {
      if (options.format !== 'text' || (options.frozen && !options.details)) for (const { source, reason } of failed) io.err(`spectrail: ${source} was not searched: ${reason}\n`);
      return exitStatus.failed;
    }
    return options.frozen || !traces.some((each) => isFinding(each, known)) ? exitStatus.clean : exitStatus.findings;
  },
};

/** A patch that is missing, or contradicts its claim without somebody having decided about that. */
function isFinding({ blob, fileName, changes }: PatchTrace, known: LockKnowledge | undefined): boolean {
  const decided = known?.decisions.find(({ file }) => file === fileName)?.changes ?? [];
  return blob === undefined || changes.some(({ claim }, i) => claim === 'contradicted' && decided[i]?.about?.claim !== 'contradicted');
}

function printed(report: TraceReport, format: 'json' | 'cyclonedx'): string {
  return format === 'json' ? traceJson(report) : cycloneDx(report, version);
}

async function search(io: CommandIo, options: Options, request: ReturnType<typeof requestFor>): Promise<PatchTrace[]> {
  checkCancelled(io.cancellation);
  const store = forgivingStore(() => io.host.store(), (reason) => io.err(`spectrail: ${reason}\n`));
  const showsProgress = io.outIsTerminal && options.format === 'text';
  let shown = 0;
  const progress = (step: string): void => {
    if (!showsProgress) return;
    io.err(`\r${step} ...`.padEnd(shown));
    shown = step.length + 5;
  };
  try {
    return await tracePatches(io.host, store, request, { cancellation: io.cancellation, progress });
  } finally {
    if (shown > 0) io.err(`\r${' '.repeat(shown)}\r`);
  }
}

function lockToCompare(io: CommandIo, path: string): LockFile {
  const lock = readLockFile(io, path);
  const shown = shownPath(path, io.cwd);
  if (lock === undefined) throw new HostError('lock-missing', `${shown} is not there; make it with 'spectrail trace --lock' and commit it`);
  // What is passed over would not be compared.
  if (lock.problems.length > 0) throw new HostError('lock-unclear', `${shown} cannot be relied on before what is said above is mended`);
  return lock.lock;
}

function renew(io: CommandIo, read: ReadPackage, before: LockFile, current: readonly CurrentPatch[], today: string): void {
  const { lock, dropped } = renewLock(before, current, { today, place: placeFrom(read.lock) });
  const isNew = writeLockFile(io, read.lock, lock);
  const decided = lock.changes.filter(({ decision }) => decision !== undefined).length;
  const unjudged = lock.changes.filter(({ verdict }) => verdict === undefined).length;
  const shown = shownPath(read.lock, io.cwd);
  io.err(`spectrail: ${shown} ${isNew ? 'is written' : 'is up to date'}: ${lock.changes.length} change${lock.changes.length === 1 ? '' : 's'}${decided === 0 ? '' : `, ${decided} decided about`}${unjudged === 0 ? '' : `, ${unjudged} without a verdict`}\n`);
  for (const { file, decision } of dropped) io.err(`spectrail: ${file}: what ${decision!.owner} decided ('${decision!.reason}') was about a change that is not there any more; decide again if it still holds\n`);
}

interface Options extends AskedPlaces {
  readonly path: string;
  readonly target: string | undefined;
  readonly details: boolean;
  readonly format: 'text' | 'json' | 'cyclonedx';
  readonly write: 'dep3' | 'trailers' | undefined;
  readonly lock: boolean;
  readonly frozen: boolean;
  readonly color: string;
}

function parse(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        upstream: { type: 'string', multiple: true },
        carrier: { type: 'string', multiple: true },
        for: { type: 'string' },
        details: { type: 'boolean', short: 'v' },
        format: { type: 'string', short: 'f' },
        json: { type: 'boolean' },
        'write-dep3': { type: 'boolean' },
        'write-trailers': { type: 'boolean' },
        offline: { type: 'boolean' },
        refresh: { type: 'boolean' },
        fetch: { type: 'boolean' },
        lock: { type: 'boolean' },
        frozen: { type: 'boolean' },
        color: { type: 'string' },
      },
    });
    if (positionals.length !== 1) throw new UsageError(positionals.length === 0 ? 'trace: which package? Give its folder or spec' : 'trace: give one package at a time');
    const color = values.color ?? 'auto';
    if (!['always', 'never', 'auto'].includes(color)) throw new UsageError(`trace: --color is always, never or auto, not '${color}'`);
    if (values.offline === true && (values.refresh === true || values.fetch === true)) throw new UsageError(`trace: --offline and --${values.refresh === true ? 'refresh' : 'fetch'} exclude each other`);
    if (values.lock === true && values.frozen === true) throw new UsageError('trace: --lock writes the lock and --frozen holds the patches against it; give one of them');
    const format = values.json === true ? 'json' : (values.format ?? 'text');
    if (format !== 'text' && format !== 'json' && format !== 'cyclonedx') throw new UsageError(`trace: --format is text, json or cyclonedx, not '${format}'`);
    if (values['write-dep3'] === true && values['write-trailers'] === true) throw new UsageError('trace: give one of --write-dep3 and --write-trailers at a time');
    const write = values['write-dep3'] === true ? 'dep3' : values['write-trailers'] === true ? 'trailers' : undefined;
    if (write !== undefined && values.frozen === true) throw new UsageError('trace: --frozen changes nothing, and goes with no --write option');
    return { path: positionals[0]!, upstream: values.upstream ?? [], carrier: values.carrier ?? [], target: values.for, details: values.details ?? false, format, write, offline: values.offline ?? false, refresh: values.refresh ?? false, fetch: values.fetch ?? false, lock: values.lock ?? false, frozen: values.frozen ?? false, color };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new UsageError(`trace: ${error.message}`);
  }
}
