import type { AnyHandler } from './handler.js';

/** Every request that the analysis worker answers, each with its capability. */
export const handlers: readonly AnyHandler[] = [];
