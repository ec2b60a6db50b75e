import { type Cancellation, type LuaFactory, type Shell, checkCancelled } from '../host.js';
import type { Answers, MacroQuestion } from './expansion.js';

/** Answers by their command, kept from round to round and from edit to edit. */
export class AnswerBook implements Answers {
  readonly #answers = new Map<string, string>();
  readonly #guessed = new Set<string>();
  /** Given once something asked for it. */
  lua: LuaFactory | undefined = undefined;

  answer({ kind, text }: MacroQuestion): string | undefined {
    return kind === 'shell' ? this.#answers.get(text) : undefined;
  }

  /** Whether the answer to this command is a guess, because a program in it could not be answered for. */
  isGuess(command: string): boolean {
    return this.#guessed.has(command);
  }

  write(command: string, output: string, understood: boolean): void {
    // Long sessions ask much that is never asked again; the oldest go.
    if (this.#answers.size >= 10_000) this.#answers.delete(this.#answers.keys().next().value!);
    this.#answers.set(command, output);
    if (!understood) this.#guessed.add(command);
  }
}

/** Where answers come from. */
export interface AnswerSources {
  readonly shell: Shell;
  lua(): Promise<LuaFactory>;
}

/** More rounds mean that every answer makes another question: what is left then stays unanswered. */
const mostRounds = 8;

/**
 * Does something that expands macros as often as it takes until nothing it asked is without an answer: each round with
 * the answers of those before it. Gives the last round's result.
 */
export async function settle<T extends { readonly pending: readonly MacroQuestion[] }>(work: () => T, book: AnswerBook, sources: AnswerSources, cancellation: Cancellation): Promise<T> {
  let result = work();
  for (let round = 0; round < mostRounds && result.pending.length > 0; round++) {
    for (const { kind, text } of result.pending) {
      checkCancelled(cancellation);
      if (kind === 'lua') book.lua ??= await sources.lua();
      else if (book.answer({ kind, text }) === undefined) {
        const { output, understood } = await sources.shell(text, cancellation);
        book.write(text, output, understood);
      }
    }
    result = work();
  }
  return result;
}
