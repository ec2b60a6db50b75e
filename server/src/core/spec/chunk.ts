/**
 * What an evaluation writes down while it reads, in chunks of some dozens of lines. A chunk is immutable once closed and
 * may belong to several evaluations of a text that is being edited: everything in it counts from the place where the
 * chunk began when it was read, and an evaluation knows how far it has moved since.
 */
import type { MacroDefinition, MacroQuestion } from '../macros/index.js';
import type { Severity, Span } from '../text/index.js';
import type { ConditionalLine, DefinitionEvent, MacroUse, PatchApplication, SourceEntry, Tag } from './model.js';

/** In a problem's message: stands for the one-based number of its line, which moves with the text. */
export const lineMark = '\u0001';

/** A problem whose place still counts from its chunk. */
export interface ProblemRecord {
  readonly code: string;
  readonly severity: Severity;
  /** rpm's words, with {@link lineMark} for the line's number. */
  readonly template: string;
  readonly span: Span;
  /** Zero-based. */
  readonly line: number;
  /** The line is one of an included file, which no edit of the spec moves. */
  readonly fixedLine: boolean;
  readonly macros: readonly string[];
}

/** The opening of a section: it ends where the next one opens. */
export interface SectionRecord {
  readonly name: string;
  readonly arguments: string;
  readonly package: number | undefined;
  readonly headerSpan: Span;
  readonly generated: boolean;
  /** Offset in the expanded text where the header begins and where what follows it begins. */
  readonly headerAt: number;
  readonly textAt: number;
}

/** A dependency, or another thing said of a package, that the model and queries are made from. */
export interface DependencyRecord {
  /** Index of the package; -1 for the source package. */
  readonly package: number;
  /** The tag as written canonically, or `interp` and `rpmlib` for what rpm adds for a script, or a trigger's name. */
  readonly kind: string;
  readonly name: string;
  readonly comparison: string | undefined;
  readonly version: string | undefined;
  readonly qualifiers: readonly string[];
  /** Index among the tags of the same chunk. */
  readonly tag: number | undefined;
}

/** The header line of a changelog entry; its text goes on to the next one or the end of the section. */
export interface ChangelogRecord {
  /** A header that rpm refuses: it makes no entry, and ends the one before. */
  readonly refused: boolean;
  readonly header: string;
  readonly time: number;
  readonly name: string;
  /** The header line. */
  readonly span: Span;
  /** Offsets in the expanded text where the header begins and where what follows it begins. */
  readonly headerAt: number;
  readonly textAt: number;
}

export type TagRecord = Tag;
/** `tag` counts from the chunk's first tag. */
export type SourceRecord = SourceEntry;
export type DefinitionRecord = DefinitionEvent;
/** `opener` is not known before all chunks are put together. */
export type ConditionalRecord = Omit<ConditionalLine, 'opener'>;
export type UseRecord = MacroUse;
export type ApplicationRecord = PatchApplication;

/** How many numbers a run of the source map takes. */
export const runWidth = 4;

let lastId = 0;

export class Chunk {
  /** Tells it from all others, for who must not keep it (and through it the text it was read from) in memory. */
  readonly id = ++lastId;
  /** Written offset, line and expanded offset at which the chunk began, in the evaluation that read it. */
  readonly base: number;
  readonly baseLine: number;
  readonly expandedBase: number;
  /** Written offset and line behind its last line; set when it is closed. */
  end = 0;
  endLine = 0;
  /** The expanded text it gave. */
  output = '';
  /**
   * Source map: runs of expanded offset, written start, written end and number of the chain of macros. Written text
   * that was copied has the end -1 and runs along with the expanded text; text of an included file has the start -1.
   */
  runs: Int32Array = new Int32Array(0);
  /** Chains of macros, outermost first; number 0 is the empty one. */
  readonly chains: (readonly string[])[] = [[]];
  readonly problems: ProblemRecord[] = [];
  /** How many problems were found before and with the first line here that rpm refuses and reading passed over. */
  refusedAt: number | undefined = undefined;
  readonly tags: TagRecord[] = [];
  readonly sources: SourceRecord[] = [];
  readonly applications: ApplicationRecord[] = [];
  readonly sections: SectionRecord[] = [];
  readonly dependencies: DependencyRecord[] = [];
  readonly changelog: ChangelogRecord[] = [];
  readonly conditionals: ConditionalRecord[] = [];
  readonly uses: UseRecord[] = [];
  readonly definitions: DefinitionRecord[] = [];
  readonly skipped: Span[] = [];
  readonly pending: MacroQuestion[] = [];
  /** Names of macros that were asked for or changed, `*` for all, and parts of the parser's state (statePart). */
  touched: ReadonlySet<string> = new Set();
  /** A line of it could not be read. */
  isUnsure = false;
  /** Its text holds the number of a line, so that it cannot be moved to another. */
  dependsOnLines = false;

  // While the chunk is being written.
  #pieces: string[] = [];
  #runList: number[] = [];
  /** By chain: which chain each macro further in makes. */
  #inside: Map<string, number>[] = [];
  #length = 0;

  constructor(base: number, baseLine: number, expandedBase: number) {
    this.base = base;
    this.baseLine = baseLine;
    this.expandedBase = expandedBase;
  }

  /** Expanded offset behind what has been written. */
  get expandedEnd(): number {
    return this.expandedBase + this.#length;
  }

  chainNumber(macros: readonly string[]): number {
    let number = 0;
    for (const name of macros) number = this.chainInside(number, name);
    return number;
  }

  /** The chain that goes one macro further in than another. */
  chainInside(outer: number, name: string): number {
    const inner = (this.#inside[outer] ??= new Map<string, number>());
    let number = inner.get(name);
    if (number === undefined) {
      number = this.chains.length;
      this.chains.push([...this.chains[outer]!, name]);
      inner.set(name, number);
    }
    return number;
  }

  /** Appends text that was written as it is, at a written offset. */
  appendCopy(text: string, written: number): void {
    if (text === '') return;
    const list = this.#runList;
    const last = list.length - runWidth;
    const at = this.expandedBase + this.#length;
    // Goes on where the run before it stopped.
    if (!(last >= 0 && list[last + 2] === -1 && list[last + 1]! >= 0 && list[last + 1]! + (at - list[last]!) === written)) list.push(at, written, -1, 0);
    this.#append(text);
  }

  /** Appends text that a macro made; `start` is -1 for text without a place in the spec. */
  appendMade(text: string, start: number, end: number, chain: number): void {
    if (text === '') return;
    const list = this.#runList;
    const last = list.length - runWidth;
    if (!(last >= 0 && list[last + 1] === start && list[last + 2] === end && list[last + 3] === chain)) list.push(this.expandedBase + this.#length, start, end, chain);
    this.#append(text);
  }

  #append(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
  }

  /** Ends the chunk before the given written place. */
  close(end: number, endLine: number): void {
    this.end = end;
    this.endLine = endLine;
    this.output = this.#pieces.join('');
    this.#pieces = [];
    this.runs = Int32Array.from(this.#runList);
    this.#runList = [];
    this.#inside = [];
  }
}

/** A definition's site in the spec, with the chunk it counts from: what a plain span cannot say once the text is edited. */
export interface PlacedSite {
  readonly kind: 'spec';
  readonly span: Span;
  readonly chunk: Chunk;
}

export function isPlaced(site: MacroDefinition['site']): site is PlacedSite {
  return site.kind === 'spec' && 'chunk' in site;
}
