/**
 * What an editor shows, as plain data with offsets: (snapshot, offset, options) to a value. Knows no protocol and no
 * editor, and fetches nothing: what it tells of patches and files must be in the snapshot or is handed in.
 */
export { type CodeAction, codeActions, fixAll } from './codeActions.js';
export { type Completion, type CompletionKind, type CompletionOptions, type Completions, completions, describeCompletion } from './completion.js';
export { type DefinitionPlace, type Definitions, definitions } from './definition.js';
export { type DiagnosticsOptions, type EditorProblem, diagnostics } from './diagnostics.js';
export { type ExpandedSpec, expandedSpec } from './expandedSpec.js';
export { type Hover, type HoverOptions, hover, patchAt } from './hover.js';
export { type InlayHint, inlayHints } from './inlayHints.js';
export { type Link, links } from './links.js';
export { type PatchFile, type PatchFileSymbol, patchFileHints, patchFileHover, patchFileLenses, patchFileOutline, patchFileProblems, readPatchFile } from './patchFile.js';
export { type PatchOrigin, type PatchSaying, type PatchNode, describePatch, patchNodes, patchOrigins, patchSaying, settledBy } from './patchOrigin.js';
export { type PatchReport, type ReportFormat, patchReport } from './patchReport.js';
export { type Reference, type Renaming, highlights, prepareRename, references, rename } from './references.js';
export { type OutlineSymbol, type SymbolKind, outline } from './symbols.js';
