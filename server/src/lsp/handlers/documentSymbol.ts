import type { DocumentSymbol, DocumentSymbolParams, SymbolInformation, SymbolKind as LspSymbolKind } from 'vscode-languageserver/node';
import { type OutlineSymbol, type PatchFileSymbol, type SymbolKind, outline, patchFileOutline } from '../../core/ide/index.js';
import { type HandlerContext, type PatchFileContext, defineHandler } from './handler.js';

/** The protocol's numbers: package, namespace, property, file, constant, function, boolean, event. */
const kinds: Readonly<Record<SymbolKind, LspSymbolKind>> = { package: 4, section: 3, tag: 7, source: 1, macro: 14, function: 12, conditional: 17, entry: 24 };

export const documentSymbolHandler = defineHandler<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[] | null>({
  feature: 'outline',
  method: 'textDocument/documentSymbol',
  urgency: 'background',
  capability: () => ({ documentSymbolProvider: true }),
  nothing: null,
  handle(context) {
    const symbols = outline(context.snapshot);
    return context.client.hierarchicalSymbols ? symbols.map((symbol) => nested(context, symbol)) : symbols.flatMap((symbol) => flat(context, symbol, undefined));
  },
  handlePatchFile: (context) => (context.client.hierarchicalSymbols ? patchFileOutline(context.file).map((symbol) => ofPatch(context, symbol)) : patchFileOutline(context.file).flatMap((symbol) => flatOfPatch(context, symbol))),
});

/** Module, file, and what the outline shows as a piece of code. */
const patchKinds: Readonly<Record<PatchFileSymbol['kind'], LspSymbolKind>> = { change: 2, file: 1, hunk: 12 };

function ofPatch(context: PatchFileContext, { name, detail, kind, lines, children }: PatchFileSymbol): DocumentSymbol {
  return { name, kind: patchKinds[kind], range: context.lines(lines), selectionRange: context.line(lines.start), ...(detail === undefined ? {} : { detail }), ...(children.length > 0 ? { children: children.map((child) => ofPatch(context, child)) } : {}) };
}

function flatOfPatch(context: PatchFileContext, { name, kind, lines, children }: PatchFileSymbol): SymbolInformation[] {
  return [{ name, kind: patchKinds[kind], location: { uri: context.uri, range: context.lines(lines) } }, ...children.flatMap((child) => flatOfPatch(context, child))];
}

function nested(context: HandlerContext, { name, detail, kind, span, nameSpan, children }: OutlineSymbol): DocumentSymbol {
  return {
    name,
    kind: kinds[kind],
    range: context.range({ start: Math.min(span.start, nameSpan.start), end: Math.max(span.end, nameSpan.end) }),
    selectionRange: context.range(nameSpan),
    ...(detail === undefined || detail === '' ? {} : { detail }),
    ...(children.length > 0 ? { children: children.map((child) => nested(context, child)) } : {}),
  };
}

function flat(context: HandlerContext, { name, kind, span, children }: OutlineSymbol, container: string | undefined): SymbolInformation[] {
  const own: SymbolInformation = { name, kind: kinds[kind], location: { uri: context.snapshot.uri, range: context.range(span) }, ...(container === undefined ? {} : { containerName: container }) };
  return [own, ...children.flatMap((child) => flat(context, child, name))];
}
