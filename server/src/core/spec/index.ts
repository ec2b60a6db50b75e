/**
 * What a spec means: rpm's build/parseSpec.c and its neighbours over a text, for one target, giving a model, problems in
 * rpm's words and a source map. It never reads the syntax tree, and never starts anything.
 */
export type * from './model.js';
