import type { CodeAction, CodeActionParams, Command, WorkspaceEdit } from 'vscode-languageserver/node';
import { codeActions, fixAll } from '../../core/ide/index.js';
import type { TextEdit } from '../../core/text/index.js';
import { type HandlerContext, defineHandler } from './handler.js';

const kinds = { fix: 'quickfix', suppress: 'quickfix', 'fix-all': 'source.fixAll.spectrail' } as const;

export const codeActionHandler = defineHandler<CodeActionParams, (CodeAction | Command)[] | null>({
  feature: 'code actions',
  method: 'textDocument/codeAction',
  urgency: 'background',
  capability: () => ({ codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.spectrail'] } }),
  nothing: null,
  handle(context, { range, context: asked }) {
    // A client without literals could only be given commands, and has none of ours.
    if (!context.client.codeActionLiterals) return null;
    const wants = (kind: string): boolean => asked.only === undefined || asked.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    const actions: CodeAction[] = [];
    if (wants('quickfix')) {
      for (const { title, kind, isSafe, edits, about } of codeActions(context.snapshot, context.span(range), context)) {
        const diagnostics = asked.diagnostics.filter(({ code, range: place }) => code === about?.code && about !== undefined && same(place, context.range(about.span)));
        actions.push({ title, kind: kinds[kind], edit: workspaceEdit(context, edits), ...(diagnostics.length > 0 ? { diagnostics } : {}), ...(kind === 'fix' && isSafe ? { isPreferred: true } : {}) });
      }
    }
    // Only where it is asked for by name, as on saving: it concerns the whole text.
    if (asked.only !== undefined && wants('source.fixAll.spectrail')) {
      const all = fixAll(context.snapshot, context);
      if (all !== undefined) actions.push({ title: all.title, kind: kinds[all.kind], edit: workspaceEdit(context, all.edits) });
    }
    return actions;
  },
});

/** Edits of the document at hand, held against its version where the client can do that. */
export function workspaceEdit(context: HandlerContext, edits: readonly TextEdit[]): WorkspaceEdit {
  const { uri, version } = context.snapshot;
  const changes = edits.map(({ span, text }) => ({ range: context.range(span), newText: text }));
  return context.client.versionedEdits ? { documentChanges: [{ textDocument: { uri, version }, edits: changes }] } : { changes: { [uri]: changes } };
}

function same(a: CodeActionParams['range'], b: CodeActionParams['range']): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character;
}
