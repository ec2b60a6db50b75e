/** What a distribution defines. Data and the reading of data; never evaluates a spec. */
export type { Target, TargetMacro } from './target.js';
