import type { DocumentHighlight, DocumentHighlightParams, Location, PrepareRenameParams, Range, ReferenceParams, RenameParams, WorkspaceEdit } from 'vscode-languageserver/node';
import { highlights, prepareRename, references, rename } from '../../core/ide/index.js';
import { workspaceEdit } from './codeAction.js';
import { Refusal, defineHandler } from './handler.js';

export const referencesHandler = defineHandler<ReferenceParams, Location[] | null>({
  feature: 'references',
  method: 'textDocument/references',
  urgency: 'interactive',
  capability: () => ({ referencesProvider: true }),
  nothing: null,
  handle(context, { position, context: { includeDeclaration } }) {
    const found = references(context.snapshot, context.offset(position)).filter(({ kind }) => includeDeclaration || kind === 'use');
    return found.map(({ span }) => ({ uri: context.snapshot.uri, range: context.range(span) }));
  },
});

export const prepareRenameHandler = defineHandler<PrepareRenameParams, { range: Range; placeholder: string } | null>({
  feature: 'rename',
  method: 'textDocument/prepareRename',
  urgency: 'interactive',
  capability: () => ({ renameProvider: { prepareProvider: true } }),
  nothing: null,
  handle(context, { position }) {
    const prepared = prepareRename(context.snapshot, context.offset(position));
    if ('refusal' in prepared) throw new Refusal(prepared.refusal);
    return { range: context.range(prepared.span), placeholder: prepared.name };
  },
});

export const renameHandler = defineHandler<RenameParams, WorkspaceEdit | null>({
  feature: 'rename',
  method: 'textDocument/rename',
  urgency: 'interactive',
  capability: () => ({}),
  nothing: null,
  handle(context, { position, newName }) {
    const renamed = rename(context.snapshot, context.offset(position), newName);
    if ('refusal' in renamed) throw new Refusal(renamed.refusal);
    return workspaceEdit(context, renamed.edits);
  },
});

export const highlightHandler = defineHandler<DocumentHighlightParams, DocumentHighlight[] | null>({
  feature: 'highlights',
  method: 'textDocument/documentHighlight',
  urgency: 'background',
  capability: () => ({ documentHighlightProvider: true }),
  nothing: null,
  // The protocol's numbers: 3 is a place that writes, 2 one that reads.
  handle: (context, { position }) => highlights(context.snapshot, context.offset(position)).map(({ span, kind }) => ({ range: context.range(span), kind: kind === 'definition' ? 3 : 2 })),
});
