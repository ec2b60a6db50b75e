/**
 * Indexing that is killed and begun again. A repository of made-up commits has two states, `early` and `late`, and a third
 * that a forced push left: `main` is put on one of them, indexed, put on the next, indexed again.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '#server/node/index.js';
import { indexContents } from './indexContents.js';
import { buildRandomHistory } from './randomHistory.js';

const worker = join(import.meta.dirname, '../faults/indexingWorker.js');

export interface KilledAt {
  readonly kind: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
}

export class KilledIndexing {
  readonly #folder: string;
  readonly #repository: string;
  readonly #git: (...args: string[]) => Buffer;
  readonly #states: readonly string[];
  /** What an undisturbed run has after each state. */
  #expected: Awaited<ReturnType<typeof indexContents>>[] = [];
  #stores = 0;
  /** Writes of each kind in an undisturbed run, and how long it took, milliseconds, state by state. */
  writes: ReadonlyMap<string, number>[] = [];
  durations: number[] = [];

  constructor(folder: string, commits: number) {
    this.#folder = folder;
    this.#repository = join(folder, 'repository');
    this.#git = buildRandomHistory(this.#repository, { commits, seed: 7 });
    const commit = (back: number): string => this.#git('rev-parse', `main~${back}`).toString().trim();
    const early = commit(Math.floor(commits / 3));
    const late = commit(0);
    // Of another line: what was pushed by force.
    const tree = this.#git('rev-parse', `${early}^{tree}`).toString().trim();
    const forced = this.#git('commit-tree', tree, '-p', commit(Math.floor(commits / 2)), '-m', 'Forced').toString().trim();
    this.#states = [early, late, forced];
    this.#git('tag', '--delete', ...this.#git('tag').toString().split('\n').filter(Boolean), '--');
  }

  get states(): number {
    return this.#states.length;
  }

  /** Runs undisturbed, which says what all others have to come to. */
  async begin(): Promise<void> {
    const path = this.newStore();
    for (let state = 0; state < this.states; state++) {
      this.moveTo(state);
      const began = performance.now();
      const { said, isDone } = await this.run(path);
      assert.ok(isDone, said);
      this.durations.push(performance.now() - began);
      const writes = new Map<string, number>();
      for (const kind of said.split('\n').filter((line) => line !== '' && line !== 'done')) writes.set(kind, (writes.get(kind) ?? 0) + 1);
      this.writes.push(writes);
      this.#expected.push(await this.#contents(path));
    }
    assert.ok(this.#expected[0]!.posted > 0 && this.#expected[1]!.posted > this.#expected[0]!.posted);
  }

  newStore(): string {
    return join(this.#folder, `store${this.#stores++}.sqlite`);
  }

  moveTo(state: number): void {
    this.#git('update-ref', 'refs/heads/main', this.#states[state]!);
  }

  /** Runs once; killed at a write, or after so many milliseconds, where it has not ended by then. */
  async run(path: string, kill?: KilledAt | number): Promise<{ readonly isDone: boolean; readonly said: string }> {
    const at = typeof kill === 'object' ? [kill.kind, String(kill.nth), kill.when] : [];
    const child = spawn(process.execPath, [worker, path, this.#repository, ...at], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = once(child, 'close');
    if (typeof kill === 'number') {
      await Promise.race([sleep(kill), ended]);
      child.kill('SIGKILL');
    }
    await ended;
    assert.equal(complaint, '');
    return { isDone: said.endsWith('done\n'), said };
  }

  /** The index must be what an undisturbed run has. */
  async check(path: string, state: number, what: string): Promise<void> {
    assert.deepEqual(await this.#contents(path), this.#expected[state], what);
  }

  discard(path: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  }

  async #contents(path: string): ReturnType<typeof indexContents> {
    const store = await openSqliteStore({ path });
    try {
      return await indexContents(store, this.#repository);
    } finally {
      await store.close();
    }
  }
}

/** Kills at the first, a middle and the last write of every kind, before and after it; returns how many kills there were. */
export async function killAtEveryKindOfWrite(indexing: KilledIndexing, choose: (count: number) => readonly number[]): Promise<number> {
  let kills = 0;
  const kinds = new Set(indexing.writes.flatMap((writes) => [...writes.keys()]));
  assert.deepEqual([...kinds].sort(), ['commit-facts', 'indexed-repository', 'manifest', 'postings', 'postings taken out'], 'every kind of write is met');
  for (const kind of kinds) {
    for (const when of ['before', 'after'] as const) {
      for (const nth of choose(Math.max(...indexing.writes.map((writes) => writes.get(kind) ?? 0)))) {
        const path = indexing.newStore();
        for (let state = 0; state < indexing.states; state++) {
          indexing.moveTo(state);
          const first = await indexing.run(path, { kind, nth, when });
          if (!first.isDone) kills++;
          assert.ok(first.isDone || (await indexing.run(path)).isDone);
          await indexing.check(path, state, `killed ${when} write ${nth} of ${kind}, state ${state}`);
        }
        indexing.discard(path);
      }
    }
  }
  return kills;
}

/** Kills at random moments until there were so many kills; returns how many indexes were finished meanwhile. */
export async function killAtRandom(indexing: KilledIndexing, wanted: number, random: () => number, progress: (kills: number) => void = () => {}): Promise<number> {
  let kills = 0;
  let finished = 0;
  while (kills < wanted) {
    const path = indexing.newStore();
    for (let state = 0; state < indexing.states; state++) {
      indexing.moveTo(state);
      // After a few kills it may come to its end: what is checked is the finished index.
      for (let tries = 0; ; tries++) {
        const { isDone } = await indexing.run(path, tries < 6 && kills < wanted ? random() * indexing.durations[state]! : undefined);
        if (isDone) break;
        progress(++kills);
      }
      await indexing.check(path, state, `after ${kills} kills, state ${state}`);
      finished++;
    }
    indexing.discard(path);
  }
  return finished;
}
