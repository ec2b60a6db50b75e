import type { Hover, HoverParams, MarkupContent } from 'vscode-languageserver/node';
import { hover, patchAt, patchFileHover } from '../../core/ide/index.js';
import { clientCommands } from '../../protocol.js';
import type { ClientFacts } from '../client.js';
import { plainText } from '../toLsp.js';
import { defineHandler } from './handler.js';

export const hoverHandler = defineHandler<HoverParams, Hover | null>({
  feature: 'hover',
  method: 'textDocument/hover',
  urgency: 'interactive',
  capability: () => ({ hoverProvider: true }),
  nothing: null,
  handle(context, { position }) {
    const { snapshot, client } = context;
    const offset = context.offset(position);
    const patch = patchAt(snapshot, offset);
    const says = patch?.path === undefined || patch.trace !== undefined ? undefined : context.readPatch(patch.path);
    const command = clientCommands.tracePatches;
    const traceCommand = patch === undefined || !client.trusted || !client.commands.includes(command) ? undefined : `command:${command}?${encodeURIComponent(JSON.stringify([snapshot.uri]))}`;
    const found = hover(snapshot, offset, { says, traceCommand });
    if (found === undefined) return null;
    return { range: context.range(found.span), contents: contentsOf(client, found.markdown) };
  },
  handlePatchFile(context, { position }) {
    const found = patchFileHover(context.file, position.line);
    return found === undefined ? null : { range: context.lines(found.lines), contents: contentsOf(context.client, found.markdown) };
  },
});

function contentsOf({ markdownHover }: ClientFacts, markdown: string): MarkupContent {
  return markdownHover ? { kind: 'markdown', value: markdown } : { kind: 'plaintext', value: plainText(markdown) };
}
