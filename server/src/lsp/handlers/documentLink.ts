import { pathToFileURL } from 'node:url';
import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver/node';
import { links } from '../../core/ide/index.js';
import { defineHandler } from './handler.js';

export const documentLinkHandler = defineHandler<DocumentLinkParams, DocumentLink[] | null>({
  feature: 'links',
  method: 'textDocument/documentLink',
  urgency: 'background',
  capability: () => ({ documentLinkProvider: {} }),
  nothing: null,
  handle: (context) => links(context.snapshot).map(({ span, target }) => ({ range: context.range(span), target: target.kind === 'url' ? target.url : pathToFileURL(target.path).href })),
});
