/**
 * Answers `%(...)` without a process, a file of this machine, or the network: a shell interpreter over an empty folder.
 * Whether a command can be answered so is part of the answer, since an empty text for `rpm -q foo` is not what rpm
 * would have got.
 */
import { type Shell, type ShellOptions, checkCancelled } from '../core/host.js';
import { dateCommand } from './dates.js';

/**
 * What a spec's shell calls in practice, and nothing that could reach out of the interpreter. The rest is "command not
 * found", as on a machine without it.
 */
const commands = ['awk', 'basename', 'cat', 'comm', 'diff', 'dirname', 'echo', 'egrep', 'env', 'expr', 'false', 'fgrep', 'find', 'fold', 'grep', 'head', 'join', 'ls', 'md5sum', 'mkdir', 'nl', 'od', 'paste', 'printf', 'pwd', 'readlink', 'rev', 'sed', 'seq', 'sha1sum', 'sha256sum', 'sort', 'tac', 'tail', 'tee', 'touch', 'tr', 'true', 'uniq', 'wc', 'xargs', 'bash', 'sh'] as const;

/** Answered here: what the interpreter lacks, and what speaks of the target instead of a machine. */
const ownCommands = ['cut', 'date', 'uname', 'arch', 'getconf', 'make', 'nproc'] as const;

/** Every program that an answer can come from. */
export const simulatedCommands: readonly string[] = [...commands, ...ownCommands];

/** Folders that every machine with rpm has, and that specs look for before they choose where their own macros go. */
const folders = ['/etc/rpm', '/usr/lib/rpm/macros.d'];

/** A command that a spec needs while it is read is short; what runs longer runs away. */
const limits = { maxExecutionTimeMs: 1000, maxCommandCount: 20_000, maxLoopIterations: 20_000, maxOutputSize: 1 << 20, maxStringLength: 1 << 20 };

/** `bash: NAME: command not found`, and the interpreter's own words for what it leaves out or cuts off. */
const notUnderstood = /: command not (?:found|available)|executionLimits|limit exceeded|execution deadline|not supported|not implemented/;

/** Loads the interpreter, which is large, on the first call. */
export function createSimulatedShell(options: ShellOptions): Shell {
  return async (command, cancellation) => {
    checkCancelled(cancellation);
    const { Bash, defineCommand } = await import('just-bash');
    const says = (name: string, answer: (args: readonly string[]) => string | undefined) =>
      defineCommand(
        name,
        async (args) => {
          const stdout = answer(args);
          return stdout === undefined ? { stdout: '', stderr: `${name}: not supported: ${args.join(' ')}\n`, exitCode: 1 } : { stdout: `${stdout}\n`, stderr: '', exitCode: 0 };
        },
        { trusted: false },
      );
    const bash = new Bash({
      commands: [...commands],
      customCommands: [
        defineCommand('cut', async (args, { stdin }) => cut(args, String(stdin)), { trusted: false }),
        says('date', (args) => dateCommand(args, Date.now())),
        says('uname', (args) => unameAnswer(args, options.arch)),
        says('arch', () => options.arch),
        says('getconf', ([name]) => ({ LONG_BIT: String(options.wordSize), _NPROCESSORS_ONLN: String(options.processors), PAGESIZE: '4096', PAGE_SIZE: '4096' })[name ?? '']),
        // rpm's own macros ask whether make knows an option, by asking it for its version with that option.
        says('make', (args) => (args.includes('--version') ? 'GNU Make 4.4.1' : undefined)),
        says('nproc', () => String(options.processors)),
      ],
      env: { PATH: '/usr/bin:/bin', HOME: '/', LC_ALL: 'C' },
      cwd: '/',
      executionLimits: limits,
      // Guards against code inside the interpreter reaching JavaScript's globals; it patches the process's globals while a
      // command runs, which the analysis beside it must not feel. Nothing registered here evaluates JavaScript.
      defenseInDepth: false,
    });
    for (const folder of [...folders, ...(options.folders ?? [])]) await bash.fs.mkdir(folder, { recursive: true });
    const { stdout, stderr } = await bash.exec(withLiteralSeparators(command), { rawScript: true });
    checkCancelled(cancellation);
    return { output: stdout, understood: !notUnderstood.test(stderr) };
  };
}

/** What can be said about the target's kernel without knowing its version; `-r` and `-v` cannot. */
function unameAnswer(args: readonly string[], arch: string): string | undefined {
  const letters = args.length === 0 ? 's' : args.join('').replaceAll('-', '');
  const words = { s: 'Linux', m: arch, p: arch, i: arch, o: 'GNU/Linux' } as Readonly<Record<string, string>>;
  const answers = [...letters].map((letter) => words[letter]);
  return answers.includes(undefined) ? undefined : answers.join(' ');
}

/**
 * The interpreter's awk takes every field separator for a regular expression; a single character is none, in any awk but
 * for the blank. Those that would mean something else are put in brackets.
 */
function withLiteralSeparators(command: string): string {
  if (!command.includes('awk')) return command;
  return command
    .replace(/(\s-F\s*)(["']?)([.|*+?$^])\2(?=\s)/g, "$1'[$3]'")
    .replace(/\s-v\s*FS=(["']?)([^\s"'])\1(?=\s)/g, " -F'[$2]'")
    .replace(/(\bFS\s*=\s*)"([.|*+?$^])"/g, '$1"[$2]"');
}

/** `cut`, with the options that GNU's adds: the interpreter's own has neither `--complement` nor `--output-delimiter`. */
function cut(args: readonly string[], input: string): { stdout: string; stderr: string; exitCode: number } {
  let mode: 'b' | 'c' | 'f' | undefined;
  let list = '';
  let delimiter = '\t';
  let between: string | undefined;
  let onlyDelimited = false;
  let complement = false;
  const refused = (what: string) => ({ stdout: '', stderr: `cut: not supported: ${what}\n`, exitCode: 1 });
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^--(bytes|characters|fields|delimiter|output-delimiter)(?:=([^]*))?$/.exec(arg);
    if (arg === '-s' || arg === '--only-delimited') onlyDelimited = true;
    else if (arg === '--complement') complement = true;
    else if (arg === '-n') continue;
    else if (long !== null || /^-[bcfd]/.test(arg)) {
      const name = long !== null ? long[1]! : arg[1]!;
      const value = (long !== null ? long[2] : arg.slice(2) || undefined) ?? args[++i] ?? '';
      if (name === 'output-delimiter') between = value;
      else if (name[0] === 'd') delimiter = value;
      else {
        mode = name[0] as 'b' | 'c' | 'f';
        list = value;
      }
    } else return refused(arg);
  }
  const ranges = list.split(/[, ]/).map((range) => /^(\d*)(-?)(\d*)$/.exec(range));
  if (mode === undefined || delimiter.length !== 1 || ranges.some((range) => range === null || range[0] === '' || range[0] === '-')) return refused(args.join(' '));
  const wanted = (number: number) => ranges.some((range) => number >= Number(range![1] || 1) && number <= Number(range![3] || (range![2] === '-' ? Number.POSITIVE_INFINITY : range![1]))) !== complement;
  const lines = input.endsWith('\n') ? input.slice(0, -1).split('\n') : input === '' ? [] : input.split('\n');
  let stdout = '';
  for (const line of lines) {
    if (mode === 'f' && !line.includes(delimiter)) {
      if (!onlyDelimited) stdout += `${line}\n`;
      continue;
    }
    const parts = mode === 'f' ? line.split(delimiter) : [...line];
    stdout += `${parts.filter((_, index) => wanted(index + 1)).join(between ?? (mode === 'f' ? delimiter : ''))}\n`;
  }
  return { stdout, stderr: '', exitCode: 0 };
}
