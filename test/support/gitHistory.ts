import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type CommitRecord, type CommitStreamOptions, type FetchChanges, logPatchTask, parsePatch } from '#server/core/patches/index.js';

/** Runs git on a repository, which it neither fetches for nor writes to. */
function startGit(gitDir: string, args: readonly string[]) {
  return spawn('git', ['--no-replace-objects', '-c', 'protocol.allow=never', `--git-dir=${gitDir}`, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

export async function gitOutput(gitDir: string, args: readonly string[], input = ''): Promise<{ readonly output: Buffer; readonly code: number }> {
  const git = startGit(gitDir, args);
  git.stdin.on('error', () => {});
  git.stdin.end(input);
  git.stderr.resume();
  const chunks: Buffer[] = [];
  git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(git, 'close')) as [number];
  return { output: Buffer.concat(chunks), code };
}

/** git parses all commits it is given before it prints the first; a new start should not cost seconds. */
const commitsAtOnce = 2000;

/**
 * The records of commits, in the order asked, without those whose objects are not all there: git ends where a blob is
 * absent, and is started again behind that commit.
 */
export async function readRecords(gitDir: string, commits: readonly string[], options: CommitStreamOptions = {}, absent: string[] = []): Promise<CommitRecord[]> {
  const records: CommitRecord[] = [];
  for (let start = 0; start < commits.length; start += commitsAtOnce) {
    let rest = commits.slice(start, start + commitsAtOnce);
    while (rest.length > 0) {
      const { part, isWhole } = await readPart(gitDir, rest, options);
      // Where git ended early, the last record may have been cut off in the middle of its diff.
      const last = isWhole ? undefined : part.pop();
      for (const record of part) records.push(record);
      if (isWhole) break;
      const at = last === undefined ? 0 : rest.indexOf(last.id);
      if (at > 0) rest = rest.slice(at);
      else {
        // It is the first one that cannot be read, or git would have come further.
        absent.push(rest[0]!);
        rest = rest.slice(1);
      }
    }
  }
  return records;
}

async function readPart(gitDir: string, commits: readonly string[], options: CommitStreamOptions): Promise<{ readonly part: CommitRecord[]; readonly isWhole: boolean }> {
  const task = logPatchTask({ commits, merges: true, ...options });
  const git = startGit(gitDir, task.args);
  git.stdin.on('error', () => {});
  git.stdin.end(task.input);
  git.stderr.resume();
  const closed = once(git, 'close') as Promise<[number]>;
  const part: CommitRecord[] = [];
  for await (const batch of task.parse(git.stdout)) part.push(...batch);
  const [code] = await closed;
  return { part, isWhole: code === 0 };
}

/** Every commit that the revisions reach, but merges. */
export async function listCommits(gitDir: string, revisions: readonly string[]): Promise<string[]> {
  const { output } = await gitOutput(gitDir, ['rev-list', '--no-merges', '--stdin'], revisions.map((each) => `${each}\n`).join(''));
  return output.toString('latin1').trim().split('\n').filter(Boolean);
}

/** Fetches commits' diffs for comparison; each is read from git once. */
export function fetchFrom(gitDir: string): FetchChanges {
  const known = new Map<string, Uint8Array | undefined>();
  return async (commits) => {
    const wanted = [...new Set(commits.map((commit) => commit.fact.id))].filter((id) => !known.has(id));
    for (const id of wanted) known.set(id, undefined);
    for (const record of await readRecords(gitDir, wanted, { keepDiffBytes: 4 << 20 })) known.set(record.id, record.diff);
    return commits.map((commit) => {
      const diff = known.get(commit.fact.id);
      const patch = diff && diff.length > 0 ? parsePatch(diff) : undefined;
      const change = patch?.changes[0];
      return patch && change ? { patch, change } : undefined;
    });
  };
}
