import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CancelledError, HostError } from '../../core/host.js';
import { rulePage, rules } from '../../core/lint/index.js';
import { type Severity, severityRank } from '../../core/text/index.js';
import { type Command, type CommandIo, UsageError, exitStatus } from '../command.js';
import { type LintResult, createLinter } from '../hosts/linter.js';
import { displayName, findSpecs } from '../lint/findSpecs.js';
import { lintInThreads, usualJobs } from '../lint/lintMany.js';
import { type LintCommandOptions, lintHelp, parseLintOptions } from '../lint/options.js';
import { type LintReport, type Trouble, reporters } from '../reporters/index.js';
import { version } from '../version.js';

export const lint: Command = {
  name: 'lint',
  summary: 'Report what rpm would refuse and what packagers would miss',
  help: lintHelp,
  async run(args, io) {
    const options = parseLintOptions(args);
    if (options.listRules) return listRules(io);
    if (options.explain !== undefined) {
      io.out(rulePage(options.explain)!);
      return exitStatus.clean;
    }
    const { results, troubles } = options.paths.includes('-') ? await lintStdin(options, io) : await lintPaths(options, io);
    const report: LintReport = {
      version,
      files: results.flatMap(({ file }) => file ?? []),
      troubles: distinct([...troubles, ...results.flatMap((result) => result.troubles)]),
    };
    print(report, options, io);
    if (io.cancellation.isCancelled) throw new CancelledError();
    if (report.troubles.some(({ severity }) => severity === 'error')) return exitStatus.failed;
    return results.some((result) => fails(result, options.failOn)) ? exitStatus.findings : exitStatus.clean;
  },
};

interface Linted {
  readonly results: readonly LintResult[];
  readonly troubles: readonly Trouble[];
}

async function lintStdin(options: LintCommandOptions, io: CommandIo): Promise<Linted> {
  if (options.paths.length > 1) throw new UsageError('- (standard input) stands alone');
  const bytes = await io.readStdin();
  const path = options.stdinFileName === undefined ? undefined : resolve(io.cwd, options.stdinFileName);
  const linter = createLinter(options.settings, io.cwd, { env: io.env });
  const result = await linter.lintBytes(bytes, { name: path === undefined ? '<stdin>' : displayName(path, io.cwd), path, folder: path === undefined ? io.cwd : dirname(path) }).finally(() => linter.close());
  // What was mended goes to standard output, as filters do; the report then only goes where --output says.
  if (options.settings.fix !== 'none') io.out(result.fixedBytes ?? bytes);
  return { results: [result], troubles: [] };
}

async function lintPaths(options: LintCommandOptions, io: CommandIo): Promise<Linted> {
  if (options.stdinFileName !== undefined) throw new UsageError('--stdin-filename goes with - (standard input)');
  const { named, searched, troubles } = findSpecs(options.paths.length === 0 ? ['.'] : options.paths, io.cwd);
  const paths = [...named, ...searched];
  const isSearched = (index: number) => index >= named.length;
  const jobs = options.jobs ?? usualJobs(paths.length);
  if (jobs > 1 && paths.length > 1) return { results: await lintInThreads(paths, isSearched, Math.min(jobs, paths.length), options.settings, io.cwd, io.cancellation), troubles };
  const linter = createLinter(options.settings, io.cwd, { env: io.env });
  const results: LintResult[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      if (io.cancellation.isCancelled) break;
      results.push(await linter.lintFile(path, isSearched(index)));
    }
  } finally {
    await linter.close();
  }
  return { results, troubles };
}

function print(report: LintReport, options: LintCommandOptions, io: CommandIo): void {
  const isTerminal = options.output === undefined && io.outIsTerminal;
  const color = options.color === 'always' || (options.color === 'auto' && isTerminal && (io.env['NO_COLOR'] ?? '') === '' && io.env['TERM'] !== 'dumb');
  const text = reporters[options.format]!(report, { color });
  if (options.output !== undefined) {
    try {
      writeFileSync(join(resolve(io.cwd, options.output)), text);
    } catch (error) {
      throw new HostError('cannot-write', `The report cannot be written to '${options.output}': ${(error as Error).message}`);
    }
  } else if (options.paths.includes('-') && options.settings.fix !== 'none') io.err(text);
  else io.out(text);
}

function fails({ file, failOn }: LintResult, asked: Severity | undefined): boolean {
  const limit = severityRank[asked ?? failOn ?? 'warning'];
  return file?.findings.some(({ severity }) => severityRank[severity] >= limit) === true;
}

/** One settings file above many specs is wrong once. */
function distinct(troubles: readonly Trouble[]): readonly Trouble[] {
  return [...new Map(troubles.map((trouble) => [JSON.stringify(trouble), trouble])).values()];
}

function listRules(io: CommandIo): number {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const width = Math.max(...sorted.map(({ id }) => id.length));
  for (const { id, severity, summary, fix } of sorted) io.out(`${id.padEnd(width)}  ${severity.padEnd(11)}  ${fix === undefined ? '          ' : fix.safety === 'safe' ? '--fix     ' : '--fix-unsafe'.padEnd(10)}  ${summary}\n`);
  return exitStatus.clean;
}
