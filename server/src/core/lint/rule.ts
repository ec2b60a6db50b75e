import type { Evaluation, EvaluationProblem } from '../spec/index.js';
import type { LineIndex, RelatedPlace, Severity, Span, TextEdit } from '../text/index.js';
import type { PackageFacts, Snapshot } from '../workspace/index.js';
import type { Suppression } from './suppression.js';
import type { LinePlace, WrittenLine, WrittenSpec } from './written.js';

/**
 * What kind of trouble a rule is about. `rpm`: rpm itself says so. `correctness`: the package is built otherwise than
 * meant. `suspicious`: most likely a mistake. `packaging`: against what distributions ask for. `style`: harder to read
 * or to keep than need be. `provenance`: what a patch is and says of itself.
 */
export type RuleGroup = 'rpm' | 'correctness' | 'suspicious' | 'packaging' | 'style' | 'provenance';

/** The same rule in another tool, by its id there; `inspired` where it judges otherwise. */
export interface RuleSource {
  readonly tool: 'rpmlint' | 'rpm' | 'spec-cleaner' | 'rpminspect';
  readonly id: string;
  readonly how: 'same' | 'inspired';
}

/** A message in three parts, each a full sentence. `{{name}}` stands for a value that the finding gives. */
export interface RuleMessage {
  /** What was found; shown alone where there is little room. */
  readonly what: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do about it. */
  readonly help: string;
}

export type Messages = Readonly<Record<string, RuleMessage>>;

/** Names of the values that a text asks for. */
type Placeholders<S extends string> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Placeholders<Rest> : never;

type DataOf<M extends RuleMessage> = { readonly [K in Placeholders<M['what'] | M['why'] | M['help']>]: string | number };

/** What a rule reports: where, which message, and exactly the values that the message asks for. */
export type Report<M extends Messages> = {
  [K in keyof M & string]: {
    readonly at: Span;
    readonly message: K;
    /** Other places in the spec that help to understand. */
    readonly related?: readonly RelatedPlace[];
    /** In place of the rule's own severity; a person's setting goes above both. */
    readonly severity?: Severity;
  } & (keyof DataOf<M[K]> extends never ? { readonly data?: undefined } : { readonly data: DataOf<M[K]> });
}[keyof M & string];

/** What a rule sees. It may not reach beyond it: no files, no clock, no network, and nothing asynchronous. */
export interface RuleContext {
  readonly text: string;
  readonly lines: LineIndex;
  /** How the text was stored. */
  readonly encoding: Snapshot['encoding'];
  /** Lines as they are written, with the section each stands in, as `spec` read them. */
  readonly written: WrittenSpec;
  /** The evaluation at hand. */
  readonly spec: Evaluation;
  /** Evaluations for every target, `spec` among them. */
  readonly specs: readonly Evaluation[];
  readonly facts: PackageFacts;
  readonly suppressions: readonly Suppression[];
  /** Ids of all rules there are, those that are off too. */
  readonly ruleIds: ReadonlySet<string>;
  /** Whether some rule words a problem of rpm's better. */
  isJudgedElsewhere(problem: EvaluationProblem): boolean;
  /** For rules that run `per: 'findings'`: names in suppressions that silenced nothing, although their rule ran. Else empty. */
  readonly unusedSuppressions: readonly { readonly id: string; readonly span: Span }[];
}

/** A fix, worked out from a finding of the same rule. */
export interface RuleFix<M extends Messages> {
  /** `safe` keeps the built package as it is and may be applied unseen; `unsafe` wants a person's eyes. */
  readonly safety: 'safe' | 'unsafe';
  /** What it does, as an imperative sentence without a full stop; may use the finding's values. */
  readonly title: string;
  /** The edits, which may not overlap; undefined where this finding cannot be fixed. */
  edits(finding: Report<M>, context: RuleContext): readonly TextEdit[] | undefined;
}

export interface RuleDeclaration<M extends Messages> {
  /** Names the defect, in the words of rpmlint where it has the rule. Found again in file, page, test and setting. */
  readonly id: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** Whether code scanning should count its findings among those on security. */
  readonly isSecurity?: boolean;
  /** One imperative line for lists and settings, without a full stop. */
  readonly summary: string;
  readonly sources?: readonly RuleSource[];
  /**
   * `target`: runs for every evaluation, and the same finding for several targets is one. `spec`: runs once, for what
   * does not depend on a target or speaks of all of them together. `findings`: runs once, when all others have.
   */
  readonly per?: 'target' | 'spec' | 'findings';
  /** Facts without which the rule has nothing to say: it is not run while they are unknown. */
  readonly needs?: readonly ('files' | 'traces')[];
  /** rpm's own problems that this rule words better, by code or by code and words: `rpm-warning` and `rpm-error` leave them to it. */
  readonly judges?: readonly (string | { readonly code: string; readonly words: RegExp })[];
  readonly messages: M;
  /** Looks at the whole spec. A rule has this or `lines`, or both. */
  check?(context: RuleContext & { report(finding: Report<M>): void }): void;
  readonly lines?: LineCheck<M>;
  readonly fix?: RuleFix<M>;
}

/** A line without its neighbours. */
export type LoneLine = Pick<WrittenLine, 'text' | 'isComment'> & LinePlace;

/**
 * What a rule finds in single lines. A keystroke changes one line of thousands, and specs share many: what was found in
 * a line is kept for every line of the same text that stands in a place of the same kind, in whatever spec.
 */
export interface LineCheck<M extends Messages> {
  /** Which lines are looked at, by where they stand ({@link readIn}, mostly). Asked once for each kind of place. */
  at(place: LinePlace): boolean;
  /** May go by nothing but the line. Spans count from its start. */
  check(line: LoneLine, report: (finding: Report<M>) => void): void;
  /** Whether what was found in a line holds in this spec; the place is the spec's. Asked every time, so what depends on more than the line goes here. */
  holds?(finding: Report<M>, context: RuleContext): boolean;
}

/** A report whose message is no longer known by type. */
export interface AnyReport {
  readonly at: Span;
  readonly message: string;
  readonly related?: readonly RelatedPlace[];
  readonly severity?: Severity;
  readonly data?: Readonly<Record<string, string | number>> | undefined;
}

/** A declared rule, as lists and the engine hold it. */
export interface Rule extends Omit<RuleDeclaration<Messages>, 'check' | 'lines' | 'fix'> {
  check?(context: RuleContext & { report(finding: AnyReport): void }): void;
  readonly lines?: { at(place: LinePlace): boolean; check(line: LoneLine, report: (finding: AnyReport) => void): void; holds?(finding: AnyReport, context: RuleContext): boolean };
  readonly fix?: { readonly safety: 'safe' | 'unsafe'; readonly title: string; edits(finding: AnyReport, context: RuleContext): readonly TextEdit[] | undefined };
}

/** Declares a rule; the types of what it reports follow from its messages. */
export function defineRule<const M extends Messages>(rule: RuleDeclaration<M>): Rule {
  return rule;
}

/** Puts values into a message's text. A missing value is a bug of the rule. */
export function fillIn(text: string, data: Readonly<Record<string, string | number>> | undefined): string {
  return !text.includes('{{') ? text : text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (data === undefined || !Object.hasOwn(data, name)) throw new Error(`the message wants '${name}'`);
    return String(data[name]);
  });
}
