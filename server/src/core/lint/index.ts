/**
 * Rules over a snapshot: synchronous, without files, processes or network. What a rule needs from outside must already
 * be in the snapshot's facts. A rule sees meaning (the evaluation) and text, and knows nothing of who shows its findings.
 */
export { type LintInput, type LintOptions, lint } from './engine.js';
export { type Finding, type FindingFix, compareFindings, fingerprints } from './finding.js';
export { type FixedText, applyFixes } from './fix.js';
export { type AnyReport, type LineCheck, type LoneLine, type Messages, type Report, type Rule, type RuleContext, type RuleDeclaration, type RuleFix, type RuleGroup, type RuleMessage, type RuleSource, defineRule } from './rule.js';
export { rulePage } from './rules/pages.js';
export { rules } from './rules/index.js';
export { type Suppression, findSuppressions } from './suppression.js';
