/**
 * What a spec means: rpm's build/parseSpec.c and its neighbours over a text, for one target, giving a model, problems in
 * rpm's words and a source map. It never reads the syntax tree, and never starts anything.
 *
 * {@link evaluate} is rpm's own reading, which ends at the first error; {@link evaluateWhole} reads on behind it. Spans count from the start of the text as written; what came from an included
 * file has the span of the %include line.
 */
export type * from './model.js';
export { evaluate } from './evaluate.js';
export { evaluateWhole } from './evaluateWhole.js';
export { type Answerer, KnownAnswers, answerRounds, evaluateWithAnswers } from './answers.js';
export { type EvaluationInputs, type OutsideDefinition } from './inputs.js';
export { type DifferenceCause, type SpecDifference, differencesOf } from './differences.js';
export { sectionNames } from './lines.js';
export { type PreambleTag, type TagQualifier, dependencyTags, preambleTags, singleTokenTags } from './rpmTag.js';
export { type ChangelogDate, parseChangelogDate } from './changelogDate.js';
export { parseDependencies } from './dependencies.js';
export { type Query, type QueryResult, query } from './query.js';
