/**
 * How fast a history is read into commit records, beside git alone: `npm run bench:identity -- --repository DIRECTORY.git
 * [REVISION...]`. Prints commits and megabytes a second of the parser by itself, and the wall time of git with the parser
 * behind it against that of the same git with its output thrown away.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CommitStream, logPatchTask } from '#server/core/patches/index.js';

const args = process.argv.slice(2);
const at = args.indexOf('--repository');
if (at === -1 || args[at + 1] === undefined) {
  console.error('Give a repository: --repository DIRECTORY.git [REVISION...]');
  process.exit(2);
}
const [, gitDir] = args.splice(at, 2) as [string, string];
const revisions = args.length > 0 ? args : ['HEAD'];
const task = logPatchTask({ revisions });

async function run(take: (chunk: Buffer) => void): Promise<number> {
  const started = performance.now();
  const git = spawn('git', ['--no-replace-objects', '-c', 'protocol.allow=never', `--git-dir=${gitDir}`, ...task.args], { stdio: ['pipe', 'pipe', 'inherit'] });
  git.stdin.end(task.input);
  git.stdout.on('data', take);
  await once(git, 'close');
  return (performance.now() - started) / 1000;
}

let bytes = 0;
const alone = await run((chunk) => (bytes += chunk.length));
let commits = 0;
let lines = 0;
let busy = 0;
const stream = new CommitStream();
const together = await run((chunk) => {
  const started = performance.now();
  for (const record of stream.push(chunk)) {
    commits++;
    lines += record.lines.length;
  }
  busy += performance.now() - started;
});
commits += stream.end().length;
busy /= 1000;
const rate = (amount: number, seconds: number): string => (amount / seconds).toFixed(0);
console.log(`${commits} commits, ${(bytes / 1e6).toFixed(0)} MB of diff, ${(lines / Math.max(commits, 1)).toFixed(1)} line fingerprints a commit`);
console.log(`git alone             ${alone.toFixed(1)} s, ${rate(commits, alone)} commits/s`);
console.log(`git and the parser    ${together.toFixed(1)} s, ${rate(commits, together)} commits/s, ${(together / alone).toFixed(2)} times git alone`);
console.log(`the parser by itself  ${busy.toFixed(1)} s, ${rate(commits, busy)} commits/s, ${rate(bytes / 1e6, busy)} MB/s`);
console.log(`memory                ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
