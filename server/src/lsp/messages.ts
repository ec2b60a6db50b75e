/** What the protocol thread and the analysis worker say to each other: plain data that survives the way between threads. */
import type { Diagnostic } from 'vscode-languageserver/node';
import type { TextEdit } from '../core/text/index.js';
import type { PackageKnowledge, PackageTracerOptions } from '../core/workspace/index.js';
import type { ClientFacts } from './client.js';

/** Given to the worker when it starts. */
export interface AnalysisWorkerData {
  readonly flags: SharedArrayBuffer;
  readonly client: ClientFacts;
}

/** A document, whole: when it is opened, and again for every worker that is started after that. */
export interface DocumentMessage {
  readonly kind: 'open';
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly handle: number;
  readonly sequence: number;
  readonly text: string;
  /** The editor's section `spectrail` for this document, whatever it holds. */
  readonly settings: unknown;
  /** Why its meaning must not be looked into (an earlier attempt did not end), as a sentence; undefined where it may. */
  readonly withheld: string | undefined;
  /** What is known of its patches. */
  readonly known: PackageKnowledge;
}

/** A spec as it lies on disk. */
export interface SpecOnDisk {
  readonly uri: string;
  readonly text: string;
}

export type ToAnalysis =
  | DocumentMessage
  | { readonly kind: 'change'; readonly uri: string; readonly version: number; readonly sequence: number; readonly edits: readonly TextEdit[]; readonly withheld: string | undefined }
  | { readonly kind: 'close'; readonly uri: string }
  | { readonly kind: 'settings'; readonly uri: string; readonly settings: unknown }
  /** The files around a document have changed. */
  | { readonly kind: 'files'; readonly uri: string }
  | { readonly kind: 'known'; readonly uri: string; readonly known: PackageKnowledge }
  /** Look for the specs that a patch may belong to. */
  | { readonly kind: 'companions'; readonly uri: string }
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown };

export type FromAnalysis =
  | { readonly kind: 'ready' }
  | { readonly kind: 'diagnostics'; readonly uri: string; readonly version: number; readonly sequence: number; readonly diagnostics: Diagnostic[] }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  /** A request that could not be answered; `cancelled` where nobody wants the answer any more. */
  | { readonly kind: 'failure'; readonly id: number; readonly cancelled: boolean; readonly message: string }
  /** Which patches a spec has now and where they may come from: the protocol thread has the store asked about them. */
  | { readonly kind: 'patches'; readonly uri: string; readonly options: PackageTracerOptions }
  /** The specs around a patch. */
  | { readonly kind: 'companions'; readonly uri: string; readonly specs: readonly SpecOnDisk[] }
  | { readonly kind: 'log'; readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly message: string };
