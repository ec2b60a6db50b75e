/**
 * The macro language: what rpm's rpmio/macro.c, expression.c and rpmlua.c do, without rpm and without running anything.
 * Given a table, the same text always expands to the same result; what only the outside can answer (a shell's output,
 * a file) is asked through an interface. This room knows text and nothing of specs, tags, sections, patches or targets.
 */
export type { DefinitionSite, MacroDefinition } from './definition.js';
