/**
 * Reading on behind what rpm refuses. rpm stops at its first error; who edits a spec wants to know the rest. A line with
 * a refused meaning is passed over while reading. One that cannot be read at all (a condition without a value, a brace that
 * is never closed) is blanked and the text read again: every offset stays where it is, since blanks take the place of
 * what they hide.
 */
import type { Span } from '../text/index.js';
import type { ExplanationStep, MacroDefinition } from '../macros/index.js';
import type { Target } from '../targets/index.js';
import { evaluate } from './evaluate.js';
import { SpecEvaluation, isConsequence } from './evaluation.js';
import type { EvaluationInputs } from './inputs.js';
import type {
  ChangelogEntry, ConditionalLine, DefinitionEvent, Evaluation, EvaluationProblem, ExpandedText, MacroUse, PatchApplication, PendingQuestion, Section, SourceEntry, SpecPackage, Tag,
} from './model.js';

/** More refusals than these in one spec are no spec. */
const mostRefusals = 24;

/** What a spec means where every line that rpm refuses is taken for a blank one; rpm's own evaluation where it accepts the spec. */
export function evaluateWhole(text: string, given: EvaluationInputs, previous?: Evaluation): Evaluation {
  const inputs = { ...given, readsOn: true };
  const before = previous instanceof WholeEvaluation ? previous : undefined;
  const first = evaluate(text, inputs, before?.rounds[0] ?? previous);
  const rounds = [first];
  const found: EvaluationProblem[] = [];
  let blanked = text;
  while (rounds.length <= mostRefusals) {
    const round = rounds.at(-1)!;
    const refusal = refusalOf(round, blanked);
    if (refusal === undefined) break;
    const next = blank(blanked, refusedSpan(refusal, text));
    if (next === blanked) break;
    blanked = next;
    rounds.push(evaluate(blanked, inputs, before?.rounds[rounds.length] ?? round));
    for (const problem of rounds.at(-1)!.problems) if (!isConsequence(problem) && !first.problems.some((one) => isSame(one, problem)) && !found.some((one) => isSame(one, problem))) found.push({ ...problem, behindRefusal: true });
  }
  return rounds.length === 1 ? first : new WholeEvaluation(rounds, [...first.problems, ...found]);
}

interface Refusal {
  readonly problem: EvaluationProblem;
  /** Written offset behind what rpm had read when it stopped. */
  readonly stoppedAt: number;
}

/** The error at which rpm stopped before the end of the text; undefined where it read to the end, or a limit of ours ended it. */
function refusalOf(evaluation: Evaluation, text: string): Refusal | undefined {
  if (evaluation.accepted || !(evaluation instanceof SpecEvaluation) || evaluation.reading.cutShort) return undefined;
  const problem = evaluation.problems.findLast(({ severity }) => severity === 'error');
  const { stoppedAt } = evaluation;
  if (problem === undefined) return undefined;
  // A brace that is never closed takes the rest of the text with it.
  return stoppedAt < text.trimEnd().length || problem.code.endsWith('unclosed-macro') ? { problem, stoppedAt } : undefined;
}

/** The lines from the refused one to where reading stopped, with the last line break. */
function refusedSpan({ problem, stoppedAt }: Refusal, text: string): Span {
  const start = problem.span.start === 0 ? 0 : text.lastIndexOf('\n', problem.span.start - 1) + 1;
  const last = problem.code.endsWith('unclosed-macro') ? problem.span.start : Math.max(problem.span.start, stoppedAt - 1);
  const end = text.indexOf('\n', last);
  return { start, end: end < 0 ? text.length : end + 1 };
}

/** Blanks a span, line breaks excepted. A condition that cannot be evaluated holds, so that its %endif still has an %if. */
function blank(text: string, { start, end }: Span): string {
  const hidden = text.slice(start, end).replace(/[^\r\n]/g, ' ');
  const [, keyword] = /^\s*(%(?:el)?if)(?:n?arch|n?os)?\b/.exec(text.slice(start, end)) ?? [];
  const stub = keyword === undefined ? '' : `${keyword} ${keyword === '%if' ? 1 : 0}`;
  const firstBreak = hidden.search(/[\r\n]/);
  const room = firstBreak < 0 ? hidden.length : firstBreak;
  return text.slice(0, start) + (stub.length <= room ? stub + hidden.slice(stub.length) : hidden) + text.slice(end);
}

function isSame(a: EvaluationProblem, b: EvaluationProblem): boolean {
  return a.code === b.code && a.span.start === b.span.start && a.span.end === b.span.end && a.message === b.message;
}

class WholeEvaluation implements Evaluation {
  readonly accepted = false;
  readonly readsOn = true;

  constructor(
    /** The text as it is, then with one refused line more blanked in each. */
    readonly rounds: readonly Evaluation[],
    readonly problems: readonly EvaluationProblem[],
  ) {}

  get #last(): Evaluation {
    return this.rounds.at(-1)!;
  }

  get target(): Target {
    return this.#last.target;
  }
  get expanded(): ExpandedText {
    return this.#last.expanded;
  }
  get packages(): readonly SpecPackage[] {
    return this.#last.packages;
  }
  get tags(): readonly Tag[] {
    return this.#last.tags;
  }
  get sources(): readonly SourceEntry[] {
    return this.#last.sources;
  }
  get patches(): readonly SourceEntry[] {
    return this.#last.patches;
  }
  get applications(): readonly PatchApplication[] {
    return this.#last.applications;
  }
  get sections(): readonly Section[] {
    return this.#last.sections;
  }
  get changelog(): readonly ChangelogEntry[] {
    return this.#last.changelog;
  }
  get conditionals(): readonly ConditionalLine[] {
    return this.#last.conditionals;
  }
  /** Those of the refused lines too, as far as rpm had expanded them before it stopped. */
  get macroUses(): readonly MacroUse[] {
    return (this.#uses ??= this.#withRefused((round) => round.macroUses));
  }
  #uses: readonly MacroUse[] | undefined;
  get definitions(): readonly DefinitionEvent[] {
    return this.#last.definitions;
  }
  get skipped(): readonly Span[] {
    return this.#last.skipped;
  }
  get pending(): readonly PendingQuestion[] {
    return this.#last.pending;
  }
  expand(text: string): string {
    return this.#last.expand(text);
  }
  session(): ReturnType<Evaluation['session']> {
    return this.#last.session();
  }
  explain(text: string): readonly ExplanationStep[] {
    return this.#last.explain(text);
  }
  lookup(name: string): MacroDefinition | undefined {
    return this.#last.lookup(name);
  }
  macroNames(): readonly string[] {
    return this.#last.macroNames();
  }

  #withRefused<T extends { readonly span: Span }>(list: (round: Evaluation) => readonly T[]): readonly T[] {
    const all = [...list(this.#last)];
    const known = new Set(all.map(({ span }) => span.start));
    for (const round of this.rounds.slice(0, -1))
      for (const item of list(round)) {
        if (known.has(item.span.start)) continue;
        known.add(item.span.start);
        all.push(item);
      }
    return all.sort((a, b) => a.span.start - b.span.start);
  }
}
