import type { Evaluation } from '../spec/index.js';
import type { Target } from '../targets/index.js';

/** Stands in for an evaluation that must not be tried: nothing is known of what the spec means. */
export function unevaluated(target: Target): Evaluation {
  return {
    target,
    accepted: true,
    problems: [],
    expanded: { text: '', originOf: () => undefined, expansionsOf: () => [] },
    packages: [],
    tags: [],
    sources: [],
    patches: [],
    applications: [],
    sections: [],
    changelog: [],
    conditionals: [],
    macroUses: [],
    definitions: [],
    skipped: [],
    pending: [],
    expand: (text) => text,
    lookup: () => undefined,
    macroNames: () => [],
  };
}
