/**
 * What a distribution defines: its name and number, the rpm it ships, folders and names of its build configuration.
 * Data and the reading of data; it never evaluates a spec and never looks at this machine.
 */
export type { Target, TargetMacro } from './target.js';
export { type FoundTarget, architectures, defaultTarget, findTarget, listTargets } from './targets.js';
