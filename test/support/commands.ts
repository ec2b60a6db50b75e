import { spawnSync } from 'node:child_process';

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
