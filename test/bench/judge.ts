/**
 * rpm as the judge of evaluations: the same text, the same macro files, definitions, folders and clock on both sides.
 * What rpm said is kept in a folder, by the text and all that was given with it, so that only the first run pays for it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { EvaluationInputs } from '#server/core/spec/index.js';
import type { Target } from '#server/core/targets/index.js';
import { createFileReader } from '#server/node/index.js';
import { simulatedCommands } from '#server/node/simulatedShell.js';

/** rpmspec of another version of rpm, in a folder of its own (`/opt/rpm6/bin/rpmspec`), is named in SPECTRAIL_RPMSPEC. */
export const rpmspec = process.env['SPECTRAIL_RPMSPEC'] ?? 'rpmspec';

/** Where that version keeps its libraries. */
const libraries = process.env['LD_LIBRARY_PATH'] ?? (isAbsolute(rpmspec) && existsSync(join(dirname(rpmspec), '../lib')) ? join(dirname(rpmspec), '../lib') : undefined);

const judgeFolder = join(tmpdir(), 'spectrail-judge');

/**
 * What rpmspec is started with. Its verdict shall not hang on what this machine happens to have installed, so it sees
 * the programs that the simulated shell knows and no other, no Python library and no name of a distribution: where
 * this user may make a mount of its own, those programs stand in the place of /usr/bin. There `sh` is bash, as on the
 * distributions that the specs are for (Debian's is another, and refuses `${x:0:7}`). The processor time that
 * rpmspec took is written to descriptor 3.
 */
const closedRoom = (() => {
  const programs = join(judgeFolder, 'bin');
  mkdirSync(programs, { recursive: true });
  mkdirSync(join(judgeFolder, 'empty'), { recursive: true });
  for (const name of new Set([...simulatedCommands, '[', 'test', 'sh', 'bash'])) {
    const found = spawnSync('bash', ['-c', `type -P ${name === 'sh' ? 'bash' : `'${name}'`}`], { encoding: 'utf8' }).stdout.trim();
    if (found.startsWith('/') && !existsSync(join(programs, name))) copyFileSync(realpathSync(found), join(programs, name));
  }
  const script = `
    for folder in /usr/lib/python3 /usr/local /usr/sbin /opt/nothing; do [ -d $folder ] && mount --bind '${join(judgeFolder, 'empty')}' $folder; done
    [ -e /etc/os-release ] && mount --bind /dev/null "$(readlink -f /etc/os-release)"
    mount --bind '${programs}' /usr/bin && [ /bin -ef /usr/bin ] && exec "$@"`;
  const candidate = ['unshare', '--mount', 'bash', '-c', script, 'sh'];
  const { status, stdout } = spawnSync(candidate[0]!, [...candidate.slice(1), '/bin/sh', '-c', 'x=abc; echo ${x:0:1}; ls /usr/bin | wc -l'], { encoding: 'utf8' });
  return status === 0 && stdout === `a\n${readdirSync(programs).length}\n` ? candidate : undefined;
})();

/** Whether the judge has nothing of this machine but its own files. */
export const judgesInClosedRoom = closedRoom !== undefined;

/** A program out of /usr/bin, copied where the closed room has it too. */
function reachable(program: string): string {
  if (isAbsolute(program)) return program;
  const copy = join(judgeFolder, program);
  const found = spawnSync('sh', ['-c', `command -v '${program}'`], { encoding: 'utf8' }).stdout.trim();
  if (found !== '') copyFileSync(realpathSync(found), copy);
  return copy;
}

const timed = ['bash', '-c', `TIMEFORMAT='%3U %3S'; { time "$@" 2>&4; } 4>&2 2>&3`, 'sh'];

/** The folder of real specs, or undefined. */
export function corpusFolder(): string | undefined {
  const folder = process.env['SPECTRAIL_CORPUS'] ?? join(import.meta.dirname, '../../../../shared/corpus');
  return existsSync(folder) ? folder : undefined;
}

export interface Judgement {
  readonly accepted: boolean;
  /** Bytes of standard output. */
  readonly output: Buffer;
  readonly messages: string;
  /** Milliseconds of processor time it took, all it started included. */
  readonly time: number;
}

/** What both sides are told. */
export interface JudgeSetting {
  readonly definitions: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Another folder of macro files and Lua modules than rpm's own, both sides the same: a copy of it with a distribution's macro
 * packages in it is how specs are read there. What it holds must not change while the judge's answers are kept.
 */
const configuration = process.env['RPM_CONFIGDIR'];

/** An empty folder that stands for home, build and source folder alike. */
export function judgeSetting(): JudgeSetting {
  const folder = judgeFolder;
  mkdirSync(join(folder, 'work'), { recursive: true });
  const work = join(folder, 'work');
  return {
    folder,
    definitions: ['dist .fc41', 'fedora 41', `_topdir ${work}/rpmbuild`],
    environment: { HOME: work, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }), ...(configuration === undefined ? {} : { RPM_CONFIGDIR: configuration }) },
  };
}

let program: string | undefined;

/** Asks rpmspec, or what it said before. `timeLimit` in milliseconds; a rpmspec that runs longer counts as a refusal. */
export function judge(path: string, args: readonly string[], setting: JudgeSetting, timeLimit = 20_000): Judgement {
  const key = createHash('sha256')
    .update(JSON.stringify([closedRoom, readdirSync(join(judgeFolder, 'bin')), timed, rpmspec, args, setting.definitions, path, ...(configuration === undefined ? [] : [configuration])]))
    .update(readFileSync(path))
    .digest('hex');
  const kept = join(setting.folder, 'answers', key.slice(0, 2));
  mkdirSync(kept, { recursive: true });
  const file = join(kept, key);
  if (existsSync(`${file}.json`)) {
    const { accepted, messages, time } = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Judgement;
    return { accepted, messages, time, output: readFileSync(`${file}.out`) };
  }
  const command = [...(closedRoom ?? []), ...timed, (program ??= reachable(rpmspec)), ...args, ...setting.definitions.flatMap((definition) => ['--define', definition]), path];
  const { status, stdout, stderr, output } = spawnSync(command[0]!, command.slice(1), {
    cwd: join(setting.folder, 'work'),
    env: { ...setting.environment },
    maxBuffer: 1 << 28,
    timeout: timeLimit,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [user = 0, system = 0] = String(output?.[3] ?? '').trim().split(' ').map(Number);
  const judgement: Judgement = { accepted: status === 0, output: stdout ?? Buffer.alloc(0), messages: (stderr ?? '').toString('latin1'), time: 1000 * (user + system) };
  writeFileSync(`${file}.out`, judgement.output);
  writeFileSync(`${file}.json`, JSON.stringify({ accepted: judgement.accepted, messages: judgement.messages, time: judgement.time }));
  return judgement;
}

/** The inputs that give an evaluation what this machine's rpm gives rpmspec. */
export function judgeInputs(setting: JudgeSetting): EvaluationInputs {
  const rpm = rpmspec.replace(/rpmspec$/, 'rpm');
  const ask = (text: string) => execFileSync(rpm, ['--eval', text], { env: { ...setting.environment }, encoding: 'utf8' }).trim();
  const arch = ask('%{_target_cpu}');
  const macros = ['_target', '_target_cpu', '_target_os', 'optflags'].map((name) => ({ name, body: ask(`%{${name}}`) }));
  const version = execFileSync(rpm, ['--version'], { env: { ...setting.environment }, encoding: 'utf8' }).trim().split(' ').at(-1)!;
  const target: Target = { id: 'judge', label: `rpm ${version} of this machine`, rpmVersion: version, arch, macros };
  const showrc = execFileSync(rpm, ['--showrc'], { env: { ...setting.environment }, encoding: 'utf8' });
  const patterns = /^Macro path: (.*)$/m.exec(showrc)![1]!.split(':');
  const macroFiles = patterns.flatMap((pattern) => (pattern.startsWith('~') ? [] : matching(pattern.replaceAll('%{_target}', macros[0]!.body))));
  return {
    target,
    definitions: setting.definitions,
    macroFiles,
    files: createFileReader(),
    folder: join(setting.folder, 'work'),
    environment: setting.environment,
    clock: { now: () => Date.now() },
    processors: availableParallelism(),
    configFolder: ask('%{getconfdir}'),
  };
}

/** Whether a spec belongs to the fifth that nobody looks at while mending. */
export function isHeldOut(name: string): boolean {
  return createHash('sha256').update(name).digest()[0]! % 5 === 0;
}

/** Files that a pattern of rpm's macro path names: a star may stand in the last part. */
function matching(pattern: string): string[] {
  if (!pattern.includes('*')) return existsSync(pattern) ? [pattern] : [];
  const folder = dirname(pattern);
  const [before, after] = basename(pattern).split('*') as [string, string];
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort()
    .map((name) => join(folder, name));
}
