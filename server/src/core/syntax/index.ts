/**
 * What is written: the tree-sitter tree of a spec, its incremental edits, typed views of its nodes. The only importer of
 * web-tree-sitter. It never needs a macro's value and knows nothing of targets or evaluations.
 */
export { type ParserBytes, SpecParser } from './specParser.js';
export { SpecTree } from './specTree.js';
export { type AnyKind, SyntaxNode } from './syntaxNode.js';
export { type NodeKind, nodeKinds } from './kinds.js';
export type {
  ChangelogEntryView,
  CommentView,
  ConditionalLineView,
  ExpansionView,
  FilesDirectiveView,
  FilesEntryView,
  IncludeView,
  ListEntryView,
  MacroDefinitionView,
  MacroUseView,
  SectionArgumentView,
  SectionKind,
  SectionView,
  TagView,
  Views,
} from './views.js';
export { type Conditional, type PairedConditionals, pairConditionals } from './conditionals.js';
export { type SyntaxContext, contextAt } from './context.js';
export { type FoldingRange, foldingRanges, selectionRanges } from './ranges.js';
export { type SemanticToken, type SemanticTokenType, semanticTokenModifiers, semanticTokenTypes, semanticTokens } from './semanticTokens.js';
export { looksLikeRpmSpec } from './looksLikeRpmSpec.js';
