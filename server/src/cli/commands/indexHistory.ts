import { parseArgs } from 'node:util';
import { HostError, type Store } from '../../core/host.js';
import { type Location, compactIndex, indexHistory, indexedRepositories, postingState, resolveLocation, verifyIndex } from '../../core/patches/index.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';

const help = `usage: spectrail index add LOCATION...
       spectrail index update
       spectrail index status
       spectrail index verify
       spectrail index compact

Reads whole histories into the store, so that 'spectrail trace' has hardly anything left to read. It is never needed:
tracing reads what bears on the patches by itself.

  add LOCATION...   indexes upstream repositories (paths, https or ssh addresses)
  update            indexes what has come since, in all that were added; asks remote places whether they have moved
  status            lists what is indexed, and what has moved since
  verify            reads all that is stored and says what is damaged, which the next update then makes anew
  compact           joins posting lists and gives unused space back

  --offline         use only what is on this machine

It can be broken off at any moment and goes on where it was; several may run at once.
`;

export const index: Command = {
  name: 'index',
  summary: 'Read the histories of upstream repositories ahead of time',
  help,
  async run(args, io) {
    let parsed;
    try {
      parsed = parseArgs({ args: [...args], allowPositionals: true, options: { offline: { type: 'boolean' } } });
    } catch (error) {
      throw new UsageError(`index: ${error instanceof Error ? error.message : String(error)}`);
    }
    const [action, ...texts] = parsed.positionals;
    const { host } = io;
    const store = await host.store();
    if (action === 'status') {
      const repositories = await indexedRepositories(store);
      if (repositories.length === 0) io.out('Nothing is indexed. Add a repository with: spectrail index add LOCATION\n');
      for (const { location, kind, commits, unreadable, state, when } of repositories) {
        const now = host.git.locate({ location, kind });
        const standing = now === undefined ? 'is not there any more' : now.state === state ? 'is up to date' : 'has moved since';
        const posted = await postingState(store, location);
        io.out(`${location}: ${commits} commits${posted.commits + unreadable >= commits ? '' : `, ${posted.commits} of them posted`}${unreadable === 0 ? '' : `, ${unreadable} of them unreadable`}, indexed ${new Date(when).toISOString().slice(0, 10)}, ${standing}\n`);
      }
      return exitStatus.clean;
    }
    if ((action === 'verify' || action === 'compact') && texts.length > 0) throw new UsageError(`index ${action}: takes no location; it goes through all that were added`);
    if (action === 'verify') return verify(io, store);
    if (action === 'compact') return compact(io, store);
    if (action !== 'add' && action !== 'update') throw new UsageError(action === undefined ? 'index: add, update, status, verify or compact?' : `index: '${action}' is none of add, update, status, verify and compact`);
    if (action === 'add' && texts.length === 0) throw new UsageError('index add: which repository?');
    if (action === 'update' && texts.length > 0) throw new UsageError('index update: takes no location; it goes through all that were added');
    const locations: Location[] =
      action === 'update'
        ? (await indexedRepositories(store)).map(({ name, location, kind }) => ({ name, location, kind, branch: undefined }))
        : texts.map((text) => {
            const { location, error } = resolveLocation(text, io.cwd, { package: undefined, release: undefined });
            if (error !== undefined) throw new UsageError(`index: ${text}: ${error}`);
            return location;
          });
    let status: number = exitStatus.clean;
    for (const location of locations) {
      const began = host.clock.now();
      try {
        const { commits, unreadable } = await indexHistory(host.git, store, location, {
          network: parsed.values.offline === true ? 'never' : action === 'update' ? 'refresh' : 'missing',
          cancellation: io.cancellation,
          clock: host.clock,
          progress({ done, total, rate }) {
            if (!io.outIsTerminal) return;
            const left = rate === 0 ? '' : `, ${Math.round(rate)} commits/s, ${Math.ceil((total - done) / rate)} s left`;
            io.err(`\r${location.name}: ${done} of ${total} commits${left}`.padEnd(70));
          },
        });
        if (io.outIsTerminal) io.err(`\r${' '.repeat(70)}\r`);
        io.out(`${location.location}: ${commits} commits are indexed${unreadable === 0 ? '' : `, ${unreadable} could not be read`} (${((host.clock.now() - began) / 1000).toFixed(1)} s)\n`);
      } catch (error) {
        if (!(error instanceof HostError) || error.code.startsWith('store-')) throw error;
        io.err(`spectrail: ${error.message}\n`);
        status = exitStatus.failed;
      }
    }
    return status;
  },
};

async function verify(io: CommandIo, store: Store): Promise<number> {
  let status: number = exitStatus.clean;
  for (const sentence of await store.check()) {
    io.out(`the store: ${sentence}\n`);
    status = exitStatus.findings;
  }
  for (const { location, name } of await indexedRepositories(store)) {
    const problems = await verifyIndex(store, location, (done, total) => {
      if (io.outIsTerminal) io.err(`\r${name}: ${done} of ${total} commits`.padEnd(70));
    });
    if (io.outIsTerminal) io.err(`\r${' '.repeat(70)}\r`);
    for (const problem of problems) io.out(`${location}: ${problem}\n`);
    if (problems.length === 0) io.out(`${location}: ${(await postingState(store, location)).commits} commits are sound\n`);
    else {
      io.out(`${location}: its posting lists are taken out; make them anew with: spectrail index update\n`);
      status = exitStatus.findings;
    }
  }
  return status;
}

async function compact(io: CommandIo, store: Store): Promise<number> {
  let status: number = exitStatus.clean;
  for (const { location } of await indexedRepositories(store)) {
    if (await compactIndex(store, location)) continue;
    io.err(`spectrail: ${location}: another process is indexing it; compact again when that is done\n`);
    status = exitStatus.failed;
  }
  await store.compact();
  io.out('The store is compact.\n');
  return status;
}
