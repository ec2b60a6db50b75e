import type { Hover, HoverParams } from 'vscode-languageserver/node';
import { hover } from '../../core/ide/index.js';
import { plainText } from '../toLsp.js';
import { defineHandler } from './handler.js';

export const hoverHandler = defineHandler<HoverParams, Hover | null>({
  feature: 'hover',
  method: 'textDocument/hover',
  urgency: 'interactive',
  capability: () => ({ hoverProvider: true }),
  nothing: null,
  handle(context, { position }) {
    const found = hover(context.snapshot, context.offset(position));
    if (found === undefined) return null;
    const { markdownHover } = context.client;
    return { range: context.range(found.span), contents: markdownHover ? { kind: 'markdown', value: found.markdown } : { kind: 'plaintext', value: plainText(found.markdown) } };
  },
});
