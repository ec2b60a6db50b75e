/**
 * The macro language: what rpm's rpmio/macro.c, expression.c and rpmlua.c do, without rpm and without running anything.
 * Given a table, the same text always expands to the same result; what only the outside can answer (a shell's output,
 * a file) is asked through an interface. This room knows text and nothing of specs, tags, sections, patches or targets.
 *
 * An {@link Expander} holds a {@link MacroTable} and expands texts one after the other; definitions in them change the
 * table. A checkpoint is `table.copy()`, in constant time; `equals` of two tables tells whether what follows can differ.
 */
export { type DefinitionSite, type MacroDefinition, automaticSite, builtinSite, commandLineSite, macroLevel } from './definition.js';
export { type PushOptions, MacroEntry, MacroTable } from './macroTable.js';
export {
  type Answers,
  type DefinitionChange,
  type ExpandOptions,
  type Expansion,
  type ExplanationStep,
  type MacroCall,
  type MacroContext,
  type MacroLimits,
  type MacroMessage,
  type MacroQuestion,
  defaultLimits,
  noAnswers,
  plainContext,
} from './expansion.js';
export { Expander, builtinTable } from './expander.js';
export { type RpmFactsOptions, bareTable, rpmTable } from './rpmFacts.js';
export { type RpmFeatures, rpmFeatures, rpmVersionNumber } from './features.js';
export { type RpmVersion, compareVersions, formatVersion, parseVersion, rpmVersionCompare } from './version.js';
export { macroEnd, needsNextLine } from './scan.js';
export { type MacroFileLine, globFiles, logicalLines, macroPathFiles } from './macroFile.js';
export { type AnswerSources, AnswerBook, settle } from './rounds.js';
