/** The macro expander as reading a spec needs it: what expanding a line tells is written down with its place in the spec. */
import { type DefinitionSite, type Expander, type Expansion, type MacroTable, macroLevel } from '../macros/index.js';
import type { Severity, Span } from '../text/index.js';
import { type Chunk, type PlacedSite, lineMark } from './chunk.js';

export type { Expansion, MacroCall, MacroTable } from '../macros/index.js';

/** Where the expander writes what it learns. */
export interface ExpansionSink {
  readonly chunk: Chunk;
  /** Whether the name, which no macro has, is a word of the spec language where it stands: `%install`, `%dir`, `%setup`. */
  isWord(name: string): boolean;
  problem(severity: Severity, code: string, template: string, span: Span, line: number, macros?: readonly string[]): void;
}

const severities: Readonly<Record<'error' | 'warning' | 'notice', Severity>> = { error: 'error', warning: 'warning', notice: 'information' };

export class SpecExpander {
  readonly expander: Expander;
  /** Set by the evaluator that reads with it. */
  sink!: ExpansionSink;
  /** `%{?buildroot}` before the first line, with what was not defined yet left in it. */
  buildroot = '';
  readonly #tracksLines: boolean;

  constructor(expander: Expander) {
    this.expander = expander;
    this.#tracksLines = expander.features.version >= 4_016_000_000;
  }

  get table(): MacroTable {
    return this.expander.table;
  }

  /** What rpm defines before the first line of a spec. */
  begin(fileName: string): void {
    if (this.expander.features.version < 4_020_000_000) this.buildroot = this.path('%{?buildroot:%{buildroot}}');
    else if (!this.table.has('_top_builddir')) {
      this.table.push('_top_builddir', this.value('%{_builddir}'), { level: macroLevel.global, literal: true });
      while (this.table.has('_builddir')) this.table.pop('_builddir');
    }
    this.pushFile(fileName);
    this.table.push('_docdir', '%{_defaultdocdir}', { level: macroLevel.spec });
    this.table.push('_licensedir', '%{_defaultlicensedir}', { level: macroLevel.spec });
  }

  pushFile(name: string): void {
    if (this.#tracksLines) this.table.push('__file_name', name, { level: macroLevel.spec, literal: true });
  }

  popFile(): void {
    if (this.#tracksLines) this.table.pop('__file_name');
  }

  /** Expands a logical line; `base` is the written offset of its start, -1 for one without. */
  expandLine(raw: string, base: number, span: Span, line: number): Expansion {
    const { chunk } = this.sink;
    if (this.#tracksLines) this.table.push('__file_lineno', lineMark, { level: macroLevel.spec, literal: true });
    let expansion = this.expander.expand(raw, { site: (start, end) => this.#site(chunk, base, span, start, end) });
    if (this.#tracksLines) this.table.pop('__file_lineno');
    // Lua that wants to start a program is a question nobody answers, like a command that is not known.
    if (expansion.failed && this.expander.messages.some(({ code, text }) => code === 'lua' && text.includes('not permitted in this context'))) expansion = { ...expansion, tainted: true };
    if (expansion.text.indexOf(lineMark) >= 0) {
      expansion = withLineNumber(expansion, String(line));
      chunk.dependsOnLines = true;
    }
    if (expansion.unknown && !this.#leavesUnknown(expansion.text)) expansion = { ...expansion, unknown: false };
    if (base >= 0) {
      const { calls } = expansion;
      for (let i = 1; i < calls.length; i++) {
        const call = calls[i]!;
        if (call.parent !== 0 || (call.definition === undefined && !call.conditional && this.sink.isWord(call.name))) continue;
        chunk.uses.push({
          name: call.kind === 'shell' ? '(' : call.kind === 'expression' ? '[' : call.name,
          span: { start: base + call.start, end: base + call.end },
          nameSpan: { start: base + call.nameStart, end: base + call.nameEnd },
          conditional: call.conditional,
          definition: call.definition,
          value: call.sideValue ?? (call.outputStart >= 0 ? expansion.text.slice(call.outputStart, call.outputEnd) : ''),
        });
      }
    }
    this.#drain(base, span, line, expansion.tainted);
    return expansion;
  }

  /** Whether a macro is left in an expanded line that is no word of the spec language. */
  #leavesUnknown(text: string): boolean {
    for (const [, name] of text.matchAll(/%\{?[!?]*([A-Za-z_]\w*)/g)) if (!this.sink.isWord(name!)) return true;
    return false;
  }

  /** Whether an expression holds; undefined where rpm finds it wrong. Its macros have been expanded already. */
  condition(expression: string, span: Span, line: number, tainted: boolean): boolean | undefined {
    const result = this.expander.condition(expression, false);
    this.#drain(-1, span, line, tainted);
    return result;
  }

  /** A value that rpm itself asks for while reading. */
  value(text: string): string {
    const result = this.expander.expandText(text).text;
    this.#drainQuietly();
    return result;
  }

  numeric(text: string): number {
    const result = this.expander.expandNumber(text);
    this.#drainQuietly();
    return result;
  }

  /** Expands and cleans a path, as rpmGetPath. */
  path(text: string): string {
    return cleanPath(this.value(text));
  }

  /** Defines what rpm defines for a tag, a source or itself, at the level of the spec. */
  defineTag(name: string, value: string, span: Span, nameSpan: Span): void {
    const { chunk } = this.sink;
    const site: PlacedSite = { kind: 'spec', span: nameSpan, chunk };
    const definition = this.table.push(name, value, { level: macroLevel.spec, site });
    chunk.definitions.push({ definition, by: 'tag', span, nameSpan });
  }

  /** `%license` is a word of %files there, and the License tag elsewhere. */
  openFiles(): void {
    this.table.push('license', '%license', { level: macroLevel.spec, literal: true });
  }

  closeFiles(): void {
    this.table.pop('license');
  }

  /** Fixes `%{buildroot}` when the main preamble has ended, and returns it. */
  fixBuildroot(span: Span): string {
    const buildroot = this.path(this.buildroot);
    const { chunk } = this.sink;
    const site: PlacedSite = { kind: 'spec', span: { start: span.start, end: span.start }, chunk };
    this.table.push('buildroot', buildroot, { level: macroLevel.spec, site });
    return buildroot;
  }

  /** Since 4.20: the folders of this build, known when the main preamble has ended. */
  fixBuildFolder(span: Span): void {
    const { table } = this;
    const site: PlacedSite = { kind: 'spec', span: { start: span.start, end: span.start }, chunk: this.sink.chunk };
    const options = { level: macroLevel.spec, literal: true, site };
    const folder = this.value('%{_top_builddir}/') + this.value('%{NAME}-%{VERSION}-build').replace(/[~^]/g, '_');
    table.push('_builddir', folder, options);
    table.push('builddir', folder, options);
    table.push('specpartsdir', cleanPath(`${folder}/SPECPARTS`), options);
    table.push('buildroot', cleanPath(`${folder}/BUILDROOT`), options);
    table.push('_buildrootdir', '%{dirname:%{buildroot}}', { level: macroLevel.global, site });
  }

  #site(chunk: Chunk, base: number, span: Span, start: number, end: number): DefinitionSite {
    const site: PlacedSite = { kind: 'spec', span: base < 0 ? span : { start: base + start, end: base + end }, chunk };
    return site;
  }

  #drain(base: number, span: Span, line: number, tainted: boolean): void {
    const { expander, sink } = this;
    const { chunk } = sink;
    if (expander.messages.length > 0)
      for (const message of expander.takeMessages()) {
        const place: Span = base >= 0 && message.end > message.start ? { start: base + message.start, end: base + message.end } : span;
        const words = message.place + message.text;
        // What came of an answer that is missing need not be wrong.
        if (tainted && message.severity === 'error') sink.problem('hint', `unsure/${message.code}`, `not sure, as something in it is not known here: ${words}`, place, line - 1, message.macros);
        else sink.problem(severities[message.severity], `rpm-${message.severity}/${message.code}`, words, place, line - 1, message.macros);
      }
    if (expander.changes.length > 0)
      for (const change of expander.takeChanges()) {
        const whole: Span = base >= 0 ? { start: base + change.start, end: base + change.end } : span;
        const nameSpan: Span = base >= 0 && change.nameStart !== undefined && change.nameEnd !== undefined ? { start: base + change.nameStart, end: base + change.nameEnd } : whole;
        chunk.definitions.push({ definition: change.definition, by: change.by, span: whole, nameSpan });
      }
    if (expander.pending.length > 0) chunk.pending.push(...expander.takePending());
  }

  /** What rpm's own look-ups say is said where the macro is used in the spec; here only questions count. */
  #drainQuietly(): void {
    const { expander } = this;
    if (expander.messages.length > 0) expander.takeMessages();
    if (expander.changes.length > 0) expander.takeChanges();
    if (expander.pending.length > 0) this.sink?.chunk.pending.push(...expander.takePending());
  }
}

/** Puts the line's number where `%{__file_lineno}` left its mark in an expansion. */
function withLineNumber(expansion: Expansion, number: string): Expansion {
  const marks: number[] = [];
  for (let at = expansion.text.indexOf(lineMark); at >= 0; at = expansion.text.indexOf(lineMark, at + 1)) marks.push(at);
  const moved = (offset: number) => {
    let before = 0;
    while (before < marks.length && marks[before]! < offset) before++;
    return offset + before * (number.length - 1);
  };
  return {
    ...expansion,
    text: expansion.text.replaceAll(lineMark, number),
    runs: expansion.runs.map((value, index) => (index % 3 === 0 ? moved(value) : value)),
    calls: expansion.calls.map((call) => (call.outputStart < 0 ? call : { ...call, outputStart: moved(call.outputStart), outputEnd: moved(call.outputEnd) })),
  };
}

/** rpmCleanPath: one slash where there are several, no `.` and `..` parts, no slash at the end. */
export function cleanPath(path: string): string {
  const absolute = path.startsWith('/');
  const scheme = /^[a-z]+:\/\//.exec(path)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of path.slice(scheme.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return scheme + (absolute ? '/' : '') + parts.join('/');
}
