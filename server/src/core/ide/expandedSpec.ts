import { LineIndex } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';

/** The expanded text for one target, with the lines it came from. */
export interface ExpandedSpec {
  readonly target: { readonly id: string; readonly label: string };
  readonly text: string;
  /** Runs of lines that go along side by side; what no run covers came from another file. */
  readonly lines: readonly (readonly [expandedLine: number, writtenLine: number, count: number])[];
  /** rpm's words, one a problem. */
  readonly errors: readonly string[];
}

/** What `rpmspec -P` would print for a target of the snapshot (the primary one where it is not named or not there). */
export function expandedSpec(snapshot: Snapshot, target?: string): ExpandedSpec {
  const evaluation = snapshot.evaluations.find((one) => one.target.id === target) ?? snapshot.evaluation;
  const { expanded } = evaluation;
  const index = new LineIndex(expanded.text);
  const runs: [number, number, number][] = [];
  for (let line = 0; line < index.count; line++) {
    const origin = expanded.originOf(index.lineStart(line));
    if (origin === undefined) continue;
    const written = snapshot.lines.lineAt(origin.span.start);
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[2] === line && last[1] + last[2] === written) last[2]++;
    else runs.push([line, written, 1]);
  }
  const errors = evaluation.problems.filter(({ severity }) => severity === 'error').map(({ message, line }) => `line ${line + 1}: ${message}`);
  return { target: evaluation.target, text: expanded.text, lines: runs, errors };
}
