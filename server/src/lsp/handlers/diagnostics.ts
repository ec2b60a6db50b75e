import type { Diagnostic } from 'vscode-languageserver/node';
import type { SettingsProblem } from '../../core/settings.js';
import { severityOf } from '../toLsp.js';
import type { HandlerContext } from './handler.js';

export interface DiagnosticsOptions {
  readonly isLinted: boolean;
  /** Why the text's meaning was left out, if it was. */
  readonly withheld: string | undefined;
  readonly settingsProblems: readonly SettingsProblem[];
}

/** What is wrong with a document; pushed after every change, with the version it is about. */
export function diagnosticsOf(context: HandlerContext, { withheld }: DiagnosticsOptions): Diagnostic[] {
  const { snapshot } = context;
  const found: Diagnostic[] = [];
  if (withheld !== undefined) found.push({ range: context.range({ start: 0, end: 0 }), severity: severityOf('warning'), source: 'spectrail', code: 'not-evaluated', message: withheld });
  for (const { span, severity, code, message } of snapshot.evaluation.problems) found.push({ range: context.range(span), severity: severityOf(severity), source: 'spectrail', code, message });
  return found;
}
