import type { InlayHint, InlayHintParams } from 'vscode-languageserver/node';
import { inlayHints, patchFileHints } from '../../core/ide/index.js';
import { defineHandler } from './handler.js';

export const inlayHintHandler = defineHandler<InlayHintParams, InlayHint[] | null>({
  feature: 'inlay hints',
  method: 'textDocument/inlayHint',
  urgency: 'background',
  capability: () => ({ inlayHintProvider: true }),
  nothing: null,
  handle: (context, { range }) => (context.features.inlayHints ? inlayHints(context.snapshot, context.span(range)).map(({ offset, text }) => ({ position: context.position(offset), label: text, paddingLeft: true })) : []),
  handlePatchFile: (context, { range }) =>
    context.features.inlayHints ? patchFileHints(context.file, { start: range.start.line, end: range.end.line + 1 }).map(({ line, text }) => ({ position: context.line(line).end, label: text, paddingLeft: true })) : [],
});
