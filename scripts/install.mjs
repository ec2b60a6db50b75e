/** Installs what the lock file names, once: does nothing while node_modules fits the lock file. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function install() {
  const lock = readFileSync(`${root}/package-lock.json`, 'utf8');
  const mark = `${root}/node_modules/.spectrail-installed`;
  try {
    if (readFileSync(mark, 'utf8') === lock) return;
  } catch {
    // An npm install by hand left no mark; it is good if it is newer than the lock file.
    try {
      if (statSync(`${root}/node_modules/.package-lock.json`).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs) return;
    } catch {}
  }
  console.error('Installing dependencies (npm ci) ...');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(mark, lock);
}

/** Runs a command in the project's folder; ends this process with its status when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
