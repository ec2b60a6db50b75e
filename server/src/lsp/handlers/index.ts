import { codeActionHandler } from './codeAction.js';
import { codeLensHandler } from './codeLens.js';
import { completionHandler, completionResolveHandler } from './completion.js';
import { definitionHandler } from './definition.js';
import { documentLinkHandler } from './documentLink.js';
import { documentSymbolHandler } from './documentSymbol.js';
import { foldingRangeHandler, selectionRangeHandler } from './foldingRange.js';
import type { AnyHandler } from './handler.js';
import { hoverHandler } from './hover.js';
import { inlayHintHandler } from './inlayHint.js';
import { highlightHandler, prepareRenameHandler, referencesHandler, renameHandler } from './references.js';
import { semanticTokensDeltaHandler, semanticTokensHandler, semanticTokensRangeHandler } from './semanticTokens.js';
import { documentKindHandler, expandedSpecHandler, patchOriginsHandler, patchReportHandler, targetsHandler } from './spectrail.js';

/** Every request that the analysis worker answers, each with its capability. */
export const handlers: readonly AnyHandler[] = [
  codeActionHandler,
  codeLensHandler,
  completionHandler,
  completionResolveHandler,
  definitionHandler,
  documentKindHandler,
  documentLinkHandler,
  documentSymbolHandler,
  expandedSpecHandler,
  foldingRangeHandler,
  highlightHandler,
  hoverHandler,
  inlayHintHandler,
  patchOriginsHandler,
  patchReportHandler,
  prepareRenameHandler,
  referencesHandler,
  renameHandler,
  selectionRangeHandler,
  semanticTokensDeltaHandler,
  semanticTokensHandler,
  semanticTokensRangeHandler,
  targetsHandler,
];
