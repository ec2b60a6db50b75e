import type { Span } from '../text/index.js';
import type { AnyReport, Rule } from './rule.js';
import { type LinePlace, type WrittenSpec, isCommentLine } from './written.js';

/** What one rule found in a line; spans count from the line's start. */
interface LineFinding {
  readonly rule: Rule;
  readonly report: AnyReport;
}

/** Lines of one kind of place: the rules that look at them, and what these found, by the line's text. */
interface Shelf {
  readonly rules: readonly Rule[];
  readonly found: Map<string, readonly LineFinding[]>;
}

const nothing: readonly LineFinding[] = [];

/** Lines of which the findings are kept: those of a few large specs, or the common ones of many. */
const mostLines = 1 << 14;

/** Longer lines are rare, and are not worth their memory. */
const longestLine = 1000;

/** Findings of rules that look at single lines, kept by the line. */
export class LineFindings {
  readonly #rules: readonly Rule[];
  #shelves = new Map<LinePlace, Shelf>();
  #kept = 0;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.filter(({ lines }) => lines !== undefined);
  }

  /**
   * What each rule finds in the lines of a spec, in their order, with places in the spec. `isKept`: what was found before is taken
   * from memory, and this remembered. `onFailure` hears of rules that are broken.
   */
  of(written: WrittenSpec, lineStart: (number: number) => number, isKept: boolean, onFailure: (rule: Rule, error: unknown) => void): ReadonlyMap<Rule, readonly AnyReport[]> {
    const byRule = new Map<Rule, AnyReport[]>();
    if (this.#rules.length === 0) return byRule;
    if (this.#kept > mostLines) {
      this.#shelves = new Map();
      this.#kept = 0;
    }
    const { texts, places } = written;
    let place: LinePlace | undefined;
    let shelf: Shelf | undefined;
    for (let number = 0; number < texts.length; number++) {
      if (places[number] !== place || shelf === undefined) {
        place = places[number]!;
        shelf = this.#shelf(place);
      }
      if (shelf.rules.length === 0) continue;
      const text = texts[number]!;
      const found = (isKept ? shelf.found.get(text) : undefined) ?? this.#look(text, place!, shelf, isKept, onFailure);
      if (found.length === 0) continue;
      const start = lineStart(number);
      for (const { rule, report } of found) {
        const known = byRule.get(rule);
        const placed = movedBy(report, start);
        if (known === undefined) byRule.set(rule, [placed]);
        else known.push(placed);
      }
    }
    return byRule;
  }

  #shelf(place: LinePlace): Shelf {
    let shelf = this.#shelves.get(place);
    if (shelf === undefined) this.#shelves.set(place, (shelf = { rules: this.#rules.filter(({ lines }) => lines!.at(place)), found: new Map() }));
    return shelf;
  }

  #look(text: string, { section, isHeader, isSkipped, isConditional }: LinePlace, { rules, found: shelf }: Shelf, isKept: boolean, onFailure: (rule: Rule, error: unknown) => void): readonly LineFinding[] {
    const line = { section, isHeader, isSkipped, isConditional, text, isComment: isCommentLine(text) };
    let found: LineFinding[] | undefined;
    let isBroken = false;
    for (const rule of rules) {
      try {
        rule.lines!.check(line, (report) => (found ??= []).push({ rule, report }));
      } catch (error) {
        isBroken = true;
        onFailure(rule, error);
      }
    }
    const result = found ?? nothing;
    if (isKept && !isBroken && text.length <= longestLine) {
      // The line is a part of its spec, and would keep all of that in memory.
      shelf.set(detached(text), result);
      this.#kept++;
    }
    return result;
  }
}

/** The same text without the larger one it was cut out of. */
function detached(text: string): string {
  // The engine cuts long texts out by reference; joined with something and cut out again, it refers to no more than that.
  return text.length < 13 ? text : `${text}\n`.slice(0, -1);
}

function movedBy(report: AnyReport, by: number): AnyReport {
  const moved = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  return { ...report, at: moved(report.at), ...(report.related !== undefined && { related: report.related.map((place) => ({ ...place, span: moved(place.span) })) }) };
}
