import type { FoldingRange, FoldingRangeParams, SelectionRange, SelectionRangeParams } from 'vscode-languageserver/node';
import { foldingRanges, selectionRanges } from '../../core/syntax/index.js';
import { defineHandler } from './handler.js';

export const foldingRangeHandler = defineHandler<FoldingRangeParams, FoldingRange[] | null>({
  feature: 'folding',
  method: 'textDocument/foldingRange',
  urgency: 'background',
  capability: () => ({ foldingRangeProvider: true }),
  nothing: null,
  handle: ({ snapshot: { tree, lines } }) =>
    foldingRanges(tree).flatMap(({ span, kind }) => {
      const startLine = lines.lineAt(span.start);
      const endLine = lines.lineAt(span.end);
      if (endLine <= startLine) return [];
      return [{ startLine, endLine, ...(kind === 'comment' ? { kind: 'comment' } : kind === 'section' ? { kind: 'region' } : {}) }];
    }),
});

export const selectionRangeHandler = defineHandler<SelectionRangeParams, SelectionRange[] | null>({
  feature: 'selection',
  method: 'textDocument/selectionRange',
  urgency: 'interactive',
  capability: () => ({ selectionRangeProvider: true }),
  nothing: null,
  handle: (context, { positions }) =>
    positions.map((position) => {
      const offset = context.offset(position);
      // From the largest inwards, since each names the one around it; the protocol wants an answer for every position.
      let found: SelectionRange | undefined;
      for (const span of [...selectionRanges(context.snapshot.tree, offset)].reverse()) found = { range: context.range(span), ...(found === undefined ? {} : { parent: found }) };
      return found ?? { range: context.range({ start: offset, end: offset }) };
    }),
});
