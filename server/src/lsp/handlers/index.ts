import { completionHandler, completionResolveHandler } from './completion.js';
import { definitionHandler } from './definition.js';
import type { AnyHandler } from './handler.js';
import { hoverHandler } from './hover.js';

/** Every request that the analysis worker answers, each with its capability. */
export const handlers: readonly AnyHandler[] = [completionHandler, completionResolveHandler, definitionHandler, hoverHandler];
