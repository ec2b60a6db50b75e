import type { CompletionItem, CompletionItemKind, CompletionList, CompletionParams } from 'vscode-languageserver/node';
import { type CompletionKind, completions, describeCompletion } from '../../core/ide/index.js';
import { plainText } from '../toLsp.js';
import { defineHandler } from './handler.js';

/** The protocol's numbers: field, module, constant, function, keyword, value, file, unit, enum member. */
const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = { tag: 5, section: 9, macro: 21, function: 3, directive: 14, value: 12, file: 17, package: 9, architecture: 20 };

interface ItemData {
  readonly uri: string;
  readonly kind: CompletionKind;
}

export const completionHandler = defineHandler<CompletionParams, CompletionList | null>({
  feature: 'completion',
  method: 'textDocument/completion',
  urgency: 'interactive',
  capability: () => ({ completionProvider: { triggerCharacters: ['%', '{', ':', '?', '('], resolveProvider: true } }),
  nothing: null,
  handle(context, { position }) {
    const { snapshot, client } = context;
    const found = completions(snapshot, context.offset(position), { snippets: client.snippets });
    if (found === undefined) return null;
    const range = context.range(found.span);
    const items = found.items.map(({ label, kind, detail, insert, isSnippet, rank }): CompletionItem => ({
      label,
      kind: kinds[kind],
      sortText: `${String(rank).padStart(5, '0')}${label}`,
      textEdit: { range, newText: insert },
      ...(detail === undefined ? {} : { detail }),
      ...(isSnippet ? { insertTextFormat: 2 as const } : {}),
      // The word that is replaced may begin with a percent sign that the label has and the text before the cursor has not.
      ...(label.startsWith('%') && !insert.startsWith('%') ? { filterText: label.slice(1) } : {}),
      data: { uri: snapshot.uri, kind } satisfies ItemData,
    }));
    return { isIncomplete: false, items };
  },
});

/** Adds what an item says when it is looked at. */
export const completionResolveHandler = defineHandler<CompletionItem & { readonly textDocument: { readonly uri: string } }, CompletionItem | null>({
  feature: 'completion',
  method: 'completionItem/resolve',
  urgency: 'interactive',
  capability: () => ({}),
  nothing: null,
  handle({ snapshot, client }, { textDocument: _, ...item }) {
    const text = describeCompletion(snapshot, { label: item.label, kind: (item.data as ItemData).kind });
    if (text === undefined) return item;
    return { ...item, documentation: client.markdownCompletion ? { kind: 'markdown', value: text } : plainText(text) };
  },
});
