import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { LineIndex, type TextEdit, applyEdits } from '../core/text/index.js';
import type { PositionEncoding } from './client.js';
import { type IndexedText, editOf } from './fromLsp.js';

/** An open text, as the protocol thread keeps it: whatever happens to the analysis worker, this is not lost. */
export interface OpenText extends IndexedText {
  readonly uri: string;
  readonly languageId: string;
  /** The client's version. */
  readonly version: number;
  /** Small number, unique among the open texts. */
  readonly handle: number;
  /** Grows with every change of any text, so that newer work is told from older. */
  readonly sequence: number;
}

/** The open texts of the client, kept up to date. */
export class Documents {
  readonly #byUri = new Map<string, OpenText>();
  #sequence = 0;
  #handle = 0;

  open(uri: string, languageId: string, version: number, text: string): OpenText {
    const document: OpenText = { uri, languageId, version, text, lines: new LineIndex(text), handle: this.#handle++, sequence: ++this.#sequence };
    this.#byUri.set(uri, document);
    return document;
  }

  /** The text after the changes, with the edits in order, each of the text that the one before it left; undefined for a text that is not open. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[], encoding: PositionEncoding): { document: OpenText; edits: readonly TextEdit[] } | undefined {
    const before = this.#byUri.get(uri);
    if (before === undefined) return undefined;
    let { text, lines } = before;
    const edits: TextEdit[] = [];
    for (const change of changes) {
      const edit = editOf({ text, lines }, change, encoding);
      text = applyEdits(text, [edit]);
      lines = lines.edited(edit, text);
      edits.push(edit);
    }
    const document = { ...before, version, text, lines, sequence: ++this.#sequence };
    this.#byUri.set(uri, document);
    return { document, edits };
  }

  close(uri: string): OpenText | undefined {
    const document = this.#byUri.get(uri);
    this.#byUri.delete(uri);
    return document;
  }

  get(uri: string): OpenText | undefined {
    return this.#byUri.get(uri);
  }

  all(): OpenText[] {
    return [...this.#byUri.values()];
  }
}
