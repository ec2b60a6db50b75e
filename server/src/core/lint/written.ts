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

/** The text line by line, as one evaluation read it. Hidden lines get the section that they would stand in. */
export class WrittenSpec {
  readonly lines: readonly WrittenLine[];
  /** Answers of {@link readLines}: many rules ask for the same sections. */
  readonly #read = new Map<string, readonly WrittenLine[]>();
  #bySection: Map<string, WrittenLine[]> | undefined;

  constructor(text: string, index: LineIndex, evaluation: Evaluation) {
    const lines: WrittenLine[] = [];
    const sections = evaluation.sections.filter((section) => !section.generated);
    const skipped = [...evaluation.skipped].sort((a, b) => a.start - b.start);
    const conditionals = new Set(evaluation.conditionals.map((line) => index.lineAt(line.span.start)));
    const stop = readTo(evaluation);
    let nextSection = 0;
    let nextSkipped = 0;
    let read = 'preamble';
    let hidden: string | undefined;
    for (let number = 0; number < index.count; number++) {
      const start = index.lineStart(number);
      let end = index.lineStart(number + 1);
      while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
      const content = text.slice(start, end);
      while (nextSkipped < skipped.length && skipped[nextSkipped]!.end <= start) nextSkipped++;
      const isSkipped = nextSkipped < skipped.length && skipped[nextSkipped]!.start <= start && start < skipped[nextSkipped]!.end;
      let isHeader = false;
      // Where nothing is evaluated, the words themselves are all there is to go by.
      if (isSkipped || start > stop) {
        const word = /^%(\w+)/.exec(content)?.[1];
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
      let first = 0;
      while (first < content.length && (content.charCodeAt(first) === 32 || content.charCodeAt(first) === 9)) first++;
      lines.push({
        number,
        span: { start, end },
        text: content,
        section: hidden ?? read,
        isHeader,
        isSkipped,
        isComment: content.charCodeAt(first) === 35,
        isConditional: conditionals.has(number),
      });
    }
    this.lines = lines;
  }

  /** The line at an offset, which must lie in the text. */
  at(offset: number, index: LineIndex): WrittenLine {
    return this.lines[index.lineAt(offset)]!;
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
    for (const line of this.lines) {
      if (line.isSkipped || line.isHeader || line.isConditional) continue;
      const known = bySection.get(line.section);
      if (known === undefined) bySection.set(line.section, [line]);
      else known.push(line);
    }
    return bySection;
  }
}
