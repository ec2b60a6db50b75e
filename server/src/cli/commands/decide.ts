import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { HostError } from '../../core/host.js';
import { type Decision, dayOf, decisionError, decisionWords, forgivingStore, knownTraces, recordDecision } from '../../core/patches/index.js';
import { nearest } from '../../core/text/index.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';
import { currentPatches, lockToRenew, placeFrom, shownPath, writeLockFile } from '../trace/lockOnDisk.js';
import { requestFor } from '../trace/places.js';
import { readPackage } from '../trace/readPackage.js';

const help = `usage: spectrail decide PATCH... --ours | --accept | --waive-until DATE --reason TEXT [OPTION...]
       spectrail decide PATCH... --undo

Records in spectrail.lock what a person settled about patches. A decision stays with the change, whatever the file is
called, as long as the change stays the same; 'spectrail trace', 'spectrail lint' and editors then ask no more.

  --ours               comes from nowhere else, on purpose
  --accept             is not what upstream has, was looked at, and is fine
  --waive-until DATE   is wrong, and that is borne with until the end of a day (2027-03-31)
  --undo               takes the decision back
  --reason TEXT        why
  --owner NAME         who answers for it (default: git's user.name and user.email)
  --change N           only one change of a patch that holds several, counted from 1
  --package PATH       the spec or folder of the package (default: found from where the patch is)
  --for TARGET         which distribution the spec is evaluated for (default: as spectrail.toml says)

PATCH is a path, or the name of a patch of the package one stands in. Nothing is searched: the decision is recorded with
the verdict that is known already.
`;

export const decide: Command = {
  name: 'decide',
  summary: 'Record what a person settled about a patch',
  help,
  async run(args, io) {
    const options = parse(args);
    const today = dayOf(io.host.clock.now());
    let decision: Omit<Decision, 'about'> | undefined;
    if (options.kind !== undefined) {
      const owner = options.owner ?? (await io.host.git.identity(io.cwd));
      if (owner === undefined) throw new UsageError('decide: who answers for it? git knows no user.name and user.email here; give --owner NAME');
      decision = { kind: options.kind, reason: options.reason, owner, date: today, until: options.until };
      const error = decisionError(decision);
      if (error !== undefined) throw new UsageError(`decide: ${error}`);
    }
    const packages = new Map<string, string[]>();
    for (const patch of options.patches) {
      const { folder, name } = options.package === undefined ? packageOf(io, patch) : { folder: options.package, name: basename(patch) };
      packages.set(folder, [...(packages.get(folder) ?? []), name]);
    }
    for (const [folder, names] of packages) await record(io, folder, names, decision, options, today);
    return exitStatus.clean;
  },
};

async function record(io: CommandIo, folder: string, names: readonly string[], decision: Omit<Decision, 'about'> | undefined, { change, target }: Options, today: string): Promise<void> {
  const read = await readPackage(io, folder, target);
  const lock = lockToRenew(io, read.lock);
  const request = requestFor(io, read, { upstream: [], carrier: [], offline: true, refresh: false, fetch: false });
  const isPlaced = request.upstreams.length + request.carriers.length > 0;
  const store = forgivingStore(() => io.host.store(), (reason) => io.err(`spectrail: ${reason}\n`));
  const current = currentPatches(io, read, isPlaced ? await knownTraces(io.host, store, request) : []);
  let next = lock;
  for (const name of names) {
    const patch = current.find(({ file }) => file === name || basename(file) === name);
    if (patch === undefined) {
      const guess = nearest(name, current.map(({ file }) => file));
      throw new HostError('no-such-patch', `${read.spec ?? (relative(io.cwd, dirname(read.lock)) || '.')} has no patch '${name}'${guess === undefined ? '' : `; did you mean '${guess}'?`}`);
    }
    if (patch.changes === undefined) throw new HostError('file-missing', `${name} is missing; put it beside the spec or into SOURCES first`);
    if (change !== undefined && change > patch.changes.length) throw new UsageError(`decide: ${name} holds ${patch.changes.length} change${patch.changes.length === 1 ? '' : 's'}; there is no change ${change}`);
    next = recordDecision(next, patch, decision, { today, place: placeFrom(read.lock), ...(change === undefined ? {} : { change: change - 1 }) });
    const about = next.changes.filter(({ file }) => file === patch.file)[(change ?? 1) - 1]?.decision?.about;
    const verdict = decision === undefined ? '' : about === undefined ? ' It has not been traced yet.' : ` It was found '${about.relation}', its claim ${about.claim}.`;
    io.out(`${patch.file}${change === undefined ? '' : `, change ${change}`}: ${decision === undefined ? 'not decided about any more' : `${decisionWords[decision.kind]}${decision.until === undefined ? '' : ` until ${decision.until}`}`}.${verdict}\n`);
  }
  if (writeLockFile(io, read.lock, next)) io.out(`${shownPath(read.lock, io.cwd)} is written; commit it.\n`);
}

/** The package that a patch belongs to: the folder it lies in, or the one above where that holds the spec; the one we stand in for a bare name. */
function packageOf(io: CommandIo, patch: string): { readonly folder: string; readonly name: string } {
  const files = io.host.files();
  const path = resolve(io.cwd, patch);
  if (files.stat(path)?.kind !== 'file') {
    if (/[\\/]/.test(patch)) throw new HostError('file-missing', `${patch}: there is no such file`);
    return { folder: io.cwd, name: patch };
  }
  const folder = dirname(path);
  const hasSpec = (where: string) => files.list(where).some((name) => name.endsWith('.spec'));
  const above = dirname(folder);
  if (hasSpec(folder)) return { folder, name: basename(path) };
  if (basename(folder) === 'SOURCES' && (hasSpec(above) || hasSpec(join(above, 'SPECS')))) return { folder: above, name: basename(path) };
  // A series, and Gentoo's files, name patches in folders of their own.
  for (let root = folder, i = 0; i < 3; root = dirname(root), i++) {
    if (files.stat(join(root, 'series')) !== undefined || basename(root) === 'files') return { folder: root, name: relative(root, path).split(sep).join('/') };
  }
  return { folder, name: basename(path) };
}

interface Options {
  readonly patches: readonly string[];
  /** Undefined to take a decision back. */
  readonly kind: Decision['kind'] | undefined;
  readonly until: string | undefined;
  readonly reason: string;
  readonly owner: string | undefined;
  /** From 1. */
  readonly change: number | undefined;
  readonly package: string | undefined;
  readonly target: string | undefined;
}

function parse(args: readonly string[]): Options {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ours: { type: 'boolean' }, accept: { type: 'boolean' }, 'waive-until': { type: 'string' }, undo: { type: 'boolean' }, reason: { type: 'string' }, owner: { type: 'string' }, change: { type: 'string' }, package: { type: 'string' }, for: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(`decide: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length === 0) throw new UsageError('decide: about which patch?');
  const asked = [values.ours === true, values.accept === true, values['waive-until'] !== undefined, values.undo === true].filter(Boolean).length;
  if (asked !== 1) throw new UsageError(`decide: give ${asked === 0 ? 'one' : 'only one'} of --ours, --accept, --waive-until DATE and --undo`);
  if (values.undo === true && values.reason !== undefined) throw new UsageError('decide: --undo takes no reason; the history of the lock has it');
  const change = values.change === undefined ? undefined : Number(values.change);
  if (change !== undefined && !(Number.isInteger(change) && change >= 1)) throw new UsageError(`decide: --change wants a number from 1 on, not '${values.change}'`);
  return {
    patches: positionals,
    kind: values.ours === true ? 'ours' : values.accept === true ? 'accepted' : values.undo === true ? undefined : 'waived',
    until: values['waive-until'],
    reason: values.reason ?? '',
    owner: values.owner,
    change,
    package: values.package,
    target: values.for,
  };
}
