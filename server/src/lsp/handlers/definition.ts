import type { Definition, DefinitionLink, DefinitionParams, Location, LocationLink } from 'vscode-languageserver/node';
import { pathToFileURL } from 'node:url';
import { definitions } from '../../core/ide/index.js';
import { defineHandler } from './handler.js';

export const definitionHandler = defineHandler<DefinitionParams, Definition | DefinitionLink[] | null>({
  feature: 'definition',
  method: 'textDocument/definition',
  urgency: 'interactive',
  capability: () => ({ definitionProvider: true }),
  nothing: null,
  handle(context, { position }) {
    const found = definitions(context.snapshot, context.offset(position));
    if (found === undefined) return null;
    const { uri } = context.snapshot;
    const places = found.places.map((place) => {
      if (place.kind === 'here') return { uri, range: context.range(place.span), nameRange: context.range(place.nameSpan) };
      const start = { line: place.line, character: 0 };
      return { uri: pathToFileURL(place.path).href, range: { start, end: start }, nameRange: { start, end: start } };
    });
    if (!context.client.definitionLinks) return places.map(({ uri: target, nameRange }): Location => ({ uri: target, range: nameRange }));
    return places.map(({ uri: targetUri, range, nameRange }): LocationLink => ({ originSelectionRange: context.range(found.origin), targetUri, targetRange: covering(range, nameRange), targetSelectionRange: nameRange }));
  },
});

/** The protocol wants the selected range within the whole one. */
function covering(whole: LocationLink['targetRange'], name: LocationLink['targetRange']): LocationLink['targetRange'] {
  const before = name.start.line < whole.start.line || (name.start.line === whole.start.line && name.start.character < whole.start.character);
  const behind = name.end.line > whole.end.line || (name.end.line === whole.end.line && name.end.character > whole.end.character);
  return { start: before ? name.start : whole.start, end: behind ? name.end : whole.end };
}
