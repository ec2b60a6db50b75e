import type { SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensParams, SemanticTokensRangeParams } from 'vscode-languageserver/node';
import { semanticTokenModifiers, semanticTokenTypes, semanticTokens } from '../../core/syntax/index.js';
import type { Span } from '../../core/text/index.js';
import { type HandlerContext, defineHandler } from './handler.js';

export const semanticTokensHandler = defineHandler<SemanticTokensParams, SemanticTokens | null>({
  feature: 'semantic tokens',
  method: 'textDocument/semanticTokens/full',
  urgency: 'background',
  capability: () => ({ semanticTokensProvider: { legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: [...semanticTokenModifiers] }, full: { delta: true }, range: true } }),
  nothing: null,
  handle: (context) => remember(context.snapshot.uri, encoded(context)),
});

export const semanticTokensRangeHandler = defineHandler<SemanticTokensRangeParams, SemanticTokens | null>({
  feature: 'semantic tokens',
  method: 'textDocument/semanticTokens/range',
  urgency: 'background',
  capability: () => ({}),
  nothing: null,
  handle: (context, { range }) => ({ data: encoded(context, context.span(range)) }),
});

export const semanticTokensDeltaHandler = defineHandler<SemanticTokensDeltaParams, SemanticTokens | SemanticTokensDelta | null>({
  feature: 'semantic tokens',
  method: 'textDocument/semanticTokens/full/delta',
  urgency: 'background',
  capability: () => ({}),
  nothing: null,
  handle(context, { previousResultId }) {
    const data = encoded(context);
    const before = last.get(context.snapshot.uri);
    const after = remember(context.snapshot.uri, data);
    if (before === undefined || before.resultId !== previousResultId) return after;
    const shorter = Math.min(before.data.length, data.length);
    let start = 0;
    while (start < shorter && before.data[start] === data[start]) start++;
    let tail = 0;
    while (tail < shorter - start && before.data[before.data.length - 1 - tail] === data[data.length - 1 - tail]) tail++;
    if (start === data.length && start === before.data.length) return { resultId: after.resultId!, edits: [] };
    return { resultId: after.resultId!, edits: [{ start, deleteCount: before.data.length - tail - start, data: data.slice(start, data.length - tail) }] };
  },
});

/** The last whole answer for each document: what a delta is counted from. A worker that is started anew has none, and answers whole. */
const last = new Map<string, { readonly resultId: string; readonly data: readonly number[] }>();
/** Documents whose last answer is kept; the oldest is forgotten. */
const keptDocuments = 50;
let answers = 0;

function remember(uri: string, data: number[]): SemanticTokens {
  const resultId = `${Date.now().toString(36)}-${++answers}`;
  last.delete(uri);
  last.set(uri, { resultId, data });
  const [oldest] = last.keys();
  if (last.size > keptDocuments && oldest !== undefined) last.delete(oldest);
  return { resultId, data };
}

/** Tokens as the protocol packs them: lines and columns as steps from the token before. */
function encoded(context: HandlerContext, within?: Span): number[] {
  const data: number[] = [];
  let line = 0;
  let character = 0;
  for (const { start, end, type, modifier } of semanticTokens(context.snapshot.tree)) {
    if (within !== undefined && (end <= within.start || start >= within.end)) continue;
    const at = context.position(start);
    const length = context.position(end).character - at.character;
    if (length <= 0) continue;
    data.push(at.line - line, at.line === line ? at.character - character : at.character, length, semanticTokenTypes.indexOf(type), modifier === undefined ? 0 : 1 << semanticTokenModifiers.indexOf(modifier));
    ({ line, character } = at);
  }
  return data;
}
