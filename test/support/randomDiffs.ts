/**
 * Makes a git repository whose commits change files in every way git knows: text and bytes, CRLF, no newline at the end,
 * empty files, modes, symbolic links, submodules, renames, copies, files that become folders, names that must be quoted.
 * The same seed makes the same commits. Odd paths are bytes, not text.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { codeLine, randomNumbers } from './randomHistory.js';
import { gitEnvironment } from './repo.js';

type Random = (below: number) => number;

interface Entry {
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly content: Buffer;
}

const folders = ['', 'src/', 'lib/deep/er/', 'a/', 'b/', 'with blank/', 'gr\xc3\xbcn/', 'quo"te/', '-dash/', 'pkg-1.2.3/', 'dev/', 'x.orig/', 'a b/c d/'];
const names = ['main.c', 'NEWS', 'no newline', 'tab\there', 'new\nline', 'back\\slash', '\xff\xfe bytes', 'caf\xc3\xa9', 'x.orig', 'null', ' lead', 'trail ', '--- a', '+++ b', 'b', 'a b', '"quoted"', 'x => y', '{brace}', 'end\r', '\x01\x7f', 'Makefile~', 'diff --git'];

/** Builds `commits` of them on `main`; returns the git to ask and their ids, the oldest first. */
export function buildRandomDiffs(folder: string, commits: number, seed = 1): { readonly gitDir: string; readonly ids: readonly string[] } {
  const random = randomNumbers(seed);
  mkdirSync(folder, { recursive: true });
  const gitDir = `${folder}/diffs.git`;
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir], { env: gitEnvironment });
  const stream: Buffer[] = [];
  const emit = (text: string): void => void stream.push(Buffer.from(text, 'latin1'));
  const tree = new Map<string, Entry>();
  for (let n = 0; n < commits; n++) {
    const when = 1_500_000_000 + n * 60;
    const message = `Change ${n}\n\nText.\n`;
    emit(`commit refs/heads/main\ncommitter Ada Author <ada@example.org> ${when} +0000\ndata ${message.length}\n${message}`);
    for (let changes = 1 + random(3); changes > 0; changes--) changeOne(tree, random, emit, stream);
    emit('\n');
  }
  execFileSync('git', [`--git-dir=${gitDir}`, 'fast-import', '--quiet'], { env: gitEnvironment, input: Buffer.concat(stream), stdio: ['pipe', 'ignore', 'inherit'], maxBuffer: 1 << 30 });
  const list = execFileSync('git', [`--git-dir=${gitDir}`, 'rev-list', '--reverse', 'main'], { env: gitEnvironment, maxBuffer: 1 << 28 });
  return { gitDir, ids: list.toString().trim().split('\n') };
}

function changeOne(tree: Map<string, Entry>, random: Random, emit: (text: string) => void, stream: Buffer[]): void {
  const put = (path: string, entry: Entry): void => {
    // A file stands where a folder stood, or the other way round: git drops the one for the other.
    for (const other of tree.keys()) if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) tree.delete(other);
    tree.set(path, entry);
    if (entry.mode === '160000') {
      emit(`M 160000 ${entry.content.toString('latin1')} ${quoted(path)}\n`);
      return;
    }
    emit(`M ${entry.mode} inline ${quoted(path)}\ndata ${entry.content.length}\n`);
    stream.push(entry.content);
    emit('\n');
  };
  const remove = (path: string): void => {
    tree.delete(path);
    emit(`D ${quoted(path)}\n`);
  };
  const known = [...tree.keys()];
  const path = known[random(known.length || 1)];
  const entry = path === undefined ? undefined : tree.get(path)!;
  if (path === undefined || entry === undefined || known.length < 15 || (known.length < 60 && random(5) === 0)) return put(newPath(random), newEntry(random));
  const isFile = entry.mode === '100644' || entry.mode === '100755';
  switch (random(12)) {
    case 0:
      return remove(path);
    case 1: {
      remove(path);
      return put(newPath(random), isFile && random(2) === 0 ? { ...entry, content: edited(entry.content, random) } : entry);
    }
    case 2:
      return put(newPath(random), isFile && random(2) === 0 ? { ...entry, content: edited(entry.content, random) } : entry);
    case 3:
      return isFile ? put(path, { mode: entry.mode === '100644' ? '100755' : '100644', content: random(2) === 0 ? entry.content : edited(entry.content, random) }) : remove(path);
    case 4:
      return put(path, newEntry(random));
    default:
      return put(path, isFile ? { ...entry, content: edited(entry.content, random) } : newEntry(random));
  }
}

function newPath(random: Random): string {
  return folders[random(folders.length)]! + (random(3) === 0 ? names[random(names.length)]! : `file${random(40)}.c`);
}

function newEntry(random: Random): Entry {
  switch (random(14)) {
    case 0:
      return { mode: '120000', content: Buffer.from(`target${random(9)}`) };
    case 1:
      return { mode: '160000', content: Buffer.from(Array.from({ length: 40 }, () => random(16).toString(16)).join('')) };
    case 2:
      return { mode: '100644', content: Buffer.alloc(0) };
    case 3:
      return { mode: '100644', content: Buffer.from(Array.from({ length: 1 + random(300) }, () => random(256))) };
    default: {
      const ending = random(6) === 0 ? '\r\n' : '\n';
      const text = Array.from({ length: 1 + random(60) }, () => line(random)).join(ending);
      return { mode: random(10) === 0 ? '100755' : '100644', content: Buffer.from(random(5) === 0 ? text : text + ending, 'latin1') };
    }
  }
}

function edited(content: Buffer, random: Random): Buffer {
  const lines = content.toString('latin1').split('\n');
  for (let edits = 1 + random(4); edits > 0; edits--) lines.splice(random(lines.length + 1), random(3), ...Array.from({ length: random(4) }, () => line(random)));
  if (random(8) === 0) lines.push('');
  if (random(8) === 0 && lines.at(-1) === '') lines.pop();
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** Lines of code, and lines that look like those of a diff. */
function line(random: Random): string {
  if (random(4) !== 0) return codeLine(random);
  const odd = ['-- ', '--- a/x', '+++ b/x', '@@ -1 +1 @@', 'diff --git a/x b/x', '\\ No newline at end of file', '\tx\r', '', ' ', 'a\x0bb\x0c', '\xff\xe4', 'Index: x', '***************', '-- \n2.30', `commit ${'a'.repeat(40)}`, `From ${'b'.repeat(40)} Mon Sep 17 00:00:00 2001`, 'x'.repeat(3000), 'index 1..2', 'Binary files a/x and b/x differ', '0'.repeat(40)];
  return odd[random(odd.length)]!;
}

/** As fast-import wants it: C-style quotes around what has blanks or worse. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
