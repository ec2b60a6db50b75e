import { type Cancellation, type Host, type LuaFactory, type Shell, checkCancelled } from '../host.js';
import { KnownAnswers } from '../spec/index.js';
import type { Target } from '../targets/index.js';
import type { Snapshot } from './snapshot.js';

/** A spec that asks for more than this is not helped by more rounds. */
const questionLimit = 500;
/** Answers that lead to new questions: a chain longer than this never ends. */
const roundLimit = 5;

/**
 * Answers to what only a shell can tell, and the Lua interpreter where one is needed. They are kept by the command's text: whatever is edited elsewhere, nothing is asked
 * twice. What the shell does not understand is remembered as such and stays pending, so that what depends on it is known
 * to be incomplete.
 */
export class AnswerBook {
  readonly #host: Pick<Host, 'shell' | 'lua' | 'machine'>;
  readonly #pages = new Map<string, Page>();
  #lua: LuaFactory | undefined;

  constructor(host: Pick<Host, 'shell' | 'lua' | 'machine'>) {
    this.#host = host;
  }

  /** The interpreter, once some spec has needed it. */
  get lua(): LuaFactory | undefined {
    return this.#lua;
  }

  /** The answers for a target; the same object every time, so that evaluations can tell that nothing was swapped. */
  answersFor(target: Target): KnownAnswers {
    return this.#pageOf(target).answers;
  }

  /** Whether some evaluation waits for what nobody was asked for yet. */
  hasQuestions(snapshot: Snapshot): boolean {
    return snapshot.evaluations.some(({ pending, target }) => pending.some((question) => (question.kind === 'lua' ? this.#lua === undefined : !this.#pageOf(target).asked.has(question.text))));
  }

  /** Has the snapshot's open questions answered. True where something was learned, so that reading it again is worth while. */
  async learn(snapshot: Snapshot, cancellation: Cancellation): Promise<boolean> {
    let isNew = false;
    for (const { pending, target } of snapshot.evaluations) {
      const { asked, answers, shell } = this.#pageOf(target);
      for (const question of pending) {
        checkCancelled(cancellation);
        if (question.kind === 'lua') {
          if (this.#lua !== undefined) continue;
          this.#lua = await this.#host.lua();
          isNew = true;
          continue;
        }
        if (asked.has(question.text) || asked.size >= questionLimit) continue;
        const { output, understood } = await shell(question.text, cancellation);
        asked.add(question.text);
        if (understood) answers.add(question, output);
        isNew ||= understood;
      }
    }
    return isNew;
  }

  #pageOf({ arch }: Target): Page {
    let page = this.#pages.get(arch);
    if (page === undefined) {
      const { processors } = this.#host.machine;
      page = { asked: new Set(), answers: new KnownAnswers(), shell: this.#host.shell({ arch, wordSize: /64|s390x/.test(arch) ? 64 : 32, processors }) };
      this.#pages.set(arch, page);
    }
    return page;
  }
}

/** What was asked on machines of one architecture. */
interface Page {
  readonly asked: Set<string>;
  readonly answers: KnownAnswers;
  readonly shell: Shell;
}

/**
 * Makes a snapshot, has its questions answered and makes it again, until there is nothing more to learn or the rounds
 * are used up. The snapshots in between are released.
 */
export async function settle(make: (previous: Snapshot | undefined) => Snapshot, book: AnswerBook, cancellation: Cancellation): Promise<Snapshot> {
  let snapshot = make(undefined);
  for (let round = 0; round < roundLimit; round++) {
    try {
      if (!(await book.learn(snapshot, cancellation))) return snapshot;
    } catch (error) {
      snapshot.release();
      throw error;
    }
    const before = snapshot;
    try {
      snapshot = make(before);
    } finally {
      before.release();
    }
  }
  return snapshot;
}
