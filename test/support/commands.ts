import { execFileSync, spawnSync } from 'node:child_process';

const known = new Map<string, boolean>();

/** Whether a program of that name can be started. */
export function hasCommand(name: string): boolean {
  let has = known.get(name);
  if (has === undefined) {
    has = spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
    known.set(name, has);
  }
  return has;
}

/** For node:test's `skip`: false where all programs are there, else a message that names those that are not. */
export function skipWithout(...names: readonly string[]): string | false {
  const missing = names.filter((name) => !hasCommand(name));
  return missing.length === 0 ? false : `left out: this machine has no ${missing.join(', ')}`;
}

/** Whether the git on PATH is of this version or newer. */
export function gitIsAtLeast(major: number, minor: number): boolean {
  const [, ours = '0', theirs = '0'] = /(\d+)\.(\d+)/.exec(execFileSync('git', ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(ours) > major || (Number(ours) === major && Number(theirs) >= minor);
}

/** Git prints other patch ids of binary and mode changes since 2.39; ours are those. */
export const skipWithoutNewPatchIds: string | false = gitIsAtLeast(2, 39) ? false : 'left out: before git 2.39, patch ids of binary and mode changes were others';
