import type { Evaluation } from '../spec/index.js';
import type { Target } from '../targets/index.js';

const standIns = new WeakSet<Evaluation>();

/** Whether an evaluation is a real one. */
export function isEvaluated(evaluation: Evaluation): boolean {
  return !standIns.has(evaluation);
}

/** Stands in for an evaluation that must not be tried: nothing is known of what the spec means. */
export function unevaluated(target: Target): Evaluation {
  const standIn: Evaluation = {
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
    session: () => (text) => ({ text, messages: [] }),
    explain: () => [],
    lookup: () => undefined,
    macroNames: () => [],
  };
  standIns.add(standIn);
  return standIn;
}
