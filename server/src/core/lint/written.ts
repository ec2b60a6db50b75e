import type { Evaluation } from '../spec/index.js';
import type { LineIndex, Span } from '../text/index.js';

/** One line as it is written. */
export interface WrittenLine {
  /** Zero-based. */
  readonly number: number;
  /** Without the line break. */
  readonly span: Span;
  readonly text: string;
  /** Name of the section it stands in, without the percent sign: `preamble` at the start. */
  readonly section: string;
  /** Whether it opens that section. */
  readonly isHeader: boolean;
  /** Whether a false conditional hides it from this evaluation. */
  readonly isSkipped: boolean;
  /** Whether it begins with `#`, which rpm (in the preamble and its kin) and the shell (in scripts) take as a comment. */
  readonly isComment: boolean;
  /** Whether it is `%if`, `%endif` or their kin. */
  readonly isConditional: boolean;
}

/** Sections whose lines are a shell script; rpm runs the first six while it builds, the others when it installs. */
export const buildScripts: ReadonlySet<string> = new Set(['prep', 'generate_buildrequires', 'conf', 'build', 'install', 'check', 'clean']);
export const scriptlets: ReadonlySet<string> = new Set([
  'pre', 'post', 'preun', 'postun', 'pretrans', 'posttrans', 'preuntrans', 'postuntrans', 'verify', 'verifyscript',
  'triggerprein', 'triggerin', 'triggerun', 'triggerpostun', 'filetriggerin', 'filetriggerun', 'filetriggerpostun', 'transfiletriggerin', 'transfiletriggerun', 'transfiletriggerpostun',
]);

const headers = new Set([...buildScripts, ...scriptlets, 'package', 'description', 'files', 'changelog', 'sourcelist', 'patchlist', 'sepolicy']);

/** Offset that the evaluation has read to: where rpm gave up, or infinity when it read to the end. */
export function readTo(evaluation: Evaluation): number {
  if (evaluation.accepted || evaluation.readsOn === true) return Infinity;
  const errors = evaluation.problems.filter(({ severity }) => severity === 'error').map(({ span }) => span.end);
  const read = evaluation.sections.filter(({ generated }) => !generated).map(({ headerSpan }) => headerSpan.end);
  return Math.max(0, ...errors, ...read);
}

/** Where a line stands, as far as rules go by it. One object for all lines of a kind. */
export type LinePlace = Pick<WrittenLine, 'section' | 'isHeader' | 'isSkipped' | 'isConditional'>;

const places = new Map<string, LinePlace[]>();

function placeOf(section: string, isHeader: boolean, isSkipped: boolean, isConditional: boolean): LinePlace {
  let ofSection = places.get(section);
  if (ofSection === undefined) places.set(section, (ofSection = []));
  return (ofSection[(isHeader ? 4 : 0) + (isSkipped ? 2 : 0) + (isConditional ? 1 : 0)] ??= { section, isHeader, isSkipped, isConditional });
}

/** Picks the lines of the named sections that are read and are neither header nor conditional. */
export function readIn(...sections: readonly string[]): (place: LinePlace) => boolean {
  const names = new Set(sections);
  return ({ section, isHeader, isSkipped, isConditional }) => !isHeader && !isSkipped && !isConditional && names.has(section);
}

/** Whether a line begins with `#`, white space aside. */
export function isCommentLine(text: string): boolean {
  let first = 0;
  while (first < text.length && (text.charCodeAt(first) === 32 || text.charCodeAt(first) === 9)) first++;
  return text.charCodeAt(first) === 35;
}

/**
 * The text line by line, as one evaluation read it. Hidden lines get the section that they would stand in. It is made after
 * every keystroke, and most lines are of no interest to anybody: what a line is made into is made when somebody asks.
 */
export class WrittenSpec {
  /** Of each line: its text without the line break, and where it stands. */
  readonly texts: readonly string[];
  readonly places: readonly LinePlace[];
  readonly #index: LineIndex;
  readonly #made: WrittenLine[] = [];
  #lines: readonly WrittenLine[] | undefined;
  /** Answers of {@link readLines}: many rules ask for the same sections. */
  readonly #read = new Map<string, readonly WrittenLine[]>();
  #bySection: Map<string, WrittenLine[]> | undefined;

  constructor(text: string, index: LineIndex, evaluation: Evaluation) {
    const { count } = index;
    const texts: string[] = new Array<string>(count);
    const places: LinePlace[] = new Array<LinePlace>(count);
    const sections = evaluation.sections.filter((section) => !section.generated);
    const skipped = [...evaluation.skipped].sort((a, b) => a.start - b.start);
    const conditionals = new Set(evaluation.conditionals.map((line) => index.lineAt(line.span.start)));
    const stop = readTo(evaluation);
    let nextSection = 0;
    let nextSkipped = 0;
    let read = 'preamble';
    let hidden: string | undefined;
    let place: LinePlace | undefined;
    for (let number = 0, start = 0; number < count; number++) {
      const next = index.lineStart(number + 1);
      let end = next;
      while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
      const content = text.slice(start, end);
      while (nextSkipped < skipped.length && skipped[nextSkipped]!.end <= start) nextSkipped++;
      const isSkipped = nextSkipped < skipped.length && skipped[nextSkipped]!.start <= start && start < skipped[nextSkipped]!.end;
      let isHeader = false;
      // Where nothing is evaluated, the words themselves are all there is to go by.
      if (isSkipped || start > stop) {
        const word = content.charCodeAt(0) === 37 ? /^%(\w+)/.exec(content)?.[1] : undefined;
        isHeader = word !== undefined && headers.has(word);
        if (isHeader) hidden = word;
      } else {
        hidden = undefined;
        while (nextSection < sections.length && sections[nextSection]!.headerSpan.start <= start) {
          const { name, headerSpan } = sections[nextSection++]!;
          read = name;
          isHeader = name !== 'preamble' && headerSpan.start >= start && headerSpan.start <= end;
        }
      }
      const section = hidden ?? read;
      const isConditional = conditionals.has(number);
      // Nearly every line stands where the one before it does.
      if (place === undefined || place.section !== section || place.isHeader !== isHeader || place.isSkipped !== isSkipped || place.isConditional !== isConditional) place = placeOf(section, isHeader, isSkipped, isConditional);
      texts[number] = content;
      places[number] = place;
      start = next;
    }
    this.texts = texts;
    this.places = places;
    this.#index = index;
  }

  get lines(): readonly WrittenLine[] {
    return (this.#lines ??= this.texts.map((_, number) => this.line(number)));
  }

  /** The line of a number, which must be one of the text. */
  line(number: number): WrittenLine {
    return (this.#made[number] ??= this.#make(number));
  }

  #make(number: number): WrittenLine {
    const text = this.texts[number]!;
    const { section, isHeader, isSkipped, isConditional } = this.places[number]!;
    const start = this.#index.lineStart(number);
    return { number, span: { start, end: start + text.length }, text, section, isHeader, isSkipped, isComment: isCommentLine(text), isConditional };
  }

  /** The line at an offset, which must lie in the text. */
  at(offset: number, index: LineIndex): WrittenLine {
    return this.line(index.lineAt(offset));
  }

  /** Lines of the named section that are read and are neither header nor conditional. */
  readLines(...sections: readonly string[]): readonly WrittenLine[] {
    const key = sections.join(' ');
    let lines = this.#read.get(key);
    if (lines === undefined) this.#read.set(key, (lines = this.#select(sections)));
    return lines;
  }

  #select(sections: readonly string[]): readonly WrittenLine[] {
    const bySection = (this.#bySection ??= this.#sorted());
    const [only, ...others] = sections.map((name) => bySection.get(name)).filter((lines) => lines !== undefined);
    if (only === undefined) return [];
    // Sections may take turns; lines come in the order of the text.
    return others.length === 0 ? only : [...only, ...others.flat()].sort((a, b) => a.number - b.number);
  }

  /** The lines that are read and are neither header nor conditional, by section. */
  #sorted(): Map<string, WrittenLine[]> {
    const bySection = new Map<string, WrittenLine[]>();
    for (let number = 0; number < this.texts.length; number++) {
      const { isSkipped, isHeader, isConditional } = this.places[number]!;
      if (isSkipped || isHeader || isConditional) continue;
      const line = this.line(number);
      const known = bySection.get(line.section);
      if (known === undefined) bySection.set(line.section, [line]);
      else known.push(line);
    }
    return bySection;
  }
}
