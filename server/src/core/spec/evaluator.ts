/** One reading of a spec: rpm's parseSpec over lines, section by section, writing down what it finds. */
import { isAlnum, isSpace, parseUnsigned, skipNonSpace, skipSpace, trimmedEnd } from './characters.js';
import { type ChangelogDate, parseChangelogDate } from './changelogDate.js';
import { type Chunk, lineMark } from './chunk.js';
import { type ParsedDependency, parseDependencies, parseQualifiers } from './dependencies.js';
import { type LineBuffer, LineReader, type LineReaderHost, type ReadResult, type Strip, strip } from './lineReader.js';
import { isDirective, isSectionName, sectionOf } from './lines.js';
import type { SpecExpander } from './macroPort.js';
import { type OptionKind, parseOptions, poptError, splitArguments } from './popt.js';
import { autopatchCommands, patchCommands, setupCommands } from './prep.js';
import { type PreambleTag, allowedCharacters, dependencyQualifiers, dependencyTags, inheritedTags, macroGivenTags, newerDependencyQualifiers, preambleTags, requiredTags, singleTokenTags } from './rpmTag.js';
import { type PackageState, type ParserState, type SourceState, initialState, statePart } from './state.js';
import type { Severity, Span } from '../text/index.js';

/** What an evaluator is given by whoever drives it. */
export interface EvaluatorWorld {
  readonly port: SpecExpander;
  /** Which versions of rpm have come before the target's: `knows('4.19')`. */
  knows(since: string): boolean;
  include(path: string): string | undefined;
  /** Whether a file is there and, by its first bytes, compressed; undefined where there is none. */
  isCompressed(path: string): boolean | undefined;
  stopped(): boolean;
  /** Every macro of the target is known: what is not defined is defined nowhere. */
  readonly isComplete: boolean;
  /** A line that rpm refuses is passed over, and reading goes on behind it. */
  readonly readsOn: boolean;
  /** Where a span that counts from a chunk stands in the text being read. */
  here(chunk: Chunk, span: Span): Span;
}

/** How a run ended. `restart`: a BuildArch in the main package wants everything read again for those architectures. */
export type RunResult = 'end' | 'error' | 'restart' | 'checkpoint';

/** Sections that hold lines back until their end; no checkpoint can be taken inside them. */
function holdsLines(state: ParserState): boolean {
  return state.section.kind === 'prep' || state.section.kind === 'list';
}

const allPlain: { readonly ends: RegExp | undefined } = { ends: undefined };
const untilComment = { ends: /^[ \t\r\f\v]*#/m } as const;
const untilEntry = { ends: /^(?:\*|[ \t\r\f\v]*#)/m } as const;

/** In which sections lines without macros only go into the parsed text, and what begins one that does more; undefined where every line counts. */
function plainLines(section: ParserState['section']): { readonly ends: RegExp | undefined } | undefined {
  switch (section.kind) {
    case 'script':
      return section.name === 'prep' ? undefined : allPlain;
    case 'scriptlet':
      return section.empty ? undefined : allPlain;
    case 'files':
      return untilComment;
    case 'changelog':
      return section.fault !== undefined ? untilComment : section.entry === 'text' ? untilEntry : undefined;
    default:
      return undefined;
  }
}

const buildScripts: ReadonlySet<string> = new Set(['conf', 'generate_buildrequires', 'build', 'install', 'check', 'clean']);

/** The flag each scriptlet's interpreter gets as a qualifier of its requirement. */
const scriptletQualifiers: Readonly<Record<string, string>> = { pre: 'pre', post: 'post', preun: 'preun', postun: 'postun', pretrans: 'pretrans', posttrans: 'posttrans', preuntrans: 'preuntrans', postuntrans: 'postuntrans', verifyscript: 'verify' };

/** rpm keeps what stands in parentheses behind a tag in a buffer of 8192 bytes; what does not fit makes the tag unknown. */
const longestQualifier = 8191;

/** Attributes of %files lines. */
const fileWords: ReadonlySet<string> = new Set(['doc', 'dir', 'ghost', 'attr', 'config', 'defattr', 'license', 'verify', 'exclude', 'lang', 'caps', 'missingok', 'readme', 'artifact', 'docdir', 'pubkey', 'policy']);

/** Other spellings of the trigger sections. */
const triggerNames: Readonly<Record<string, string>> = { trigger: 'triggerin', filetrigger: 'filetriggerin', transfiletrigger: 'transfiletriggerin' };

const scriptletOptions: Readonly<Record<string, OptionKind>> = { p: 'string', n: 'string', f: 'string', e: 'flag', q: 'flag', P: 'int' };

export class Evaluator implements LineReaderHost {
  readonly reader: LineReader;
  readonly expander: SpecExpander;
  state: ParserState;
  chunk: Chunk;
  /** Inside the second reading that BuildArch asks for. */
  readonly recursing: boolean;
  readonly #world: EvaluatorWorld;

  constructor(world: EvaluatorWorld, spec: { name: string; text: string; at: number; lines: number }, chunk: Chunk, recursing: boolean, state: ParserState = initialState) {
    this.#world = world;
    this.expander = world.port;
    this.chunk = chunk;
    this.recursing = recursing;
    this.state = state;
    this.reader = new LineReader(this, spec);
    this.expander.sink = this;
  }

  knows(since: string): boolean {
    return this.#world.knows(since);
  }

  get isComplete(): boolean {
    return this.#world.isComplete;
  }

  include(path: string): string | undefined {
    return this.#world.include(path);
  }

  stopped(): boolean {
    return this.#world.stopped();
  }

  isWord(name: string): boolean {
    if (isDirective(name) || isSectionName(name)) return true;
    const { kind } = this.state.section;
    if (kind === 'files') return fileWords.has(name);
    return (kind === 'prep' || (kind === 'script' && this.state.section.name === 'prep')) && /^(?:setup|patch\d*|autopatch)$/.test(name);
  }

  problem(severity: Severity, code: string, template: string, span: Span, line: number, macros: readonly string[] = []): void {
    this.chunk.problems.push({ code, severity, template, span, line, fixedLine: this.reader.files.length > 1, macros });
  }

  /** Whether reading could be stopped here and begun again later. */
  get atBoundary(): boolean {
    return this.reader.atBoundary && !holdsLines(this.state);
  }

  /**
   * Reads on until the spec ends, rpm would give up, or a checkpoint is due: at the first boundary at or behind the
   * written offset `until`.
   */
  run(until: number): RunResult {
    const { reader } = this;
    for (;;) {
      // Never behind the last line: a restart must find one to read.
      if (reader.files[0]!.at >= until && this.atBoundary && reader.files[0]!.at < reader.files[0]!.text.length) return 'checkpoint';
      const plain = plainLines(this.state.section);
      if (plain !== undefined) reader.takePlain(until, plain.ends);
      const result: ReadResult = reader.read(this.#strip());
      if (result === 'error') return 'error';
      if (result === 'end') return this.#closeSection() || this.passOver() ? 'end' : 'error';
      const name = sectionOf(reader.line, (since) => this.knows(since));
      if (name === undefined) {
        const done = this.#line();
        if (done === 'restart') return 'restart';
        if (!done && !this.passOver()) return 'error';
        continue;
      }
      const before = this.state.section.kind;
      if (before === 'script' && this.#strip().unparsed) reader.append(reader.buffer, reader.lineStart, reader.line);
      if (!this.#closeSection() && !this.passOver()) return 'error';
      if (!this.#openSection(name, before)) {
        if (!this.passOver()) return 'error';
        this.state = { ...this.state, section: { kind: 'refused' } };
      }
    }
  }

  /** Whether reading goes on behind what rpm has just refused. */
  passOver(): boolean {
    if (!this.#world.readsOn || this.#world.stopped()) return false;
    this.chunk.refusedAt ??= this.chunk.problems.length;
    return true;
  }

  #strip(): Strip {
    switch (this.state.section.kind) {
      case 'preamble':
      case 'end':
      case 'list':
      case 'description':
      case 'policies':
        return strip.all;
      case 'changelog':
      case 'files':
        return strip.comments;
      case 'prep':
        return strip.prep;
      case 'script':
        // What %setup and %patch stand for goes into the parsed text in their place.
        return this.state.section.name === 'prep' ? strip.prep : strip.nothing;
      default:
        return strip.nothing;
    }
  }

  /**
   * What rpm refuses the line being read for. Where the line holds what a command would have answered that nobody could ask,
   * or a macro that some package of the target may well define, rpm may have been content: that is only hinted at, and
   * reading goes on. True: it goes on.
   */
  #error(code: string, template: string): boolean {
    const { expansion } = this.reader.buffer;
    if (expansion?.tainted === true) return this.#unsure(code, `not sure, as the answer of a command is not known here: ${template}`);
    if (expansion?.unknown === true && !this.#world.isComplete) return this.#unsure(code, `not sure, as a macro in it is not among the built-in facts of this target: ${template}`);
    return this.#refuse(code, template);
  }

  /** What rpm refuses for something that is not there, and that a line which could not be read may have brought. */
  #missing(code: string, template: string): boolean {
    return this.#isUnsure() ? this.#unsure(code, `not sure, as a line before could not be read: ${template}`) : this.#refuse(code, template);
  }

  /** Whether a line before could not be read. */
  #isUnsure(): boolean {
    this.#ask(statePart.unsure);
    return this.state.unsure;
  }

  /** Notes that what follows depends on a part of the state that an edit before this chunk may have changed. */
  #ask(part: string): void {
    this.expander.table.touched?.add(part);
  }

  #unsure(code: string, template: string): true {
    this.chunk.isUnsure = true;
    this.problem('hint', `unsure/${code}`, template, this.lineSpan(), this.reader.lineNumber - 1, this.#lineMacros());
    if (!this.state.unsure) this.state = { ...this.state, unsure: true };
    return true;
  }

  /** rpm's message about the line being read, whatever it depends on. */
  #refuse(code: string, template: string): false {
    this.problem('error', `rpm-error/${code}`, template, this.lineSpan(), this.reader.lineNumber - 1, this.#lineMacros());
    return false;
  }

  #warning(code: string, template: string): void {
    this.problem('warning', `rpm-warning/${code}`, template, this.lineSpan(), this.reader.lineNumber - 1, this.#lineMacros());
  }

  /** The written place of the current line, without the white space around it. */
  lineSpan(): Span {
    const { reader } = this;
    const { line } = reader;
    const start = skipSpace(line, 0);
    const end = trimmedEnd(line);
    if (end <= start) return reader.span;
    return reader.writtenSpan(reader.lineStart + start, reader.lineStart + end);
  }

  #lineMacros(): readonly string[] {
    return this.reader.macrosAt(this.reader.lineStart + skipSpace(this.reader.line, 0));
  }

  /** Handles a line within the open section. False: rpm gives up; `restart`: see {@link RunResult}. */
  #line(): boolean | 'restart' {
    const { section } = this.state;
    const { reader } = this;
    switch (section.kind) {
      case 'preamble':
        return this.#preambleLine(section.package);
      case 'end':
        if (skipSpace(reader.line, 0) < reader.line.length) return this.#error('text-outside-section', `line ${lineMark} doesn't belong to any section: ${reader.line}`);
        return true;
      case 'list':
      case 'prep':
        section.lines.push({ text: reader.line, buffer: reader.buffer, at: reader.lineStart });
        return true;
      case 'changelog':
        this.#changelogLine(reader.line);
        return true;
      case 'script':
        if (section.name !== 'prep') return true;
        if (/^%patch\d/.test(reader.line)) return this.#refuse('numbered-patch', `%patchN is obsolete, use %patch N (or %patch -P N): ${reader.line}`);
        return this.#prepLine(reader.line, reader.buffer, reader.lineStart);
      case 'scriptlet':
        if (section.empty && skipSpace(reader.line, 0) < reader.line.length) this.state = { ...this.state, section: { ...section, empty: false } };
        return true;
      default:
        return true;
    }
  }

  // Sections

  #openSection(name: string, before: string): boolean {
    const { reader } = this;
    const headerLine = reader.line;
    const headerEnd = headerLine.length;
    const canonical = triggerNames[name] ?? name;
    const state = this.#openNamed(canonical, before, headerLine);
    if (state === undefined) return false;
    const nameEnd = skipNonSpace(headerLine, 0);
    const span = this.lineSpan();
    const parsedEnd = this.chunk.expandedEnd;
    this.chunk.sections.push({
      name,
      arguments: headerLine.slice(skipSpace(headerLine, nameEnd), Math.max(trimmedEnd(headerLine), skipSpace(headerLine, nameEnd))),
      package: 'package' in state.section ? state.section.package : undefined,
      headerSpan: span,
      generated: reader.isMade(reader.lineStart),
      // The line after a %prep that holds its lines back is not in the parsed text at all.
      headerAt: before === 'prep' ? parsedEnd : Math.max(this.chunk.expandedBase, parsedEnd - headerEnd - (headerLine.endsWith('\n') ? 0 : 1)),
      textAt: parsedEnd,
    });
    this.state = { ...state, previousSection: name };
    return true;
  }

  #openNamed(canonical: string, before: string, line: string): ParserState | undefined {
    const { state } = this;
    const refuse = (): undefined => undefined;
    switch (canonical) {
      case 'package':
        return this.#openPackage(line);
      case 'end': {
        const rest = line.slice(4);
        if (skipSpace(rest, 0) < rest.length) return this.#refuse('end-arguments', `line ${lineMark}: %end doesn't take any arguments: ${line}`), refuse();
        if (before === 'end') return this.#refuse('stray-end', `line ${lineMark}: %end not expected here, no section to close: ${line}`), refuse();
        return { ...state, section: { kind: 'end' } };
      }
      case 'patchlist':
      case 'sourcelist':
        return { ...state, section: { kind: 'list', of: canonical === 'patchlist' ? 'patch' : 'source', lines: [] } };
      case 'prep':
        if (state.scripts.includes('prep')) return this.#refuse('second-section', `line ${lineMark}: second %prep`), refuse();
        return { ...state, scripts: [...state.scripts, 'prep'], section: this.knows('4.20') ? { kind: 'script', name: 'prep' } : { kind: 'prep', lines: [] } };
      case 'changelog':
        if (state.hasChangelog) return this.#refuse('second-section', `line ${lineMark}: second %changelog`), refuse();
        return { ...state, section: { kind: 'changelog', entry: 'none', last: undefined, fault: undefined } };
      case 'description':
        return this.#openDescription(line);
      case 'files':
        return this.#openFiles(line);
      case 'sepolicy': {
        const found = this.#packageOf(line, '%policies', { n: 'string' });
        return found === undefined ? undefined : { ...this.state, section: { kind: 'policies', package: found.index } };
      }
      default:
        if (!buildScripts.has(canonical)) return this.#openScriptlet(canonical, line);
        // Since 4.20 %build and the like may be added to, with -a and -p.
        if (state.scripts.includes(canonical) && !(this.knows('4.20') && /\s-[ap]\b/.test(line))) return this.#refuse('second-section', `line ${lineMark}: second %${canonical}`), refuse();
        return { ...state, scripts: state.scripts.includes(canonical) ? state.scripts : [...state.scripts, canonical], section: { kind: 'script', name: canonical } };
    }
  }

  /** Ends the open section: what rpm does when it has read the last line of it. */
  #closeSection(): boolean {
    const { section } = this.state;
    switch (section.kind) {
      case 'preamble':
        return this.#closePreamble(section);
      case 'list':
        for (const kept of section.lines) {
          if (kept.text === '') continue;
          const written = this.reader.writtenSpan(kept.at, kept.at + kept.text.length, kept.buffer);
          this.#addSource(section.of, undefined, kept.text, { span: written, nameSpan: { start: written.start, end: written.start }, valueSpan: written, tag: undefined });
        }
        return true;
      case 'prep':
        this.#closePrep(section.lines);
        return true;
      case 'changelog':
        return this.#closeChangelog();
      case 'scriptlet':
        return this.#closeScriptlet(section);
      case 'files':
        this.expander.closeFiles();
        return true;
      case 'description': {
        const key = section.language === 'C' ? 'Description' : `Description(${section.language})`;
        const { header } = this.state.packages[section.package]!;
        if (header.has(key)) this.#warning('second-tag', `line ${lineMark}: second Description`);
        // The text is in the section; here only that there is one.
        this.#setPackage(section.package, { header: withTag(header, key, '') });
        return true;
      }
      default:
        return true;
    }
  }

  /** What rpm checks when the whole spec has been read. */
  finish(): boolean {
    if (this.knows('4.20')) {
      this.#finishPackages();
      return true;
    }
    this.#askForPackages();
    for (const { header } of this.#isUnsure() ? [] : this.state.packages) {
      if (hasDescription(header)) continue;
      this.problem('error', 'rpm-error/no-description', `Package has no %description: ${header.get('Name') ?? '(null)'}`, this.reader.span, Math.max(this.reader.lineNumber - 1, 0));
      return false;
    }
    return true;
  }

  // Packages

  #askForPackages(): void {
    for (let index = 0; index < this.state.packages.length; index++) this.#ask(statePart.package(index));
  }

  #setPackage(index: number, change: Partial<PackageState>): void {
    this.#ask(statePart.package(index));
    const packages = this.state.packages.slice();
    packages[index] = { ...packages[index]!, ...change };
    this.state = { ...this.state, packages };
  }

  #openPackage(line: string): ParserState | undefined {
    const words = line.split(/[ \t\n]+/).filter((word) => word !== '');
    const isFull = words[1] === '-n';
    const name = isFull ? words[2] : words[1];
    if (name === undefined || words.length > (isFull ? 3 : 2)) return this.#refuse('bad-package', `Bad package specification: ${line}`), undefined;
    if (!this.checkCharacters(name, allowedCharacters.name, isFull ? allowedCharacters.nameFirst : undefined)) return undefined;
    const fullName = isFull ? name : `${this.state.packages[0]!.header.get('Name') ?? '(null)'}-${name}`;
    if (this.state.packages.some((known) => known.name === fullName)) return this.#refuse('duplicate-package', `line ${lineMark}: ${line}: package ${fullName} already exists`), undefined;
    const index = this.state.packages.length;
    this.state = { ...this.state, packages: [...this.state.packages, { name: fullName, header: new Map([['Name', fullName]]), arch: undefined, hasFiles: false, scripts: [] }] };
    return { ...this.state, section: { kind: 'preamble', package: index, initial: false, label: fullName } };
  }

  /** The package that a section header names, with the other options; undefined (and reported) where rpm refuses. */
  #packageOf(line: string, section: string, kinds: Readonly<Record<string, OptionKind>>, check?: (letter: string, value: string | undefined) => boolean): { index: number; options: ReadonlyMap<string, string | undefined> } | undefined {
    const words = splitArguments(line);
    if (words === undefined) return this.#refuse('bad-section', `line ${lineMark}: Error parsing ${section}: ${poptError.quoting}`), undefined;
    const parsed = parseOptions(words, kinds);
    const options = new Map<string, string | undefined>();
    for (const { letter, value } of parsed.options) {
      options.set(letter, value);
      if (check !== undefined && !check(letter, value)) return undefined;
    }
    if (parsed.error !== undefined) return this.#refuse('bad-section-option', `line ${lineMark}: Bad option ${parsed.error.word}: ${line}`), undefined;
    let name = options.get('n');
    const isFull = options.has('n');
    let rest = parsed.rest;
    if (name === undefined && rest.length > 0) {
      name = rest[0];
      rest = rest.slice(1);
    }
    if (rest.length > 0) return this.#refuse('too-many-names', `line ${lineMark}: Too many names: ${line}`), undefined;
    const { packages } = this.state;
    if (name === undefined) return { index: 0, options };
    const fullName = isFull ? name : `${packages[0]!.header.get('Name') ?? '(null)'}-${name}`;
    const index = packages.findIndex((known) => known.name === fullName);
    if (index < 0 && this.#isUnsure()) {
      // The line that could not be read may have opened it.
      this.#unsure('no-such-package', `not sure, as a line before could not be read: line ${lineMark}: ${line}: package ${fullName} does not exist`);
      this.state = { ...this.state, packages: [...packages, { name: fullName, header: new Map([['Name', fullName]]), arch: undefined, hasFiles: false, scripts: [] }] };
      return { index: packages.length, options };
    }
    if (index < 0) return this.#refuse('no-such-package', `line ${lineMark}: ${line}: package ${fullName} does not exist`), undefined;
    return { index, options };
  }

  #openDescription(line: string): ParserState | undefined {
    const found = this.#packageOf(line, '%description', { n: 'string', l: 'string' });
    if (found === undefined) return undefined;
    const language = found.options.get('l') ?? 'C';
    return { ...this.state, section: { kind: 'description', package: found.index, language } };
  }

  #openFiles(line: string): ParserState | undefined {
    this.expander.openFiles();
    const found = this.#packageOf(line, '%files', { n: 'string', f: 'string' });
    if (found === undefined) return undefined;
    const { packages } = this.state;
    if (packages[found.index]!.hasFiles) this.#warning('second-files', `line ${lineMark}: multiple %files for package '${packages[found.index]!.name ?? ''}'`);
    this.#setPackage(found.index, { hasFiles: true });
    return { ...this.state, section: { kind: 'files', package: found.index } };
  }

  #openScriptlet(name: string, line: string): ParserState | undefined {
    const isTrigger = name.includes('trigger');
    let program = '/bin/sh';
    let condition: string | undefined;
    let header = line;
    if (isTrigger) {
      let at = 0;
      for (;;) {
        at = header.indexOf('--', at);
        if (at < 0) return this.#refuse('trigger-separator', `line ${lineMark}: triggers must have --: ${line}`), undefined;
        at += 2;
        if (isBlankAt(header, at - 3) && isBlankAt(header, at)) break;
      }
      const start = skipSpace(header, at);
      if (start >= header.length) return this.#refuse('trigger-condition', `line ${lineMark}: missing trigger condition: ${line}`), undefined;
      condition = header.slice(start);
      header = header.slice(0, at);
    }
    const found = this.#packageOf(header, `%${name}`, scriptletOptions, (letter, value) => {
      if (letter === 'p') {
        program = value!;
        if (program[0] === '<' && !program.endsWith('>')) return this.#error('internal-script', `line ${lineMark}: internal script must end with '>': ${program}`);
        if (program[0] !== '<' && program[0] !== '/') return this.#error('script-program', `line ${lineMark}: script program must begin with '/': ${program}`);
      }
      if (letter === 'P' && !isTrigger) return this.#error('script-priority', `line ${lineMark}: Priorities are allowed only for file triggers : ${program}`);
      return true;
    });
    if (found === undefined) return undefined;
    this.#ask(statePart.package(found.index));
    if (!(isTrigger && !name.includes('filetrigger')) && this.state.packages[found.index]!.scripts.includes(name)) {
      if (!isTrigger) return this.#refuse('second-section', `line ${lineMark}: Second %${name}`), undefined;
    }
    const words = splitArguments(program);
    if (words === undefined || words.length === 0) return this.#refuse('bad-section', `line ${lineMark}: Error parsing %${name}: ${poptError.quoting}`), undefined;
    return { ...this.state, section: { kind: 'scriptlet', name, package: found.index, program: words, condition, empty: true, expandsLater: found.options.has('e') || found.options.has('q') } };
  }

  #closeScriptlet(section: Extract<ParserState['section'], { kind: 'scriptlet' }>): boolean {
    const { name, program } = section;
    const interpreter = program[0]!;
    const { dependencies } = this.chunk;
    const add = (dependency: string, comparison?: string, version?: string, qualifiers: readonly string[] = []) =>
      dependencies.push({ package: section.package, kind: 'Requires', name: dependency, comparison, version, qualifiers, tag: undefined });
    if (interpreter === '<lua>') add('rpmlib(BuiltinLuaScripts)', '<=', '4.2.2-1', ['rpmlib']);
    else if (interpreter[0] === '<') return this.#error('unsupported-script', `line ${lineMark}: unsupported internal script: ${interpreter}`);
    else add(interpreter, undefined, undefined, name in scriptletQualifiers ? [scriptletQualifiers[name]!, 'interp'] : ['interp']);
    if (section.expandsLater) add('rpmlib(ScriptletExpansion)', '<=', '4.9.0-1', ['rpmlib']);
    if (section.condition !== undefined) {
      const isFile = name.includes('filetrigger');
      if (isFile && section.condition[0] !== '/') return this.#error('trigger-path', `line ${lineMark}: file trigger condition must begin with '/': ${section.condition}`);
      if (program.length > 1) return this.#error('trigger-interpreter', `line ${lineMark}: interpreter arguments not allowed in triggers: ${program.join(' ')}`);
      return this.#addDependencies(name, name, section.condition, section.package, [], undefined);
    }
    if (program.length > 1) add('rpmlib(ScriptletInterpreterArgs)', '<=', '4.0.3-1', ['rpmlib']);
    const current = this.state.packages[section.package]!;
    this.#setPackage(section.package, { scripts: [...current.scripts, name] });
    return true;
  }

  // Preamble

  #preambleLine(index: number): boolean | 'restart' {
    const { reader } = this;
    const { line } = reader;
    const first = skipSpace(line, 0);
    if (first >= line.length) return true;
    // Blanks before a tag are allowed since 4.20.
    const start = this.knows('4.20') ? first : 0;
    const found = this.#findTag(line, start);
    if (found === undefined) return this.#error('unknown-tag', `line ${lineMark}: Unknown tag: ${line}`);
    if (!this.#handleTag(index, found.tag, found.qualifier, start)) return false;
    return this.state.buildArchs !== undefined && !this.recursing ? 'restart' : true;
  }

  #findTag(line: string, start: number): { tag: PreambleTag; qualifier: string } | undefined {
    const lower = line.slice(start, start + 24).toLowerCase();
    const tag = preambleTags.find((known) => lower.startsWith(known.token) && (known.since === undefined || this.knows(known.since)));
    if (tag === undefined) return undefined;
    if (tag.deprecated) this.#warning('deprecated-tag', `line ${lineMark}: ${tag.token} is deprecated: ${line}`);
    let at = skipSpace(line, start + tag.token.length);
    const takesQualifiers = tag.qualifier === 'qualifiers' || (this.knows('4.20') && ['Recommends', 'Suggests', 'Supplements', 'Enhances'].includes(tag.name));
    if (tag.qualifier === 'language' || takesQualifiers) {
      if (line[at] === ':') return { tag, qualifier: tag.qualifier === 'language' ? 'C' : '' };
      if (line[at] !== '(') return undefined;
      at = skipSpace(line, at + 1);
      const from = at;
      while (at < line.length && !isSpace(line.charCodeAt(at)) && line[at] !== ')') at++;
      if (at - from > longestQualifier) return undefined;
      const qualifier = line.slice(from, at);
      at = skipSpace(line, at);
      if (line[at] !== ')') return undefined;
      at = skipSpace(line, at + 1);
      return line[at] === ':' ? { tag, qualifier } : undefined;
    }
    if (tag.qualifier !== 'number' && line[at] !== ':') return undefined;
    return { tag, qualifier: '' };
  }

  #handleTag(index: number, tag: PreambleTag, qualifier: string, start: number): boolean {
    const { reader } = this;
    const { line } = reader;
    const colon = line.indexOf(':');
    if (colon < 0) return this.#error('malformed-tag', `line ${lineMark}: Malformed tag: ${line}`);
    const valueAt = skipSpace(line, colon + 1);
    if (valueAt >= line.length) return this.#error('empty-tag', `line ${lineMark}: Empty tag: ${line}`);
    const value = line.slice(valueAt, trimmedEnd(line));
    const { name } = tag;
    if (singleTokenTags.has(name) && skipNonSpace(value, 0) < value.length) return this.#error('single-token', `line ${lineMark}: Tag takes single token only: ${line}`);

    let nameEnd = start;
    while (nameEnd < colon && isAlnum(line.charCodeAt(nameEnd))) nameEnd++;
    const at = reader.lineStart;
    const tagIndex = this.chunk.tags.length;
    const place: SourcePlace = {
      span: this.lineSpan(),
      nameSpan: reader.writtenSpan(at + start, at + nameEnd),
      valueSpan: reader.writtenSpan(at + valueAt, at + valueAt + value.length),
      tag: tagIndex,
    };
    const number = name === 'Source' || name === 'Patch' ? { value: undefined as number | undefined } : undefined;
    const accepted = this.#tagValue(index, tag, qualifier, value, tagIndex, place, number, start);
    if (accepted) {
      this.chunk.tags.push({
        name,
        written: line.slice(start, nameEnd),
        qualifier: qualifier === '' || (tag.qualifier === 'language' && qualifier === 'C') ? undefined : qualifier,
        number: number?.value,
        value,
        incomplete: isIncomplete(value),
        package: index,
        span: place.span,
        nameSpan: place.nameSpan,
        valueSpan: place.valueSpan,
        generated: reader.isMade(at + start),
      });
      if (tag.macro) {
        this.expander.defineTag(tag.token, value, place.span, place.nameSpan);
        if (index === 0) this.expander.defineTag(tag.token.toUpperCase(), value, place.span, place.nameSpan);
      }
    }
    return accepted;
  }

  #tagValue(index: number, tag: PreambleTag, qualifier: string, value: string, tagIndex: number, place: SourcePlace, number: { value: number | undefined } | undefined, start: number): boolean {
    const { line } = this.reader;
    const { name } = tag;
    const current = this.state.packages[index]!;
    const put = (key: string, text: string) => {
      // A tag given twice is refused at the end of the preamble.
      const once = withTag(current.header, key, text);
      const header = current.header.has(key) && key !== 'Prefixes' ? withTag(once, `${key} again`, text) : once;
      this.#setPackage(index, { header });
      return true;
    };
    if (dependencyTags.has(name)) {
      let qualifiers: readonly string[] | undefined = [];
      if (qualifier !== '') {
        qualifiers = parseQualifiers(qualifier, this.#knownQualifiers());
        if (qualifiers === undefined) return this.#error('bad-qualifier', `line ${lineMark}: Bad ${headerTagName(name)}: qualifiers: ${line}`);
      }
      if (name === 'PreReq') qualifiers = ['pre', 'preun'];
      return this.#addDependencies(name, name, value, name.startsWith('Build') ? -1 : index, qualifiers, tagIndex);
    }
    switch (name) {
      case 'Name':
        if (!this.checkCharacters(value, allowedCharacters.name, allowedCharacters.nameFirst)) return false;
        put(name, value);
        if (index === 0) this.#setPackage(0, { name: value });
        return true;
      case 'Version':
      case 'Release':
        return this.checkCharacters(value, allowedCharacters.version, undefined) && put(name, value);
      case 'Summary':
      case 'Group':
      case 'Distribution':
      case 'Vendor':
      case 'License':
      case 'Packager': {
        const key = qualifier === '' || qualifier === 'C' ? name : `${name}(${qualifier})`;
        // rpm only warns of a second one; it wins nothing, since the first stays for a plain string.
        if (current.header.has(key)) {
          this.#warning('second-tag', `line ${lineMark}: second ${headerTagName(name)}`);
          // Without a language the value is a plain string, of which two are refused later.
          if (tag.qualifier !== 'language') return put(key, value);
          this.#setPackage(index, { header: withTag(current.header, key, value) });
          return true;
        }
        return put(key, value);
      }
      case 'SourceLicense':
        this.state = { ...this.state, sourceLicense: value };
        return true;
      case 'BuildRoot':
      case 'AutoReqProv':
      case 'AutoReq':
      case 'AutoProv':
      case 'RemovePathPostfixes':
        return true;
      case 'Prefixes': {
        const words = splitArguments(value);
        if (words === undefined) return this.#error('bad-tag-field', `Error parsing tag field: ${poptError.quoting}`);
        if (words.some((word) => word.length > 1 && word.endsWith('/'))) return this.#error('prefix-slash', `line ${lineMark}: Prefixes must not end with "/": ${line}`);
        return put(name, [...(current.header.has(name) ? [current.header.get(name)!] : []), ...words].join('\n'));
      }
      case 'DocDir':
        if (value[0] !== '/') return this.#error('docdir', `line ${lineMark}: Docdir must begin with '/': ${line}`);
        this.expander.table.pop('_docdir');
        this.expander.defineTag('_docdir', value, place.span, place.nameSpan);
        return true;
      case 'Epoch':
        if (parseUnsigned(value) === undefined) return this.#error('epoch', `line ${lineMark}: Epoch field must be an unsigned number: ${line}`);
        return put(name, String(parseUnsigned(value)));
      case 'Source':
      case 'Patch': {
        // Between the name and the colon there may be a number, and white space.
        const between = /^[^: \t]*/.exec(line.slice(start + tag.token.length))![0].trim();
        if (between !== '' && parseUnsigned(between) === undefined) return this.#error('bad-number', `line ${lineMark}: Bad ${tag.token} number: ${line}`);
        const given = between === '' ? undefined : parseUnsigned(between);
        const added = this.#addSource(tag.token as 'source' | 'patch', given, value, place);
        if (added !== undefined) number!.value = added;
        return added !== undefined;
      }
      case 'NoSource':
      case 'NoPatch': {
        const kind = name === 'NoSource' ? 'source' : 'patch';
        for (const word of value.split(/[\s,]+/).filter((part) => part !== '')) {
          const wanted = parseUnsigned(word);
          // rpm reads up to the end of the field, so that only the last number may stand alone.
          if (wanted === undefined) return this.#error('bad-number', `line ${lineMark}: Bad number: ${value.slice(value.indexOf(word))}`);
          this.#ask(statePart.sources);
          const found = this.state.sources.findIndex((source) => source.kind === kind && source.number === wanted);
          if (found < 0) return this.#error('no-such-source', `line ${lineMark}: Bad no${kind} number: ${wanted}`);
          const sources = this.state.sources.slice();
          sources[found] = { ...sources[found]!, excluded: true };
          this.state = { ...this.state, sources };
        }
        return true;
      }
      case 'ExcludeArch':
      case 'ExclusiveArch':
      case 'ExcludeOS':
      case 'ExclusiveOS': {
        const words = splitArguments(value);
        if (words === undefined) return this.#error('bad-tag-field', `Error parsing tag field: ${poptError.quoting}`);
        this.state = { ...this.state, restrictions: { ...this.state.restrictions, [name]: [...(this.state.restrictions[name] ?? []), ...words] } };
        return true;
      }
      case 'BuildArch': {
        const words = splitArguments(value);
        if (words === undefined) return this.#error('bad-buildarch', `line ${lineMark}: Bad BuildArchitecture format: ${line}`);
        if (index === 0) {
          if (this.state.buildArchs !== undefined) return this.#error('second-buildarch', `line ${lineMark}: Duplicate BuildArch entry: ${line}`);
          this.state = { ...this.state, buildArchs: words.length > 0 ? words : undefined };
          return true;
        }
        if (words.length !== 1 || words[0] !== 'noarch') return this.#error('subpackage-buildarch', `line ${lineMark}: Only noarch subpackages are supported: ${line}`);
        this.#setPackage(index, { arch: 'noarch' });
        return true;
      }
      case 'Icon':
      case 'BuildOption':
        return true;
      case 'BuildSystem':
        return this.checkCharacters(value, allowedCharacters.name, allowedCharacters.nameFirst);
      default:
        return put(name, value);
    }
  }

  #knownQualifiers(): readonly string[] {
    return [...dependencyQualifiers, ...newerDependencyQualifiers.filter(([, since]) => this.knows(since)).map(([qualifier]) => qualifier)];
  }

  #closePreamble(section: Extract<ParserState['section'], { kind: 'preamble' }>): boolean {
    if (section.initial && !this.knows('4.20')) {
      const buildroot = this.expander.fixBuildroot(this.reader.span);
      if (buildroot === '') return this.#refuse('empty-buildroot', "%{buildroot} couldn't be empty");
      if (buildroot === '/') return this.#refuse('root-buildroot', '%{buildroot} can not be "/"');
    }
    if (this.knows('4.20')) return this.#closeNewPreamble(section);
    const index = section.package;
    const header = new Map(this.state.packages[index]!.header);
    if (index === 0) {
      for (const [tag, macro] of macroGivenTags) {
        if (header.has(tag)) continue;
        const value = this.expander.value(macro);
        if (value !== '' && value[0] !== '%') header.set(tag, value);
      }
      if (!header.has('Group')) header.set('Group', 'Unspecified');
    }
    let accepted = true;
    for (const key of [...header.keys()]) {
      if (!key.endsWith(' again')) continue;
      accepted = this.#refuse('duplicate-tag', `Duplicate ${headerTagName(key.slice(0, -6))} entries in package: ${section.label}`);
      header.delete(key);
    }
    if (!accepted && !this.#world.readsOn) return false;
    if (index !== 0) {
      this.#ask(statePart.package(0));
      const main = this.state.packages[0]!.header;
      for (const tag of inheritedTags) if (!header.has(tag) && main.has(tag)) header.set(tag, main.get(tag)!);
    }
    for (const tag of requiredTags) if (!header.has(tag) && !this.#missing('missing-tag', `${tag} field must be present in package: ${section.label}`)) accepted = false;
    this.#setPackage(index, { header });
    this.state = { ...this.state, preambleDone: true };
    return accepted;
  }

  /** Since 4.20 a preamble need only name the package; the rest is looked at when all has been read. */
  #closeNewPreamble(section: Extract<ParserState['section'], { kind: 'preamble' }>): boolean {
    if (!section.initial) return true;
    this.#ask(statePart.package(0));
    const { header } = this.state.packages[0]!;
    let accepted = true;
    for (const tag of ['Name', 'Version', 'Release']) {
      if (!header.has(tag) && !this.#missing('missing-tag', `${tag} field must be present before build in package: ${header.get('Name') ?? '(null)'}`)) accepted = false;
    }
    if (!accepted && !this.#world.readsOn) return false;
    this.expander.fixBuildFolder(this.reader.span);
    this.state = { ...this.state, preambleDone: true };
    return accepted;
  }

  /** What rpm since 4.20 does with a whole spec; it says what is wrong, and goes on. */
  #finishPackages(): void {
    const problem = (code: string, template: string) => this.problem('error', `rpm-error/${code}`, template, this.reader.span, Math.max(this.reader.lineNumber - 1, 0));
    const main = new Map(this.state.packages[0]!.header);
    for (const [tag, macro] of macroGivenTags) {
      if (main.has(tag)) continue;
      const value = this.expander.value(macro);
      if (value !== '' && value[0] !== '%') main.set(tag, value);
    }
    if (!main.has('Group')) main.set('Group', 'Unspecified');
    this.#setPackage(0, { header: main });
    for (let index = 0; index < this.state.packages.length; index++) {
      const header = new Map(this.state.packages[index]!.header);
      const name = header.get('Name') ?? '(null)';
      for (const tag of inheritedTags) if (!header.has(tag) && main.has(tag)) header.set(tag, main.get(tag)!);
      this.#setPackage(index, { header });
      const missing = requiredTags.filter((tag) => !header.has(tag));
      if (this.#isUnsure()) continue;
      for (const tag of missing) problem('missing-tag', `${tag} field must be present in package: ${name}`);
      if (missing.length > 0) return;
      if (!hasDescription(header)) return problem('no-description', `Package has no %description: ${name}`);
      const twice = [...header.keys()].filter((key) => key.endsWith(' again'));
      for (const key of twice) problem('duplicate-tag', `Duplicate ${headerTagName(key.slice(0, -6))} entries in package: ${name}`);
      if (twice.length > 0) return;
    }
  }

  #addDependencies(tagName: string, kind: string, field: string, owner: number, qualifiers: readonly string[], tag: number | undefined): boolean {
    const { line } = this.reader;
    const parsed = parseDependencies(field, {
      kind,
      checkVersionCharacters: (version) => this.checkCharacters(version, allowedCharacters.evr, undefined),
      checkNameCharacters: (name) => this.checkCharacters(name, allowedCharacters.name, allowedCharacters.nameFirst),
      strictVersions: this.expander.numeric('%{?_wrong_version_format_terminate_build}') !== 0,
    });
    if (parsed.error !== undefined) {
      // Characters of a version have been complained of already.
      return parsed.error === '' ? false : this.#error('bad-dependency', `line ${lineMark}: ${parsed.error}: ${line}`);
    }
    if (parsed.warning !== undefined) this.#warning('dependency', `line ${lineMark}: ${parsed.warning}: ${line}`);
    for (const dependency of parsed.dependencies) this.#addDependency(tagName, dependency, owner, qualifiers, tag);
    return true;
  }

  #addDependency(kind: string, { name, comparison, version }: ParsedDependency, owner: number, qualifiers: readonly string[], tag: number | undefined): void {
    this.chunk.dependencies.push({ package: owner, kind, name, comparison, version, qualifiers: name.startsWith('rpmlib(') ? [...qualifiers, 'rpmlib'] : qualifiers, tag });
  }

  /** rpmCharCheck: letters, digits and the allowed ones; warns of what looks like a macro. */
  checkCharacters(field: string, allowed: string, allowedFirst: string | undefined): boolean {
    let message: string | undefined;
    for (let i = 0; i < field.length; i++) {
      const character = field[i]!;
      if (isAlnum(field.charCodeAt(i)) || (i === 0 && allowedFirst !== undefined ? allowedFirst : allowed).includes(character)) continue;
      const bytes = field.codePointAt(i)!;
      message = bytes < 128 ? `Illegal char '${bytes >= 32 && bytes < 127 ? character : '?'}' (0x${bytes.toString(16)})` : illegalByte(bytes);
      if (bytes > 0xffff) i++;
    }
    if (/[%{}]/.test(field)) this.#warning('unexpanded-macro', `line ${lineMark}: Possible unexpanded macro in: ${this.reader.line}`);
    if (message === undefined && field.includes('..')) message = 'Illegal sequence ".."';
    if (message !== undefined) return this.#error('illegal-character', `line ${lineMark}: ${message} in: ${this.reader.line}`);
    return true;
  }

  // Sources and patches

  /** Declares a source or patch; gives its number, or undefined where rpm refuses it. */
  #addSource(kind: 'source' | 'patch', given: number | undefined, location: string, place: SourcePlace): number | undefined {
    const automatic = kind === 'source' ? this.state.autoSource : this.state.autoPatch;
    const number = given ?? automatic + 1;
    const next = Math.max(automatic, number);
    this.state = kind === 'source' ? { ...this.state, autoSource: next } : { ...this.state, autoPatch: next };
    const declared = this.#declaredSources();
    if (declared.has(`${kind} ${number}`)) {
      this.#refuse('duplicate-source', `${kind} ${number} defined multiple times`);
      return undefined;
    }
    const fileName = fileNameOf(location);
    const path = this.expander.path(`%{_sourcedir}/${fileName}`);
    const entry: SourceState = { kind, number, location, fileName, path, excluded: false };
    this.state = { ...this.state, sources: [...this.state.sources, entry] };
    declared.add(`${kind} ${number}`);
    this.#declared = { of: this.state.sources, keys: declared };
    const upper = kind.toUpperCase();
    this.expander.defineTag(`${upper}${number}`, path, place.span, place.nameSpan);
    this.expander.defineTag(`${upper}URL${number}`, location, place.span, place.nameSpan);
    this.chunk.sources.push({ kind, number, location, fileName, incomplete: isIncomplete(location), span: place.span, nameSpan: place.nameSpan, valueSpan: place.valueSpan, tag: place.tag });
    return number;
  }

  /** Which sources and patches the state has. Some specs have thousands, so the set is kept while it is that of the state. */
  #declaredSources(): Set<string> {
    const { sources } = this.state;
    return this.#declared.of === sources ? this.#declared.keys : new Set(sources.map(({ kind, number }) => `${kind} ${number}`));
  }
  #declared: { readonly of: readonly SourceState[]; readonly keys: Set<string> } = { of: [], keys: new Set() };

  findSource(kind: 'source' | 'patch', number: number): SourceState | undefined {
    this.#ask(statePart.sources);
    return this.state.sources.find((source) => source.kind === kind && source.number === number);
  }

  // %prep

  /** What rpm before 4.20 does when %prep ends: the lines go into the parsed text, %setup and %patch as the commands they stand for. */
  #closePrep(lines: readonly { text: string; buffer: LineBuffer; at: number }[]): void {
    for (const { text, buffer, at } of lines) this.#prepLine(text, buffer, at);
  }

  /** Writes a line of %prep into the parsed text, %setup, %patch and an %autopatch that is no macro as commands. False: rpm gives up. */
  #prepLine(text: string, buffer: LineBuffer, at: number): boolean {
    const native = this.knows('4.20');
    const found = (native ? /^([^%]*)%(setup|patch|autopatch)(?=\s|$)/ : /^()%(setup|patch|autopatch(?=\s|$))/).exec(text);
    const before = found?.[1]?.length ?? 0;
    const name = found === null || (native && this.#isDoubled(buffer, at + before)) ? undefined : found[2];
    if (name === undefined) {
      this.#noteShellPatch(text, buffer, at);
      this.reader.append(buffer, at, text);
      return true;
    }
    // As a macro it is expanded wherever it stands, even in a comment.
    if (before > 0) {
      this.reader.append(buffer, at, text.slice(0, before));
      text = text.slice(before);
      at += before;
    }
    const span = this.reader.writtenSpan(at, at + trimmedEnd(text), buffer);
    const line = native ? text.trim() : text;
    const written = (name === 'setup' ? setupCommands : name === 'patch' ? patchCommands : autopatchCommands)(line, this.#prepWorld(span));
    const chain = [...this.reader.macrosAt(at, buffer), name];
    this.chunk.appendMade(written.text, span.start, span.end, this.chunk.chainNumber(chain));
    const lineBreak = text.length - 1;
    // A macro leaves the line break behind it where it is.
    if (native && text.charCodeAt(lineBreak) === 10) this.reader.append(buffer, at + lineBreak, '\n');
    const place = native ? `${this.reader.file?.name ?? ''}: line ${lineMark}: ` : '';
    for (const { severity, code, template, fatal } of written.problems) this.problem(severity, `rpm-${severity}/${code}`, fatal ? place + template : template, span, this.reader.lineNumber - 1);
    const by = chain.find((macro) => macro === 'autosetup' || macro === 'autopatch') ?? 'patch';
    for (const { number, strip: level, reverse } of written.applications) this.chunk.applications.push({ number, strip: level, reverse, by, span });
    return !native || !written.problems.some(({ fatal }) => fatal);
  }

  /** Whether the percent sign at an offset of the buffer was written twice, so that it stands for itself. */
  #isDoubled(buffer: LineBuffer, at: number): boolean {
    if (buffer.base < 0 || this.reader.isMade(at, buffer)) return false;
    const { start } = this.reader.writtenSpan(at, at + 1, buffer);
    const { text } = this.reader.files[0]!;
    return text[start + 1] === '%' || text[start - 1] === '%';
  }

  #prepWorld(span: Span) {
    return {
      expander: this.expander,
      knows: (since: string) => this.knows(since),
      find: (kind: 'source' | 'patch', number: number) => this.findSource(kind, number),
      patches: () => (this.#ask(statePart.sources), this.state.sources.filter(({ kind }) => kind === 'patch')),
      isCompressed: (path: string) => this.#world.isCompressed(path),
      name: this.state.packages[0]!.header.get('Name') ?? '(null)',
      version: this.state.packages[0]!.header.get('Version') ?? '(null)',
      span,
    };
  }

  /** Notes patches that a line of %prep applies without rpm's %patch. */
  #noteShellPatch(text: string, buffer: LineBuffer, at: number): void {
    if (!/\bpatch\b|\bgit\b|quilt/.test(text)) return;
    this.#ask(statePart.sources);
    for (const source of this.state.sources) {
      if (source.kind !== 'patch' || !text.includes(source.path)) continue;
      const behind = text[text.indexOf(source.path) + source.path.length];
      if (behind !== undefined && /[\w.-]/.test(behind)) continue;
      const span = this.reader.writtenSpan(at, at + trimmedEnd(text), buffer);
      const level = /(?:^|\s)-p\s*(\d+)/.exec(text);
      const by = this.reader.macrosAt(at, buffer).find((name) => name === 'autosetup' || name === 'autopatch') ?? 'shell';
      this.chunk.applications.push({ number: source.number, strip: level === null ? undefined : Number(level[1]), reverse: /\s-R\b|\s--reverse\b/.test(text), by, span });
    }
  }

  // %changelog

  /**
   * rpm reads the whole section at once when it ends; the same faults are found here line by line, so that a long
   * changelog can be left in its middle, and told when it ends.
   */
  #changelogLine(line: string): void {
    const { section } = this.state;
    if (section.kind !== 'changelog' || section.fault !== undefined || skipSpace(line, 0) >= line.length) return;
    // A star opens an entry only where the one before has text: else it is that text.
    if (section.entry === 'none' || (section.entry === 'text' && line[0] === '*')) this.#changelogHeader(line.slice(section.entry === 'none' ? skipSpace(line, 0) : 0), section.last);
    else if (section.entry === 'header') this.state = { ...this.state, section: { ...section, entry: 'text' } };
  }

  #changelogHeader(line: string, last: number | undefined): void {
    if (line[0] !== '*') return this.#changelogFault('%changelog entries must start with *');
    if (!line.endsWith('\n')) return this.#changelogFault('incomplete %changelog entry');
    const header = line.slice(1, -1);
    const dated = header.slice(skipSpace(header, 0));
    const date: ChangelogDate | undefined = parseChangelogDate(dated);
    if (date === undefined) return this.#changelogFault(`bad date in %changelog: ${dated}`);
    if (date.bogus) this.#warning('bogus-date', `bogus date in %changelog: ${dated}`);
    if (last !== undefined && last < date.time) return this.#changelogFault('%changelog not in descending chronological order');
    let at = 0;
    for (let i = 0; i < date.words; i++) at = skipNonSpace(header, skipSpace(header, at));
    at = skipSpace(header, at);
    // rpm means to trim white space behind the name, and does not.
    const name = header.slice(at);
    if (name === '') return this.#changelogFault('missing name in %changelog');
    const textAt = this.chunk.expandedEnd;
    this.chunk.changelog.push({ refused: false, header: dated.slice(0, trimmedEnd(dated)), time: date.time, name, span: this.lineSpan(), headerAt: textAt - this.reader.line.length, textAt });
    this.state = { ...this.state, hasChangelog: true, section: { kind: 'changelog', entry: 'header', last: date.time, fault: undefined } };
  }

  #changelogFault(message: string): void {
    const { section } = this.state;
    const textAt = this.chunk.expandedEnd;
    this.chunk.changelog.push({ refused: true, header: '', time: 0, name: '', span: this.lineSpan(), headerAt: textAt - this.reader.line.length, textAt });
    if (section.kind === 'changelog') this.state = { ...this.state, section: { ...section, fault: { message, span: this.lineSpan(), chunk: this.chunk } } };
  }

  #closeChangelog(): boolean {
    const { section } = this.state;
    if (section.kind !== 'changelog') return true;
    if (section.fault === undefined && section.entry === 'header') this.problem('error', 'rpm-error/changelog', 'no description in %changelog', this.reader.span, this.reader.lineNumber - 1);
    if (section.fault !== undefined) {
      const { message, span, chunk } = section.fault;
      // rpm says so and goes on.
      this.problem('error', 'rpm-error/changelog', message, this.#world.here(chunk, span), this.reader.lineNumber - 1);
    }
    return true;
  }
}

interface SourcePlace {
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
  readonly tag: number | undefined;
}

function isBlankAt(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t';
}

function withTag(header: ReadonlyMap<string, string>, name: string, value: string): ReadonlyMap<string, string> {
  return new Map(header).set(name, value);
}

function hasDescription(header: ReadonlyMap<string, string>): boolean {
  for (const name of header.keys()) if (name.startsWith('Description')) return true;
  return false;
}

/** rpm's name of a tag in its messages (rpmTagGetName). */
function headerTagName(name: string): string {
  const names: Readonly<Record<string, string>> = { URL: 'Url', Requires: 'Requirename', DistURL: 'Disturl', DistTag: 'Disttag', BugURL: 'Bugurl', TranslationURL: 'Translationurl', UpstreamReleases: 'Upstreamreleases', VCS: 'Vcs', ModularityLabel: 'Modularitylabel', Recommends: 'Recommendname', Suggests: 'Suggestname', Supplements: 'Supplementname', Enhances: 'Enhancename', OrderWithRequires: 'Ordername' };
  return names[name] ?? name;
}

/** How rpm prints the last byte of a character outside ASCII: as a signed byte. */
function illegalByte(codePoint: number): string {
  const last = new TextEncoder().encode(String.fromCodePoint(codePoint)).at(-1)!;
  return `Illegal char '?' (0x${(0xffffff00 + last).toString(16)})`;
}

/** The name of the file in the source folder: behind the last slash, and behind the last `=` after that. */
export function fileNameOf(location: string): string {
  const slash = location.lastIndexOf('/');
  if (slash < 0) return location;
  const name = location.slice(slash + 1);
  const equals = name.lastIndexOf('=');
  return equals >= 0 ? name.slice(equals + 1) : name;
}

/** Whether a macro that nobody defined is left in an expanded value. */
export function isIncomplete(value: string): boolean {
  return /%(?:\{[!?]*-?\w|[(\[]|[A-Za-z_]\w{2})/.test(value);
}
