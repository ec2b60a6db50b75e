import { dirname, resolve } from 'node:path';
import { HostError } from '../core/host.js';
import { type Evaluation, KnownAnswers, evaluateWhole, evaluateWithAnswers } from '../core/spec/index.js';
import type { Target } from '../core/targets/index.js';
import { decodeText } from '../core/text/index.js';
import { autoRelease, autoReleaseDefinitions, readPackageFiles, usesHistory } from '../core/workspace/index.js';
import type { CommandIo } from './command.js';
import { historyOf } from './history.js';

export interface SpecRequest {
  readonly definitions: readonly string[];
  readonly with: readonly string[];
  readonly without: readonly string[];
}

/** The text of a spec, by its path from where one stands. */
export function readSpecText(path: string, io: CommandIo): string {
  const bytes = io.host.files().read(resolve(io.cwd, path));
  if (bytes === undefined) throw new HostError('unreadable', `cannot read ${path}; check the name`);
  return decodeText(bytes).text;
}

/** What a text in the place of that spec means for a target, with the files and the history of its package; behind an error it is read on. */
export async function evaluateSpec(path: string, text: string, target: Target, request: SpecRequest, io: CommandIo): Promise<Evaluation> {
  const { host } = io;
  const absolute = resolve(io.cwd, path);
  const layout = readPackageFiles(absolute, host.files());
  const shell = host.shell({ arch: target.arch, wordSize: /64|s390x/.test(target.arch) ? 64 : 32, processors: host.machine.processors });
  const { history, user } = usesHistory(text) ? await historyOf(absolute, host, io.cancellation) : { history: undefined, user: undefined };
  const inputs = {
    target,
    definitions: [`_sourcedir ${layout.sourceFolder.replaceAll('%', '%%')}`, ...(history === undefined ? [] : autoReleaseDefinitions(autoRelease(text, history, { target, now: host.clock.now(), user }), target)), ...request.definitions],
    with: request.with,
    without: request.without,
    files: host.files([...new Set([layout.specFolder, layout.sourceFolder])]),
    specName: path,
    folder: dirname(absolute),
    clock: host.clock,
    cancellation: io.cancellation,
    processors: host.machine.processors,
  };
  const known = new KnownAnswers();
  let lua = undefined as Awaited<ReturnType<typeof host.lua>> | undefined;
  const evaluation = await evaluateWithAnswers(text, { ...inputs, readsOn: true }, known, {
    async shell(command) {
      const { output, understood } = await shell(command, io.cancellation);
      return understood ? output : undefined;
    },
    loadLua: async () => (lua = await host.lua()),
  });
  return evaluation.accepted ? evaluation : evaluateWhole(text, { ...inputs, answers: known, ...(lua !== undefined && { lua }) }, evaluation);
}
