/** An evaluation put together from its chunks: every list is made when it is first asked for, with places as they are in this text. */
import { type DefinitionSite, Expander, type ExplanationStep, type MacroContext, type MacroDefinition, type MacroMessage, type MacroTable, rpmVersionNumber } from '../macros/index.js';
import type { Span } from '../text/index.js';
import type { Target } from '../targets/index.js';
import { type Chunk, type DependencyRecord, isPlaced, lineMark, runWidth } from './chunk.js';
import type {
  ChangelogEntry, ConditionalLine, DefinitionEvent, Dependency, Evaluation, EvaluationProblem, ExpandedOrigin, ExpandedText, MacroUse, PatchApplication, PendingQuestion, Section, SourceEntry,
  SpecPackage, Tag,
} from './model.js';
import type { FullInputs } from './inputs.js';
import { type Lineage, resolveRetired } from './lineage.js';
import type { Conditional } from './lineReader.js';
import type { SpecLua } from './specLua.js';
import type { PackageState, ParserState } from './state.js';

/** A chunk where it stands in one evaluation. */
export interface PlacedChunk {
  readonly chunk: Chunk;
  /** Written offset and line, expanded offset at which it begins in this evaluation. */
  readonly start: number;
  readonly line: number;
  readonly expandedStart: number;
}

/** What a reading of the whole text left behind. */
export interface ReadingResult {
  readonly target: Target;
  readonly text: string;
  readonly accepted: boolean;
  readonly chunks: readonly PlacedChunk[];
  /** Chunks of a first reading that BuildArch ended: definitions made in it are still in force. */
  readonly earlier: readonly PlacedChunk[];
  readonly state: ParserState;
  readonly table: MacroTable;
  readonly context: MacroContext;
  /** Architecture BuildArch asked for. */
  readonly buildArch: string | undefined;
  /** Messages about what was defined before the spec. */
  readonly outsideProblems: readonly EvaluationProblem[];
  /** Problems found after the last line. */
  readonly finalProblems: Chunk;
  /** Conditionals open at the end. */
  readonly conditional: Conditional;
  /** The text ended inside a conditional. */
  readonly unclosed: boolean;
  readonly lineage: Lineage | undefined;
  /** Parser states at the beginning of each chunk. */
  readonly checkpoints: readonly Checkpoint[];
  readonly inputs: FullInputs;
  /** Ended by a limit rather than by the text. */
  readonly cutShort: boolean;
  /** The Lua interpreter as the end of the text left it; a later evaluation may have gone on with it. */
  readonly lua: SpecLua | undefined;
  /** Macros and `%{buildroot}` with which the reading of these chunks began. */
  readonly buildroot: string;
}

/** Everything needed to go on reading at the beginning of a chunk. */
export interface Checkpoint {
  readonly state: ParserState;
  readonly table: MacroTable;
  readonly conditional: Conditional;
  /** How often Lua code had changed its global variables by then. */
  readonly luaChanges: number;
}

/** Whether a problem may well come of lines that were passed over: a half of a pair is missing, or two sections have become one. */
export function isConsequence({ code, message }: EvaluationProblem): boolean {
  return code.includes('stray-') || code.endsWith('unclosed-if') || /already|second|duplicate|no description|has no |must be present/i.test(message);
}

/** A changelog entry whose text is cut out of the expanded text when it is asked for: to put that together at every keystroke takes time. */
export class PlacedEntry implements ChangelogEntry {
  readonly #cut: () => string;

  constructor(
    readonly header: string,
    readonly time: number | undefined,
    /** What follows the date in the header. */
    readonly name: string,
    cut: () => string,
    readonly span: Span,
  ) {
    this.#cut = cut;
  }

  get text(): string {
    return this.#cut();
  }
}

/**
 * A class, and no object written with a getter: V8 gives every such object a shape of its own, which only a full collection
 * frees, and with it the whole evaluation that the getter sees.
 */
class Expanded implements ExpandedText {
  readonly #make: () => string;
  readonly #chunks: readonly PlacedChunk[];

  constructor(make: () => string, chunks: readonly PlacedChunk[]) {
    this.#make = make;
    this.#chunks = chunks;
  }

  get text(): string {
    return this.#make();
  }

  originOf(offset: number): ExpandedOrigin | undefined {
    return originOf(this.#chunks, offset);
  }

  expansionsOf(writtenOffset: number) {
    return expansionsOf(this.#chunks, writtenOffset);
  }
}

/** A package whose description is cut out of the expanded text when it is asked for; a class as {@link Expanded} is one. */
class ReadPackage implements SpecPackage {
  readonly name: string;
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly summary: string | undefined;
  readonly license: string | undefined;
  readonly url: string | undefined;
  readonly group: string | undefined;
  readonly dependencies: readonly Dependency[];
  readonly hasFiles: boolean;
  readonly span: Span | undefined;
  readonly #section: Section | undefined;

  constructor(facts: Omit<SpecPackage, 'description'>, section: Section | undefined) {
    this.name = facts.name;
    this.epoch = facts.epoch;
    this.version = facts.version;
    this.release = facts.release;
    this.arch = facts.arch;
    this.summary = facts.summary;
    this.license = facts.license;
    this.url = facts.url;
    this.group = facts.group;
    this.dependencies = facts.dependencies;
    this.hasFiles = facts.hasFiles;
    this.span = facts.span;
    this.#section = section;
  }

  get description(): string | undefined {
    return this.#section?.text.replace(/\s+$/, '');
  }
}

export class SpecEvaluation implements Evaluation {
  readonly target: Target;
  readonly accepted: boolean;
  readonly readsOn: true | undefined;
  readonly expanded: ExpandedText;
  readonly #reading: ReadingResult;
  readonly #byChunk = new Map<Chunk, PlacedChunk>();
  readonly #definitions = new Map<MacroDefinition, MacroDefinition>();
  #problems: readonly EvaluationProblem[] | undefined;
  #tags: readonly Tag[] | undefined;
  #sources: readonly SourceEntry[] | undefined;
  #onlySources: readonly SourceEntry[] | undefined;
  #onlyPatches: readonly SourceEntry[] | undefined;
  #applications: readonly PatchApplication[] | undefined;
  #sections: readonly Section[] | undefined;
  #changelog: readonly ChangelogEntry[] | undefined;
  /** Where the text of each section stands in the expanded text. */
  #sectionBounds: readonly { readonly start: number; readonly end: number }[] = [];
  #conditionals: readonly ConditionalLine[] | undefined;
  #uses: readonly MacroUse[] | undefined;
  #events: readonly DefinitionEvent[] | undefined;
  #skipped: readonly Span[] | undefined;
  #packages: readonly SpecPackage[] | undefined;
  #dependencies: readonly OwnedDependency[] | undefined;
  #text: string | undefined;

  constructor(reading: ReadingResult) {
    this.#reading = reading;
    this.target = reading.target;
    this.readsOn = reading.inputs.readsOn && reading.chunks.some(({ chunk }) => chunk.refusedAt !== undefined) ? true : undefined;
    this.accepted = reading.accepted && this.readsOn === undefined;
    for (const placed of reading.earlier) this.#byChunk.set(placed.chunk, placed);
    for (const placed of reading.chunks) this.#byChunk.set(placed.chunk, placed);
    this.expanded = new Expanded(() => this.#expandedText(), reading.chunks);
  }

  /** What the next evaluation of an edited text can reuse; for this room alone. */
  get reading(): ReadingResult {
    return this.#reading;
  }

  /** Written offset behind the last line that was read; the text's length unless an error ended the reading. */
  get stoppedAt(): number {
    const { chunk, start } = this.#reading.chunks.at(-1)!;
    return start + chunk.end - chunk.base;
  }

  get problems(): readonly EvaluationProblem[] {
    if (this.#problems !== undefined) return this.#problems;
    const problems: EvaluationProblem[] = [...this.#reading.outsideProblems];
    let isBehind = false;
    const add = (placed: PlacedChunk) => {
      const lines = placed.line - placed.chunk.baseLine;
      placed.chunk.problems.forEach(({ code, severity, template, span, line, fixedLine, macros }, index) => {
        isBehind ||= placed.chunk.refusedAt !== undefined && index >= placed.chunk.refusedAt;
        const moved = fixedLine ? line : line + lines;
        const problem: EvaluationProblem = { code, severity, message: template.replaceAll(lineMark, String(moved + 1)), span: this.#shift(span, placed), line: moved, macros, ...(isBehind && { behindRefusal: true }) };
        if (!isBehind || !isConsequence(problem)) problems.push(problem);
      });
      isBehind ||= placed.chunk.refusedAt !== undefined;
    };
    for (const placed of this.#reading.chunks) add(placed);
    const { conditional } = this.#reading;
    if (this.#reading.unclosed && !isBehind) {
      const placed = conditional.chunk === undefined ? undefined : this.#byChunk.get(conditional.chunk);
      const span = placed === undefined ? resolveRetired(this.#reading.lineage, conditional.chunk!, conditional.span) : this.#shift(conditional.span, placed);
      const line = conditional.included ? conditional.line : this.#lineOf(span.start);
      problems.push({ code: 'rpm-error/unclosed-if', severity: 'error', message: `line ${line + 1}: Unclosed %if`, span, line, macros: [] });
    }
    const { finalProblems, chunks } = this.#reading;
    const last = chunks.at(-1)!;
    add({ chunk: finalProblems, start: last.start + finalProblems.base - last.chunk.base, line: last.line + finalProblems.baseLine - last.chunk.baseLine, expandedStart: 0 });
    return (this.#problems = problems);
  }

  get tags(): readonly Tag[] {
    return (this.#tags ??= this.#moved((chunk) => chunk.tags, (tag, by) => ({ ...tag, span: movedBy(tag.span, by), nameSpan: movedBy(tag.nameSpan, by), valueSpan: movedBy(tag.valueSpan, by) })));
  }

  get sources(): readonly SourceEntry[] {
    return (this.#onlySources ??= this.#sourceEntries().filter(({ kind }) => kind === 'source'));
  }

  get patches(): readonly SourceEntry[] {
    return (this.#onlyPatches ??= this.#sourceEntries().filter(({ kind }) => kind === 'patch'));
  }

  get applications(): readonly PatchApplication[] {
    return (this.#applications ??= this.#moved((chunk) => chunk.applications, (application, by) => ({ ...application, span: movedBy(application.span, by) })));
  }

  get changelog(): readonly ChangelogEntry[] {
    return (this.#changelog ??= this.changelogWithNames());
  }

  /** The entries with the name that follows the date. */
  changelogWithNames(): readonly PlacedEntry[] {
    const { sections } = this;
    const evaluation = this;
    const section = sections.findLast(({ name }) => name === 'changelog');
    let endAt = section === undefined ? undefined : this.#sectionBounds[sections.indexOf(section)]!.end;
    let endOfSpan = section?.span.end;
    const entries: PlacedEntry[] = [];
    // From the last one on, since each ends where the next begins. There may be thousands, and they are made anew with every keystroke.
    for (let i = this.#reading.chunks.length - 1; i >= 0; i--) {
      const { chunk, start, expandedStart } = this.#reading.chunks[i]!;
      const by = start - chunk.base;
      const byExpanded = expandedStart - chunk.expandedBase;
      for (let k = chunk.changelog.length - 1; k >= 0; k--) {
        const { refused, header, time, name, span, headerAt, textAt } = chunk.changelog[k]!;
        const from = textAt + byExpanded;
        const to = endAt ?? Infinity;
        if (!refused) entries.push(new PlacedEntry(header, time, name, () => evaluation.#expandedSlice(from, to).trim(), { start: span.start + by, end: Math.max(span.end + by, endOfSpan ?? 0) }));
        endAt = headerAt + byExpanded;
        endOfSpan = span.start + by;
      }
    }
    return entries.reverse();
  }

  get macroUses(): readonly MacroUse[] {
    return (this.#uses ??= this.#collect((chunk) => chunk.uses, (use, shift) => ({ ...use, span: shift(use.span), nameSpan: shift(use.nameSpan), definition: this.#definition(use.definition) })));
  }

  get definitions(): readonly DefinitionEvent[] {
    return (this.#events ??= this.#collect((chunk) => chunk.definitions, ({ definition, by, span, nameSpan }, shift) => ({ definition: this.#definition(definition)!, by, span: shift(span), nameSpan: shift(nameSpan) })));
  }

  get pending(): readonly PendingQuestion[] {
    const seen = new Set<string>();
    // What a first reading asked for may be defined, empty, when the second comes by.
    return [...this.#reading.earlier, ...this.#reading.chunks].flatMap(({ chunk }) => chunk.pending).filter(({ kind, text }) => !seen.has(`${kind} ${text}`) && seen.add(`${kind} ${text}`));
  }

  get skipped(): readonly Span[] {
    if (this.#skipped !== undefined) return this.#skipped;
    const spans: Span[] = [];
    for (const span of this.#moved((chunk) => chunk.skipped, movedBy)) {
      const last = spans[spans.length - 1];
      if (last !== undefined && last.end === span.start) spans[spans.length - 1] = { start: last.start, end: span.end };
      else spans.push(span);
    }
    return (this.#skipped = spans);
  }

  get conditionals(): readonly ConditionalLine[] {
    if (this.#conditionals !== undefined) return this.#conditionals;
    const open: number[] = [];
    const lines: ConditionalLine[] = [];
    for (const record of this.#moved((chunk) => chunk.conditionals, (line, by) => ({ ...line, span: movedBy(line.span, by), keywordSpan: movedBy(line.keywordSpan, by) }))) {
      const index = lines.length;
      if (record.keyword.startsWith('if')) open.push(index);
      // A conditional that an included file opened has no line here.
      lines.push({ ...record, opener: open[open.length - 1] ?? index });
      if (record.keyword === 'endif') open.pop();
    }
    return (this.#conditionals = lines);
  }

  get sections(): readonly Section[] {
    if (this.#sections !== undefined) return this.#sections;
    const { chunks, text } = this.#reading;
    const evaluation = this;
    const expandedLength = chunks.reduce((length, { chunk }) => length + chunk.output.length, 0);
    const opened: { name: string; arguments: string; package: number | undefined; headerSpan: Span; generated: boolean; headerAt: number; textAt: number }[] = [
      { name: 'preamble', arguments: '', package: 0, headerSpan: { start: 0, end: 0 }, generated: false, headerAt: 0, textAt: 0 },
    ];
    for (const placed of chunks) {
      const by = placed.expandedStart - placed.chunk.expandedBase;
      for (const record of placed.chunk.sections) opened.push({ ...record, headerSpan: this.#shift(record.headerSpan, placed), headerAt: record.headerAt + by, textAt: record.textAt + by });
    }
    this.#sectionBounds = opened.map(({ textAt }, index) => ({ start: textAt, end: Math.max(textAt, opened[index + 1]?.headerAt ?? expandedLength) }));
    return (this.#sections = opened.map(({ headerAt: _, textAt, headerSpan, ...section }, index) => {
      const next = opened[index + 1];
      const start = headerSpan.start;
      return { ...section, headerSpan, span: { start, end: Math.max(start, next?.headerSpan.start ?? text.length) }, get text() { return evaluation.#expandedSlice(textAt, Math.max(textAt, next?.headerAt ?? expandedLength)); } };
    }));
  }

  get packages(): readonly SpecPackage[] {
    if (this.#packages !== undefined) return this.#packages;
    const { state } = this.#reading;
    const { sections } = this;
    const dependencies = state.packages.map((): Dependency[] => []);
    for (const { package: owner, ...dependency } of this.allDependencies()) dependencies[Math.max(owner, 0)]?.push(dependency);
    return (this.#packages = state.packages.map((known, index) => {
      const { header } = known;
      const description = sections.findLast((section) => section.name === 'description' && section.package === index && !/(?:^|\s)-l\s*\S/.test(section.arguments));
      const opened = sections.find((section) => section.name === 'package' && section.package === index);
      return new ReadPackage(
        {
          name: header.get('Name') ?? '',
          epoch: header.get('Epoch'),
          version: header.get('Version') ?? '',
          release: header.get('Release') ?? '',
          arch: this.archOf(known),
          summary: header.get('Summary'),
          license: header.get('License'),
          url: header.get('URL'),
          group: header.get('Group'),
          dependencies: dependencies[index]!,
          hasFiles: known.hasFiles,
          span: opened?.headerSpan ?? (index === 0 ? this.tags.find((tag) => tag.name === 'Name')?.span : undefined),
        },
        description,
      );
    }));
  }

  /** Whether the target's rpm is of this version or a later one. */
  targetKnows(since: string): boolean {
    return rpmVersionNumber(this.target.rpmVersion) >= rpmVersionNumber(since);
  }

  /** Milliseconds since 1970, as rpm's `time` would say: the clock's when asked. */
  get now(): number {
    return this.#reading.inputs.clock?.now() ?? 0;
  }

  archOf({ arch }: PackageState): string {
    return arch ?? this.#reading.buildArch ?? this.target.arch;
  }

  /** Every dependency with the package it belongs to, -1 for the source package, in the order read. */
  allDependencies(): readonly OwnedDependency[] {
    if (this.#dependencies !== undefined) return this.#dependencies;
    const all: OwnedDependency[] = [];
    let tags = 0;
    for (const { chunk } of this.#reading.chunks) {
      for (const record of chunk.dependencies) all.push(owned(record, tags));
      tags += chunk.tags.length;
    }
    return (this.#dependencies = all);
  }

  expand(text: string): string {
    return this.#expander().expandText(text).text;
  }

  session(): (text: string) => { readonly text: string; readonly messages: readonly MacroMessage[] } {
    const expander = this.#expander();
    // No file is read any more that a message could name.
    expander.table.pop('__file_name');
    return (text) => ({ text: expander.expandText(text).text, messages: expander.takeMessages() });
  }

  explain(text: string): readonly ExplanationStep[] {
    return this.#expander().explain(text).map((step) => ({ ...step, definition: this.#definition(step.definition) }));
  }

  lookup(name: string): MacroDefinition | undefined {
    return this.#definition(this.#reading.table.get(name));
  }

  macroNames(): readonly string[] {
    return this.#reading.table.names();
  }

  /** A fresh expander over the macros as they stand at the end. */
  #expander(): Expander {
    return new Expander(this.#reading.table.copy(), this.#reading.context);
  }

  /** A part of the expanded text, which need not be put together for it. */
  #expandedSlice(start: number, end: number): string {
    if (this.#text !== undefined) return this.#text.slice(start, end);
    const { chunks } = this.#reading;
    if (start >= end || chunks.length === 0) return '';
    let text = '';
    for (let i = chunkAt(chunks, start, ({ expandedStart }) => expandedStart); i < chunks.length && chunks[i]!.expandedStart < end; i++) {
      const { chunk, expandedStart } = chunks[i]!;
      text += chunk.output.slice(Math.max(start - expandedStart, 0), end - expandedStart);
    }
    return text;
  }

  #expandedText(): string {
    return (this.#text ??= this.#reading.chunks.map(({ chunk }) => chunk.output).join(''));
  }

  #sourceEntries(): readonly SourceEntry[] {
    if (this.#sources !== undefined) return this.#sources;
    const entries: SourceEntry[] = [];
    let tags = 0;
    for (const placed of this.#reading.chunks) {
      const isInPlace = placed.start === placed.chunk.base;
      for (const entry of placed.chunk.sources)
        entries.push(isInPlace && (tags === 0 || entry.tag === undefined) ? entry : { ...entry, span: this.#shift(entry.span, placed), nameSpan: this.#shift(entry.nameSpan, placed), valueSpan: this.#shift(entry.valueSpan, placed), tag: entry.tag === undefined ? undefined : entry.tag + tags });
      tags += placed.chunk.tags.length;
    }
    return (this.#sources = entries);
  }

  /** Records of all chunks. Those of a chunk that has not moved since it was read are taken as they are: mostly that is every one before the place of an edit. */
  #moved<Record>(records: (chunk: Chunk) => readonly Record[], move: (record: Record, by: number) => Record): readonly Record[] {
    const results: Record[] = [];
    for (const { chunk, start } of this.#reading.chunks) {
      const by = start - chunk.base;
      for (const record of records(chunk)) results.push(by === 0 ? record : move(record, by));
    }
    return results;
  }

  #collect<Record, Result>(records: (chunk: Chunk) => readonly Record[], make: (record: Record, shift: (span: Span) => Span) => Result): readonly Result[] {
    const results: Result[] = [];
    for (const placed of this.#reading.chunks) {
      const list = records(placed.chunk);
      if (list.length === 0) continue;
      const shift = (span: Span) => this.#shift(span, placed);
      for (const record of list) results.push(make(record, shift));
    }
    return results;
  }

  /** Zero-based line of a written offset. */
  #lineOf(offset: number): number {
    const { chunks, text } = this.#reading;
    const placed = chunks[chunkAt(chunks, offset, ({ start }) => start)];
    let line = placed?.line ?? 0;
    for (let at = text.indexOf('\n', placed?.start ?? 0); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
    return line;
  }

  #shift(span: Span, { chunk, start }: PlacedChunk): Span {
    return movedBy(span, start - chunk.base);
  }

  /** A definition as plain data with its place in this text. */
  #definition(definition: MacroDefinition | undefined): MacroDefinition | undefined {
    if (definition === undefined) return undefined;
    let plain = this.#definitions.get(definition);
    if (plain === undefined) {
      const { name, options, body, level, site, literal, tainted } = definition;
      plain = { name, options, body, level, site: this.#site(site), literal, tainted };
      this.#definitions.set(definition, plain);
    }
    return plain;
  }

  #site(site: DefinitionSite): DefinitionSite {
    if (!isPlaced(site)) return site;
    const placed = this.#byChunk.get(site.chunk);
    return { kind: 'spec', span: placed === undefined ? resolveRetired(this.#reading.lineage, site.chunk, site.span) : this.#shift(site.span, placed) };
  }
}

function movedBy(span: Span, by: number): Span {
  return by === 0 ? span : { start: span.start + by, end: span.end + by };
}

/** A dependency with its owner. */
export interface OwnedDependency extends Dependency {
  /** Index in `packages`; -1 for the source package. */
  readonly package: number;
}

function owned({ package: owner, kind, name, comparison, version, qualifiers, tag }: DependencyRecord, tags: number): OwnedDependency {
  return { package: owner, kind, name, comparison, version, qualifiers, tag: tag === undefined ? undefined : tag + tags };
}

/** Index of the last chunk that begins at or before `offset`, by the measure given. */
function chunkAt(chunks: readonly PlacedChunk[], offset: number, begin: (chunk: PlacedChunk) => number): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (begin(chunks[middle]!) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function originOf(chunks: readonly PlacedChunk[], offset: number): ExpandedOrigin | undefined {
  if (offset < 0 || chunks.length === 0) return undefined;
  // Chunks without output begin where the next one does; the last of them holds the text.
  const placed = chunks[chunkAt(chunks, offset, ({ expandedStart }) => expandedStart)]!;
  const { chunk } = placed;
  const at = offset - placed.expandedStart + chunk.expandedBase;
  if (at >= chunk.expandedBase + chunk.output.length) return undefined;
  const { runs } = chunk;
  let low = 0;
  let high = runs.length / runWidth - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (runs[middle * runWidth]! <= at) low = middle;
    else high = middle - 1;
  }
  const run = low * runWidth;
  if (run >= runs.length || runs[run + 1]! < 0) return undefined;
  const by = placed.start - chunk.base;
  const macros = chunk.chains[runs[run + 3]!]!;
  if (runs[run + 2]! < 0) {
    const start = runs[run + 1]! + (at - runs[run]!) + by;
    return { span: { start, end: start + 1 }, macros };
  }
  return { span: { start: runs[run + 1]! + by, end: runs[run + 2]! + by }, macros };
}

function expansionsOf(chunks: readonly PlacedChunk[], written: number): readonly Span[] {
  const spans: Span[] = [];
  if (chunks.length === 0) return spans;
  const placed = chunks[chunkAt(chunks, written, ({ start }) => start)]!;
  const { chunk } = placed;
  const { runs } = chunk;
  const offset = written - placed.start + chunk.base;
  const by = placed.expandedStart - chunk.expandedBase;
  for (let run = 0; run < runs.length; run += runWidth) {
    const start = runs[run]!;
    const end = run + runWidth < runs.length ? runs[run + runWidth]! : chunk.expandedBase + chunk.output.length;
    const from = runs[run + 1]!;
    const to = runs[run + 2]!;
    if (from < 0) continue;
    if (to < 0) {
      const at = start + (offset - from);
      if (at >= start && at < end) spans.push({ start: at + by, end: at + 1 + by });
    } else if (from <= offset && offset < to) {
      const last = spans[spans.length - 1];
      if (last !== undefined && last.end === start + by) spans[spans.length - 1] = { start: last.start, end: end + by };
      else spans.push({ start: start + by, end: end + by });
    }
  }
  return spans;
}
