import { decodeText } from '../text/index.js';
import type { FileDiff, ParsedPatch, PatchChange } from './patch.js';
import { lineText } from './parsePatch.js';

/**
 * A change as a text to be read beside another one: file by file, with what is different in every copy of a change (mail
 * headers, blob ids, line numbers) left out, so that a comparison of two such texts shows what differs in the change itself.
 * Files come in the given order, others behind them in their own.
 */
export function comparableText(patch: ParsedPatch, changes: readonly PatchChange[], order: readonly string[]): string {
  const rank = new Map(order.map((path, i) => [path, i]));
  const files = changes.flatMap((change) => change.files);
  const sorted = files.map((file, i) => ({ file, rank: rank.get(file.path) ?? order.length + i })).sort((a, b) => a.rank - b.rank);
  return sorted.map(({ file }) => fileText(patch, file)).join('\n');
}

function fileText(patch: ParsedPatch, file: FileDiff): string {
  const lines = [`=== ${file.path}${file.renamedFrom === undefined ? '' : ` (${file.action === 'copy' ? 'copied' : 'renamed'} from ${file.renamedFrom})`}${file.action === 'add' ? ' (new file)' : file.action === 'delete' ? ' (deleted)' : ''}`];
  if (file.newMode !== undefined && file.oldMode !== undefined && file.newMode !== file.oldMode) lines.push(`mode ${file.oldMode} to ${file.newMode}`);
  if (file.isBinary) lines.push('binary');
  for (const hunk of file.hunks) {
    lines.push(`@@ ${hunk.heading}`.trimEnd());
    for (const line of hunk.content) {
      lines.push(`${line.op}${lineText(patch, line)}`.replace(/\r$/, ''));
      if (line.noNewline) lines.push('\\ No newline at end of file');
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A commit as `git show` prints it, from its parts. */
export function commitText(commit: { readonly id: string; readonly authorName: string; readonly authorEmail: string; readonly authorDate: number; readonly subject: string; readonly body: string; readonly diff: Uint8Array | undefined }): string {
  const message = [commit.subject, ...(commit.body.trim() === '' ? [] : ['', ...commit.body.replace(/^\n+|\s+$/g, '').split('\n')])];
  const head = [`commit ${commit.id}`, `Author: ${commit.authorName} <${commit.authorEmail}>`, `Date:   ${new Date(commit.authorDate * 1000).toISOString()}`, '', ...message.map((line) => `    ${line}`.trimEnd()), ''];
  return `${head.join('\n')}\n${commit.diff === undefined ? '' : decodeText(commit.diff).text.replace(/^\n+/, '')}`;
}
