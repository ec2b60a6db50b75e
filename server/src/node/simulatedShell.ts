/**
 * Answers `%(...)` without a process, a file of this machine, or the network: a shell interpreter over an empty folder.
 * Whether a command can be answered so is part of the answer, since an empty text for `rpm -q foo` is not what rpm
 * would have got.
 */
import { type Shell, type ShellOptions, checkCancelled } from '../core/host.js';

/**
 * What a spec's shell calls in practice, and nothing that could reach out of the interpreter. The rest is "command not
 * found", as on a machine without it.
 */
const commands = ['awk', 'basename', 'cat', 'comm', 'cut', 'date', 'diff', 'dirname', 'echo', 'egrep', 'env', 'expr', 'false', 'fgrep', 'find', 'fold', 'grep', 'head', 'join', 'ls', 'md5sum', 'mkdir', 'nl', 'od', 'paste', 'printf', 'pwd', 'readlink', 'rev', 'sed', 'seq', 'sha1sum', 'sha256sum', 'sort', 'tac', 'tail', 'tee', 'touch', 'tr', 'true', 'uniq', 'wc', 'xargs', 'bash', 'sh'] as const;

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
    const { stdout, stderr } = await bash.exec(command, { rawScript: true });
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
