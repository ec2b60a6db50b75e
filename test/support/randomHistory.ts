/**
 * Makes git repositories with many commits of code-like text, the same ones every time, through `git fast-import`: one
 * process whatever the number of commits.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { gitEnvironment } from './repo.js';

/** A small generator of numbers, so that a seed gives the same history everywhere. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const words = 'buffer socket header cookie proxy handle reply stream packet window cache timer signal mutex thread parser token session cipher digest option verbose retry limit offset length status result error'.split(' ');

/** A line of something like C. One in five is a line that code is full of. */
export function codeLine(random: (below: number) => number): string {
  const word = (): string => words[random(words.length)]!;
  const indent = '  '.repeat(random(4));
  switch (random(10)) {
    case 0:
      return `${indent}}`;
    case 1:
      return `${indent}return ${['NULL', '0', '-1', 'result'][random(4)]};`;
    case 2:
      return '';
    case 3:
      return `${indent}if(${word()}->${word()}_${word()} > ${random(5000)}) {`;
    case 4:
      return `${indent}/* ${word()} ${word()} ${word()} the ${word()} ${random(900)} */`;
    default:
      return `${indent}${word()}_${word()} = ${word()}_${word()}(${word()}, ${random(10000)}, &${word()}[${random(64)}]);`;
  }
}

export interface RandomHistoryOptions {
  readonly commits: number;
  readonly seed?: number;
  /** Also files that only a fuzzer writes: bytes that are no text, no newline at the end, odd names, renames, modes. */
  readonly isWild?: boolean;
}

export function buildRandomHistory(folder: string, options: RandomHistoryOptions): (...args: string[]) => Buffer {
  const random = randomNumbers(options.seed ?? 1);
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]): Buffer => execFileSync('git', ['-C', folder, ...args], { env: gitEnvironment, maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '--quiet', '--initial-branch=main');
  const stream: Buffer[] = [];
  const files = new Map<string, string[]>();
  const modes = new Map<string, string>();
  const emit = (text: string): void => void stream.push(Buffer.from(text));
  const paths = [...Array(12).keys()].map((n) => `src/${words[n]}.c`).concat(['include/api.h', 'NEWS', 'tests/unit1.c', 'tests/unit2.c', 'lib/deep/er/file.c']);
  if (options.isWild) paths.push('odd name.txt', 'tab\tname', 'grün/ß.txt', 'quote".c', 'no-newline', 'blob.bin');
  const write = (path: string, lines: readonly string[]): void => {
    const quoted = /["\t\n]/.test(path) || path.startsWith('"') ? `"${path.replace(/["\\]/g, '\\$&').replace(/\t/g, '\\t')}"` : path;
    let content = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
    if (path === 'no-newline' && random(2) === 0) content = content.subarray(0, -1);
    if (path === 'blob.bin') content = Buffer.concat([Buffer.from([0, random(256), 255]), content]);
    emit(`M ${modes.get(path) ?? '100644'} inline ${quoted}\ndata ${content.length}\n`);
    stream.push(content);
    emit('\n');
  };
  const wildLine = (): string => {
    let line = '';
    for (let i = random(30); i > 0; i--) line += String.fromCharCode([9, 13, 32, 32, 11, 12, 45, 43, 64, 92, 65, 228, 255, 1][random(14)]!);
    return line;
  };
  const line = (): string => (options.isWild && random(4) === 0 ? wildLine() : codeLine(random));
  for (let n = 0; n < options.commits; n++) {
    const when = 1_500_000_000 + n * 3600;
    const message = `${words[random(words.length)]}: change ${words[random(words.length)]} number ${n}\n\nSome text about it.\n`;
    emit(`commit refs/heads/main\nauthor Ada Author <ada@example.org> ${when} +0100\ncommitter Ada Author <ada@example.org> ${when} +0100\ndata ${Buffer.byteLength(message)}\n${message}`);
    const touched = new Set<string>();
    for (let i = 1 + random(3); i > 0; i--) touched.add(paths[random(paths.length)]!);
    for (const path of touched) {
      const old = files.get(path);
      if (old === undefined) {
        const fresh = Array.from({ length: 40 + random(80) }, line);
        files.set(path, fresh);
        write(path, fresh);
        continue;
      }
      if (options.isWild && random(12) === 0) {
        emit(`D ${/["\t]/.test(path) ? `"${path.replace(/"/g, '\\"').replace(/\t/g, '\\t')}"` : path}\n`);
        files.delete(path);
        if (random(2) === 0 && !/["\t]/.test(path)) {
          const moved = `moved/${n}-${path.replace(/\W+/g, '-')}`;
          files.set(moved, old);
          paths.push(moved);
          write(moved, random(2) === 0 ? old : [...old, line()]);
        }
        continue;
      }
      if (options.isWild && random(15) === 0) modes.set(path, modes.get(path) === '100755' ? '100644' : '100755');
      const lines = [...old];
      for (let edits = 1 + random(4); edits > 0; edits--) {
        const at = random(lines.length + 1);
        lines.splice(at, random(4), ...Array.from({ length: random(6) }, line));
      }
      files.set(path, lines);
      write(path, lines);
    }
    emit('\n');
  }
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], { env: gitEnvironment, input: Buffer.concat(stream), stdio: ['pipe', 'ignore', 'pipe'] });
  return git;
}
