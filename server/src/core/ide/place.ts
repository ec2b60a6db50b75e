import type { MacroDefinition } from '../macros/index.js';
import type { MacroUse, SourceEntry } from '../spec/index.js';
import type { MacroDefinitionView, MacroUseView, TagView } from '../syntax/index.js';
import { type Span, contains } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';

/** The innermost written macro use whose head (percent sign, brace, operator, name) holds the offset. */
export function macroAt(snapshot: Snapshot, offset: number): MacroUseView | undefined {
  let found: MacroUseView | undefined;
  for (const use of snapshot.tree.views.macroUses) {
    if (use.span.start > offset) break;
    if (use.name !== '' && contains({ start: use.span.start, end: use.nameSpan.end }, offset)) found = use;
    // Directly behind the closing brace one still means the macro, unless another begins there.
    else if (found === undefined && use.name !== '' && offset === use.span.end && use.bodySpan === undefined && use.argumentsSpan === undefined) found = use;
  }
  return found;
}

/** What the primary evaluation made of a written use, undefined where rpm never came by. */
export function evaluatedUse(snapshot: Snapshot, use: MacroUseView, evaluation = snapshot.evaluation): MacroUse | undefined {
  const { macroUses } = evaluation;
  const start = use.nameSpan.start;
  let low = 0;
  let high = macroUses.length;
  // The uses come in the order they were expanded in, which is not always that of the text.
  if (!isOrdered(macroUses)) return macroUses.find(({ nameSpan, name }) => nameSpan.start === start && name === use.name);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (macroUses[middle]!.nameSpan.start < start) low = middle + 1;
    else high = middle;
  }
  let found: MacroUse | undefined;
  for (let i = low; i < macroUses.length && macroUses[i]!.nameSpan.start === start; i++) {
    if (macroUses[i]!.name !== use.name) continue;
    if (found?.value === undefined) found = macroUses[i];
  }
  return found;
}

const ordered = new WeakMap<readonly MacroUse[], boolean>();

function isOrdered(uses: readonly MacroUse[]): boolean {
  let known = ordered.get(uses);
  if (known === undefined) {
    known = uses.every((use, i) => i === 0 || uses[i - 1]!.nameSpan.start <= use.nameSpan.start);
    ordered.set(uses, known);
  }
  return known;
}

/** The definition line whose name holds the offset. */
export function definitionAt(snapshot: Snapshot, offset: number): MacroDefinitionView | undefined {
  return snapshot.tree.views.definitions.find(({ name, nameSpan }) => name !== '' && contains(nameSpan, offset));
}

/** The tag line that holds the offset; the innermost one where a macro holds several. */
export function tagAt(snapshot: Snapshot, offset: number): TagView | undefined {
  return snapshot.tree.views.tags.findLast(({ span }) => contains(span, offset));
}

/** The patch or source that a line declares, by the line's span. */
export function sourceAt(snapshot: Snapshot, offset: number): SourceEntry | undefined {
  const { patches, sources } = snapshot.evaluation;
  const holds = ({ span }: SourceEntry): boolean => contains(span, offset) && !isGenerated(snapshot, span);
  return patches.find(holds) ?? sources.find(holds);
}

/** A declaration that a macro made covers the whole use of the macro; several may cover the same. */
function isGenerated({ text }: Snapshot, { start }: Span): boolean {
  return text.charCodeAt(start) === 0x25;
}

/** Where a macro's definition is written in this spec; undefined for one from elsewhere. */
export function definitionSpan(snapshot: Snapshot, definition: MacroDefinition): Span | undefined {
  if (definition.site.kind !== 'spec') return undefined;
  const { site } = definition;
  const event = snapshot.evaluation.definitions.find(({ span, definition: { name } }) => name === definition.name && span.start === site.span.start);
  return event?.nameSpan ?? site.span;
}
