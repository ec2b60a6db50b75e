import type { Diagnostic } from 'vscode-languageserver/node';
import { diagnostics, patchFileProblems } from '../../core/ide/index.js';
import type { SettingsProblem } from '../../core/settings.js';
import { severityOf } from '../toLsp.js';
import type { HandlerContext, PatchFileContext } from './handler.js';

export interface PushedDiagnosticsOptions {
  readonly isLinted: boolean;
  /** Why the text's meaning was left out, if it was. */
  readonly withheld: string | undefined;
  readonly settingsProblems: readonly SettingsProblem[];
}

const source = 'spectrail';

/** What is wrong with a document; pushed after every change, with the version it is about. */
export function diagnosticsOf(context: HandlerContext, { isLinted, withheld, settingsProblems }: PushedDiagnosticsOptions): Diagnostic[] {
  const { snapshot, cancellation, log, client } = context;
  const found: Diagnostic[] = [];
  const top = context.range({ start: 0, end: 0 });
  if (withheld !== undefined) found.push({ range: top, severity: severityOf('warning'), source, code: 'not-evaluated', message: withheld });
  // What is wrong in spectrail.toml is shown where its effect is missed: that file may not be open.
  for (const { message, file, position } of settingsProblems) {
    const place = file === 'editor' ? 'the editor\'s settings' : `${file}${position === undefined ? '' : `, line ${position.line + 1}`}`;
    found.push({ range: top, severity: severityOf('warning'), source, code: 'wrong-setting', message: `${message}\nIn ${place}.` });
  }
  for (const { span, severity, code, message, related } of diagnostics(snapshot, { isLinted, cancellation, log })) {
    found.push({
      range: context.range(span),
      severity: severityOf(severity),
      source,
      code,
      message,
      ...(client.relatedInformation && related.length > 0 ? { relatedInformation: related.map((place) => ({ message: place.message, location: { uri: snapshot.uri, range: context.range(place.span) } })) } : {}),
    });
  }
  return found;
}

/** What is wrong with a patch that an open spec names. */
export function patchDiagnosticsOf(context: PatchFileContext): Diagnostic[] {
  return patchFileProblems(context.file).map(({ line, severity, code, message }) => ({ range: context.line(line), severity: severityOf(severity), source, code, message }));
}
