/** Questions of an evaluation that only the outside can answer, and evaluating until none is left. */
import { CancelledError, type LuaFactory } from '../host.js';
import type { Answers, MacroQuestion } from '../macros/index.js';
import { evaluate } from './evaluate.js';
import type { EvaluationInputs } from './inputs.js';
import type { Evaluation } from './model.js';

/** Answers by the text of their question, for as many evaluations as one likes: an edit elsewhere asks nothing. */
export class KnownAnswers implements Answers {
  readonly #known = new Map<string, string>();
  readonly #unanswerable = new Set<string>();

  answer(question: MacroQuestion): string | undefined {
    return this.#known.get(key(question));
  }

  add(question: MacroQuestion, answer: string): void {
    this.#known.set(key(question), answer);
  }

  /** Notes that a question cannot be answered: it stays pending, and is not asked again. */
  giveUp(question: MacroQuestion): void {
    this.#unanswerable.add(key(question));
  }

  isGivenUp(question: MacroQuestion): boolean {
    return this.#unanswerable.has(key(question));
  }
}

function key({ kind, text }: MacroQuestion): string {
  return `${kind} ${text}`;
}

/** Who answers. */
export interface Answerer {
  /** What a command prints; undefined where that cannot be told. Without it commands stay unanswered. */
  shell?(command: string): Promise<string | undefined>;
  /** The Lua interpreter, loaded where a spec needs it. */
  loadLua?(): Promise<LuaFactory>;
}

/** After so many rounds what is still asked for stays unanswered: an answer may bring up the next question for ever. */
export const answerRounds = 8;

/**
 * Evaluates again and again while answers arrive. The result is that of the last round: problems that only came of a
 * missing answer are not in it. What is then still pending is listed in it.
 */
export async function evaluateWithAnswers(text: string, inputs: Omit<EvaluationInputs, 'answers'>, known: KnownAnswers, answerer: Answerer, previous?: Evaluation): Promise<Evaluation> {
  let { lua } = inputs;
  const run = (before: Evaluation | undefined) => evaluate(text, { ...inputs, answers: known, ...(lua === undefined ? {} : { lua }) }, before);
  let evaluation = run(previous);
  for (let round = 1; round < answerRounds; round++) {
    const answerable = evaluation.pending.filter(({ kind, text }) => (kind === 'lua' ? answerer.loadLua !== undefined && lua === undefined : answerer.shell !== undefined && !known.isGivenUp({ kind, text })));
    if (answerable.length === 0) break;
    await Promise.all(
      answerable.map(async (question) => {
        if (question.kind === 'lua') lua = await answerer.loadLua!();
        else {
          const answer = await answerer.shell!(question.text);
          if (answer === undefined) known.giveUp(question);
          else known.add(question, answer);
        }
      }),
    );
    if (inputs.cancellation?.isCancelled === true) throw new CancelledError();
    evaluation = run(evaluation);
  }
  return evaluation;
}
