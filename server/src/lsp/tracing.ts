/** What the protocol thread and the tracing process say to each other: plain data. */
import type { OriginTexts, PatchTrace } from '../core/patches/index.js';
import type { DecisionWish, PackageKnowledge, PackageTracerOptions } from '../core/workspace/index.js';

export type ToTracing =
  /** What the store knows already; asks neither git nor the network. */
  | { readonly kind: 'known'; readonly id: number; readonly options: PackageTracerOptions }
  | { readonly kind: 'trace'; readonly id: number; readonly options: PackageTracerOptions; readonly network: 'never' | 'missing' }
  /** A change beside the commits that it was traced to. */
  | { readonly kind: 'origin'; readonly id: number; readonly options: PackageTracerOptions; readonly fileName: string; readonly change: number }
  /** A decision of a person, to be put into the lock's text. */
  | { readonly kind: 'decide'; readonly id: number; readonly options: PackageTracerOptions; readonly wish: DecisionWish }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromTracing =
  | { readonly kind: 'known'; readonly id: number; readonly known: PackageKnowledge }
  | { readonly kind: 'traces'; readonly id: number; readonly traces: readonly PatchTrace[]; readonly problems: readonly string[] }
  | { readonly kind: 'origin'; readonly id: number; readonly origin: OriginTexts | undefined }
  | { readonly kind: 'decided'; readonly id: number; readonly decided: { readonly path: string; readonly text: string } | { readonly failure: string } }
  | { readonly kind: 'step'; readonly id: number; readonly step: string }
  | { readonly kind: 'failure'; readonly id: number; readonly isCancelled: boolean; readonly message: string }
  | { readonly kind: 'log'; readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly message: string };

/** Environment variable through which the process is told the folder of the store, where the client wants another one. */
export const storeFolderVariable = 'SPECTRAIL_CACHE';
