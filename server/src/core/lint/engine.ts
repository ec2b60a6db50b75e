import { type Cancellation, type Log, checkCancelled, silentLog } from '../host.js';
import type { Evaluation, EvaluationProblem } from '../spec/index.js';
import type { Severity, Span } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { type Finding, type FindingFix, compareFindings } from './finding.js';
import { LineFindings } from './lineFindings.js';
import { type AnyReport, type Rule, type RuleContext, fillIn } from './rule.js';
import { rules as allRules } from './rules/index.js';
import { type Suppression, findSuppressions } from './suppression.js';
import { WrittenSpec } from './written.js';

/** What of a snapshot rules look at: no tree, so that whoever lints many specs need not make them. */
export type LintInput = Pick<Snapshot, 'uri' | 'path' | 'text' | 'encoding' | 'lines' | 'evaluations' | 'evaluation' | 'facts' | 'settings'>;

export interface LintOptions {
  /** The rules to run, for tests; all of them otherwise. */
  readonly rules?: readonly Rule[];
  readonly log?: Log;
  readonly cancellation?: Cancellation;
  /** The same text is linted again and again as it is typed, so that it pays to keep what was found in its lines. */
  readonly isTyped?: boolean;
}

/** Runs the rules over a snapshot: findings in the order in which they are shown, none twice. Never throws for what a spec contains. */
export function lint(snapshot: LintInput, { rules = allRules, log = silentLog, cancellation, isTyped = false }: LintOptions = {}): readonly Finding[] {
  const suppressions = findSuppressions(snapshot.text);
  const contexts = snapshot.evaluations.map((spec) => new Context(snapshot, spec, suppressions));
  const settings = snapshot.settings.lint.rules;
  const findings: Finding[] = [];
  const ran = new Set<string>();
  const lineFindings = lineFindingsOf(rules);
  // One broken rule must not take the others' findings away.
  const onFailure = (rule: Rule, error: unknown): void => log.error(`lint rule ${rule.id} failed on ${snapshot.path ?? snapshot.uri}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  const run = (rule: Rule, over: readonly Context[]): void => {
    if (cancellation !== undefined) checkCancelled(cancellation);
    const setting = Object.hasOwn(settings, rule.id) ? settings[rule.id] : undefined;
    if (setting === 'off' || rule.needs?.some((fact) => !isKnown(snapshot, fact)) === true) return;
    ran.add(rule.id);
    try {
      findings.push(...findingsOf(rule, over, setting, (context) => context.inLines(lineFindings, isTyped, rule, onFailure)));
    } catch (error) {
      onFailure(rule, error);
    }
  };

  for (const rule of rules) if (rule.per !== 'findings') run(rule, rule.per === 'spec' ? contexts.slice(0, 1) : contexts);
  const used = new Set<string>();
  const silenced = (finding: Finding): boolean => {
    const line = snapshot.lines.lineAt(finding.span.start);
    let hit = false;
    for (const [index, suppression] of suppressions.entries()) {
      if (suppression.form === 'line' && suppression.line !== line) continue;
      if (!suppression.rules.some(({ id }) => id === finding.rule)) continue;
      used.add(`${index}:${finding.rule}`);
      hit = true;
    }
    return hit;
  };
  const loud = (from: readonly Finding[]): Finding[] => (suppressions.length === 0 ? [...from] : from.filter((finding) => !silenced(finding)));
  const shown = loud(findings.splice(0));
  const unused = suppressions.flatMap(({ rules: named }, index) => named.filter(({ id }) => ran.has(id) && !used.has(`${index}:${id}`)));
  for (const rule of rules) if (rule.per === 'findings') run(rule, [new Context(snapshot, snapshot.evaluation, suppressions, unused)]);
  return [...shown, ...loud(findings)].sort(compareFindings);
}

/** Of each list of rules that was asked for; those of all rules, and not many a test's. */
const kept = new WeakMap<readonly Rule[], LineFindings>();

function lineFindingsOf(rules: readonly Rule[]): LineFindings {
  let known = kept.get(rules);
  if (known === undefined) kept.set(rules, (known = new LineFindings(rules)));
  return known;
}

const ruleIds: ReadonlySet<string> = new Set(allRules.map(({ id }) => id));
const judged = allRules.flatMap(({ judges = [] }) => judges);

function isJudgedElsewhere({ code, message }: EvaluationProblem): boolean {
  return judged.some((one) => (typeof one === 'string' ? one === code : one.code === code && one.words.test(message)));
}

/** What rules see of one evaluation. One object serves all of them: making one a rule costs more than many a rule. */
class Context implements RuleContext {
  readonly text: string;
  readonly lines: LintInput['lines'];
  readonly encoding: LintInput['encoding'];
  readonly spec: Evaluation;
  readonly specs: readonly Evaluation[];
  readonly facts: LintInput['facts'];
  readonly suppressions: readonly Suppression[];
  readonly ruleIds = ruleIds;
  readonly isJudgedElsewhere = isJudgedElsewhere;
  readonly unusedSuppressions: RuleContext['unusedSuppressions'];
  /** Set anew for each rule. */
  report: (finding: AnyReport) => void = () => {};
  #written: WrittenSpec | undefined;
  #inLines: ReadonlyMap<Rule, readonly AnyReport[]> | undefined;

  constructor(input: LintInput, spec: Evaluation, suppressions: readonly Suppression[], unusedSuppressions: RuleContext['unusedSuppressions'] = []) {
    this.text = input.text;
    this.lines = input.lines;
    this.encoding = input.encoding;
    this.spec = spec;
    this.specs = input.evaluations;
    this.facts = input.facts;
    this.suppressions = suppressions;
    this.unusedSuppressions = unusedSuppressions;
  }

  get written(): WrittenSpec {
    return (this.#written ??= new WrittenSpec(this.text, this.lines, this.spec));
  }

  /** What a rule found in single lines. The lines are looked at once for all rules. */
  inLines(findings: LineFindings, isKept: boolean, rule: Rule, onFailure: (rule: Rule, error: unknown) => void): readonly AnyReport[] {
    this.#inLines ??= findings.of(this.written, (number) => this.lines.lineStart(number), isKept, onFailure);
    return this.#inLines.get(rule) ?? [];
  }
}

const none: readonly Finding[] = [];

/** Findings of one rule, each once, with the targets it holds for. */
function findingsOf(rule: Rule, contexts: readonly Context[], setting: Severity | undefined, inLines: (context: Context) => readonly AnyReport[]): Iterable<Finding> {
  // Most rules find nothing in most specs.
  let found: Map<string, { finding: Finding; targets: string[] }> | undefined;
  for (const context of contexts) {
    context.report = (reported: AnyReport): void => {
      const { message, related = [], data, severity } = reported;
      const at = withoutLineBreak(reported.at, context.text);
      const words = rule.messages[message];
      if (words === undefined) throw new Error(`there is no message '${message}'`);
      const text = fillIn(words.what, data).trim();
      const key = `${at.start}:${at.end}:${text}`;
      const known = (found ??= new Map()).get(key);
      if (known !== undefined) {
        if (!known.targets.includes(context.spec.target.id)) known.targets.push(context.spec.target.id);
        return;
      }
      found.set(key, {
        targets: [context.spec.target.id],
        finding: {
          rule: rule.id,
          group: rule.group,
          severity: setting ?? severity ?? rule.severity,
          message: text,
          why: fillIn(words.why, data),
          help: fillIn(words.help, data),
          span: at,
          related,
          targets: [],
          fix: fixOf(rule, reported, context),
        },
      });
    };
    if (rule.lines !== undefined) for (const reported of inLines(context)) if (rule.lines.holds?.(reported, context) !== false) context.report(reported);
    rule.check?.(context);
  }
  if (found === undefined) return none;
  return [...found.values()].map(({ finding, targets }) => (targets.length === contexts.length ? finding : { ...finding, targets }));
}

/** A finding on a whole line does not reach into the next one. */
function withoutLineBreak({ start, end }: Span, text: string): Span {
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return { start, end };
}

function fixOf({ fix }: Rule, reported: AnyReport, context: RuleContext): FindingFix | undefined {
  const edits = fix?.edits(reported, context);
  return edits === undefined ? undefined : { safety: fix!.safety, title: fillIn(fix!.title, reported.data), edits };
}

function isKnown({ facts }: LintInput, fact: 'files' | 'traces'): boolean {
  return fact === 'files' ? facts.files !== undefined : facts.traces.size > 0;
}
