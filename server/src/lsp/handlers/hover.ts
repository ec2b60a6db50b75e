import type { Hover, HoverParams } from 'vscode-languageserver/node';
import { hover, patchAt } from '../../core/ide/index.js';
import { clientCommands } from '../../protocol.js';
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
    return { range: context.range(found.span), contents: client.markdownHover ? { kind: 'markdown', value: found.markdown } : { kind: 'plaintext', value: plainText(found.markdown) } };
  },
});
