/**
 * Builds git repositories from a text description, with fixed dates and names, so that the same text gives the same
 * commit ids on every machine.
 *
 * A description is a list of commits, oldest first:
 *
 *     commit First subject            a commit on the current branch (main at first); `date 2021-03-04` may follow
 *     | a line of the message's body
 *     file src/a.c                    writes a file: the lines below that begin with four spaces (or `    ` alone) are its content
 *         int a;
 *     delete src/old.c
 *     tag v1.0                        tags the commit before it
 *     branch name [from ref]          goes to a branch, making it from the current commit or from `ref`
 *
 * A content line is taken behind its first four spaces. Each commit is a day after the one before, from 2020-01-01.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface BuiltRepository {
  readonly folder: string;
  /** Full commit ids by subject. */
  readonly commits: ReadonlyMap<string, string>;
  /** Runs git in it and returns what it prints, without the last line break. */
  git(...args: string[]): string;
}

/** The environment for git in tests: nothing of the user's configuration, fixed identity. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada Author',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada Author',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

export function buildRepository(folder: string, description: string): BuiltRepository {
  mkdirSync(folder, { recursive: true });
  const commits = new Map<string, string>();
  let day = Date.UTC(2020, 0, 1, 12) / 1000;
  const git = (...args: string[]): string => {
    const when = `${day} +0000`;
    return execFileSync('git', ['-C', folder, ...args], { env: { ...gitEnvironment, GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when }, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  };
  git('init', '--quiet', '--initial-branch=main');
  let pending: { subject: string; body: string[] } | undefined;
  const finish = () => {
    if (pending === undefined) return;
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '-m', [pending.subject, ...(pending.body.length > 0 ? ['', ...pending.body] : [])].join('\n'));
    commits.set(pending.subject, git('rev-parse', 'HEAD'));
    pending = undefined;
    day += 86400;
  };
  const lines = description.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, word, rest] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    switch (word) {
      case 'commit':
        finish();
        pending = { subject: rest!, body: [] };
        break;
      case '|':
        pending!.body.push(rest!);
        break;
      case 'date':
        day = Date.parse(`${rest}T12:00:00Z`) / 1000;
        break;
      case 'file': {
        const content: string[] = [];
        while (i + 1 < lines.length && (lines[i + 1]!.startsWith('    ') || (lines[i + 1] === '' && lines.slice(i + 2).find((next) => next !== '')?.startsWith('    ') === true))) content.push(lines[++i]!.slice(4));
        mkdirSync(dirname(join(folder, rest!)), { recursive: true });
        writeFileSync(join(folder, rest!), content.map((text) => `${text}\n`).join(''));
        break;
      }
      case 'delete':
        rmSync(join(folder, rest!));
        break;
      case 'tag':
        finish();
        git('tag', rest!);
        break;
      case 'branch': {
        finish();
        const [name, , from] = rest!.split(' ');
        if (from !== undefined) git('checkout', '--quiet', '-b', name!, from);
        else if (git('branch', '--list', name!) !== '') git('checkout', '--quiet', name!);
        else git('checkout', '--quiet', '-b', name!);
        break;
      }
      default:
        throw new Error(`line ${i + 1} of the description is not understood: ${line}`);
    }
  }
  finish();
  return { folder, commits, git };
}
