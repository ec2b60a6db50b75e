/**
 * Text: places in it, edits to it, what is wrong with it.
 *
 * Offsets everywhere inside `core` count UTF-16 code units from the start of one text, because that is what
 * JavaScript strings and web-tree-sitter count. Lines and columns are zero-based and appear only where a person or
 * a protocol is spoken to. This room knows nothing of specs, patches, files or editors.
 */
export { type Span, contains, covers, emptySpan, overlaps, span } from './span.js';
export { type Position, LineIndex } from './lineIndex.js';
export { type TextEdit, applyEdits, mapOffset } from './textEdit.js';
export { type Problem, type RelatedPlace, type Severity, severityRank } from './problem.js';
export { type DecodedText, decodeText, encodeText } from './encoding.js';
export { nearest } from './nearest.js';
