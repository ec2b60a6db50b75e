/**
 * Patches and commits: reading them, telling what they are, finding where they come from, judging what they say of
 * themselves. This room knows nothing of specs, targets or editors: whoever has a spec passes in the files and their order.
 */
export * from './patch.js';
export * from './identity.js';
export * from './candidateIndex.js';
export * from './commitStream.js';
export * from './verdict.js';
