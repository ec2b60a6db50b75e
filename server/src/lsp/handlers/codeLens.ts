import type { CodeLens, CodeLensParams } from 'vscode-languageserver/node';
import { patchFileLenses, patchOrigins, settledBy } from '../../core/ide/index.js';
import { clientCommands, serverCommands } from '../../protocol.js';
import { defineHandler } from './handler.js';

/** Above each patch: where it came from. Above the first: trace them all. */
export const codeLensHandler = defineHandler<CodeLensParams, CodeLens[] | null>({
  feature: 'code lens',
  method: 'textDocument/codeLens',
  urgency: 'background',
  capability: () => ({ codeLensProvider: {} }),
  nothing: null,
  handle(context) {
    if (!context.features.codeLens) return [];
    const { snapshot, client } = context;
    const { uri } = snapshot;
    const canTrace = client.trusted && snapshot.path !== undefined;
    const origins = patchOrigins(snapshot);
    const lenses: CodeLens[] = [];
    let lastLine = -1;
    for (const { patch, trace, decided, title } of origins) {
      const range = context.range({ start: patch.span.start, end: patch.span.start });
      if (range.start.line === lastLine) continue;
      lastLine = range.start.line;
      if (trace !== undefined || settledBy(decided) !== undefined) {
        const show = client.commands.includes(clientCommands.showOrigin);
        lenses.push({ range, command: { title, command: show ? clientCommands.showOrigin : '', ...(show ? { arguments: [uri, patch.fileName] } : {}) } });
      } else if (canTrace) lenses.push({ range, command: { title: 'Not traced yet — trace', command: serverCommands.trace, arguments: [uri, patch.fileName] } });
      else lenses.push({ range, command: { title: 'Not traced yet', command: '' } });
    }
    const untraced = origins.filter(({ trace }) => trace === undefined).length;
    if (canTrace && untraced > 1 && lenses[0] !== undefined) lenses.push({ range: lenses[0].range, command: { title: `Trace all ${untraced} untraced patches`, command: serverCommands.trace, arguments: [uri] } });
    return lenses;
  },
  handlePatchFile(context) {
    const { file, specUri, client, features } = context;
    if (!features.codeLens) return [];
    const has = (command: string): boolean => client.commands.includes(command);
    return patchFileLenses(file).flatMap(({ line, change, title, hasCommit }) => {
      const start = context.line(line).start;
      const lens = (text: string, command: string, ...args: unknown[]): CodeLens => ({ range: { start, end: start }, command: { title: text, command, ...(args.length > 0 ? { arguments: args } : {}) } });
      const lenses = [has(clientCommands.showOrigin) && file.trace !== undefined ? lens(title, clientCommands.showOrigin, specUri, file.fileName) : lens(title, '')];
      if ((file.trace === undefined || file.isEdited) && client.trusted) lenses.push(lens('Trace', serverCommands.trace, specUri, file.fileName));
      if (hasCommit && has(clientCommands.compareWithOrigin)) lenses.push(lens('Compare with origin', clientCommands.compareWithOrigin, specUri, file.fileName, change));
      if (hasCommit && has(clientCommands.openCommit)) lenses.push(lens('Open commit', clientCommands.openCommit, specUri, file.fileName, change));
      if (file.trace !== undefined && file.decided?.changes[change] === undefined && has(clientCommands.decide)) lenses.push(lens('Decide', clientCommands.decide, specUri, file.fileName, change));
      return lenses;
    });
  },
});
