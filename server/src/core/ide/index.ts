/**
 * What an editor shows, as plain data with offsets: (snapshot, offset, options) to a value. Knows no protocol and no
 * editor, and fetches nothing: what it tells of patches and files must be in the snapshot or is handed in.
 */
export { type Hover, type HoverOptions, hover, patchAt } from './hover.js';
export { type Completion, type CompletionKind, type CompletionOptions, type Completions, completions, describeCompletion } from './completion.js';
export { type DefinitionPlace, type Definitions, definitions } from './definition.js';
export { type PatchOrigin, type PatchSaying, describePatch, patchOrigins } from './patchOrigin.js';
