import type { ConditionalLineView } from './views.js';

/** An %if with what belongs to it. Lines are flat in the tree, so this pairing is the only place where they nest. */
export interface Conditional {
  readonly opener: ConditionalLineView;
  /** %elif and %else lines, in order. */
  readonly branches: readonly ConditionalLineView[];
  /** Undefined where the text ends first. */
  readonly closer: ConditionalLineView | undefined;
  /** The number of conditionals around this one. */
  readonly depth: number;
}

export interface PairedConditionals {
  /** In the order of their openers. */
  readonly conditionals: readonly Conditional[];
  /** %elif, %else and %endif lines without an %if, and those behind an %else of the same %if. */
  readonly unmatched: readonly ConditionalLineView[];
}

/** Pairs conditional lines as rpm's readLine does: a stack of %if, whatever sections they stand in. */
export function pairConditionals(lines: readonly ConditionalLineView[]): PairedConditionals {
  const conditionals: { opener: ConditionalLineView; branches: ConditionalLineView[]; closer: ConditionalLineView | undefined; depth: number }[] = [];
  const open: typeof conditionals = [];
  const unmatched: ConditionalLineView[] = [];
  for (const line of lines) {
    if (line.role === 'if') {
      const conditional = { opener: line, branches: [], closer: undefined, depth: open.length };
      conditionals.push(conditional);
      open.push(conditional);
      continue;
    }
    const innermost = open[open.length - 1];
    if (innermost === undefined) {
      unmatched.push(line);
    } else if (line.role === 'endif') {
      innermost.closer = line;
      open.pop();
    } else if (innermost.branches.at(-1)?.role === 'else') {
      unmatched.push(line);
    } else {
      innermost.branches.push(line);
    }
  }
  return { conditionals, unmatched };
}
