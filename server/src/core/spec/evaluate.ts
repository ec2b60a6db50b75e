/** Evaluating a spec, from the start or from where an edit left the last evaluation whole. */
import { Expander, type MacroTable, macroLevel, rpmVersionNumber } from '../macros/index.js';
import { checkCancelled } from '../host.js';
import { type Span, decodeText } from '../text/index.js';
import { Chunk, lineMark } from './chunk.js';
import { type Checkpoint, SpecEvaluation, type PlacedChunk, type ReadingResult } from './evaluation.js';
import { Evaluator, type EvaluatorWorld, type RunResult } from './evaluator.js';
import { type EvaluationInputs, type FullInputs, baseMacros, fillInputs, macroContext, sameInputs } from './inputs.js';
import { type Edit, type Lineage, deepestLineage, editBetween, isClear, moved, resolveRetired } from './lineage.js';
import type { Conditional } from './lineReader.js';
import { SpecExpander } from './macroPort.js';
import type { Evaluation, EvaluationProblem } from './model.js';
import { SpecLua } from './specLua.js';
import { CarriedState, type ParserState, sameValue, stateDifferences, statePart } from './state.js';

/** Written text between checkpoints, in code units: some fifty lines. */
const chunkSize = 2048;

/**
 * What a spec means for a target. Never throws on bad text; throws CancelledError where the inputs' cancellation asks
 * for it. `previous`, an evaluation of an earlier form of the text, makes it quicker and changes nothing else.
 */
export function evaluate(text: string, inputs: EvaluationInputs, previous?: Evaluation): Evaluation {
  const full = fillInputs(inputs);
  const before = previous instanceof SpecEvaluation && isReusable(previous.reading, full) ? previous.reading : undefined;
  if (before !== undefined) {
    if (before.text === text) return previous!;
    const again = evaluateAgain(text, full, before);
    if (again !== undefined) return new SpecEvaluation(again);
  }
  return new SpecEvaluation(evaluateFresh(text, full));
}

function evaluateFresh(text: string, inputs: FullInputs): ReadingResult {
  const base = baseMacros(inputs);
  const outsideProblems: EvaluationProblem[] = base.messages.map(({ severity, code, text: message }) => ({
    code: `rpm-${severity}/${code}`,
    severity: severity === 'notice' ? 'information' : severity,
    message,
    span: { start: 0, end: 0 },
    line: 0,
    macros: [],
  }));
  const world = new World(inputs, base.table.copy());
  const { port } = world;
  port.begin(inputs.specName);
  let pass = new Pass(text, world, false);
  pass.run(undefined);
  let earlier: readonly PlacedChunk[] = [];
  let buildArch: string | undefined;
  if (pass.result === 'restart') {
    const { evaluator } = pass;
    const arch = (evaluator.state.buildArchs ?? []).find((name) => isCompatible(name, inputs.target.arch));
    if (arch === undefined) pass.refuse('no-compatible-arch', 'No compatible architectures found for build');
    else {
      earlier = pass.chunks;
      buildArch = arch;
      port.popFile();
      port.table.push('_target_cpu', arch, { level: macroLevel.rpmrc });
      // rpm begins a spec anew, with the macros that the first reading left.
      port.begin(inputs.specName);
      pass = new Pass(text, world, true);
      pass.run(undefined);
      port.table.pop('_target_cpu');
    }
  }
  return world.left(pass.finished({ outsideProblems, earlier, buildArch, lineage: undefined }));
}

/** Reads on from the last checkpoint before the edit until nothing can differ any more; undefined where all must be read. */
function evaluateAgain(text: string, inputs: FullInputs, before: ReadingResult): ReadingResult | undefined {
  const edit = editBetween(before.text, text);
  // What a first reading saw decides about the second.
  const firstEnd = before.earlier.at(-1);
  if (firstEnd !== undefined && edit.start <= firstEnd.start + (firstEnd.chunk.end - firstEnd.chunk.base)) return undefined;
  if ((before.lineage?.depth ?? 0) >= deepestLineage) return undefined;
  // The line before the edit may go on in what is edited.
  const lineStart = text.lastIndexOf('\n', edit.start - 1) + 1;
  let first = before.chunks.length - 1;
  while (first >= 0 && !(before.chunks[first]!.start <= lineStart && before.chunks[first]!.start < text.length && canRestart(before, before.checkpoints[first]!))) first--;
  if (first < 0) return undefined;

  const checkpoint = before.checkpoints[first]!;
  const world = new World(inputs, checkpoint.table.copy());
  if (before.lua?.changes === checkpoint.luaChanges) world.lua?.become(before.lua);
  world.port.buildroot = before.buildroot;
  const places = new Places(before, edit);
  for (let i = 0; i < first; i++) places.keep(before.chunks[i]!);
  world.known = (chunk, span) => places.now(chunk, span);
  const pass = new Pass(text, world, before.buildArch !== undefined, { chunks: before.chunks.slice(0, first), checkpoints: before.checkpoints.slice(0, first), at: before.chunks[first]!, checkpoint });
  const meeting = new Meeting(before, edit, first, world, places);
  for (;;) {
    pass.run(meeting);
    // A BuildArch that was not reached before: everything is read twice.
    if (pass.result === 'restart') return undefined;
    const { met } = pass;
    if (met === undefined) break;
    // What does not touch the macros that differ says the same as before.
    const differs = (chunk: Chunk) => chunk.touched.has('*') || met.names.some((name) => chunk.touched.has(name));
    let end = met.index;
    while (end < before.chunks.length && (met.names.length === 0 || !differs(before.chunks[end]!.chunk))) end++;
    if (end === before.chunks.length && met.names.length > 0 && differs(before.finalProblems)) end--;
    if (end < before.chunks.length && !meeting.canResume(end)) {
      pass.goOn();
      continue;
    }
    pass.keep(before, met.index, end, met.names, places);
    if (end === before.chunks.length) break;
    meeting.resume(end);
    pass.resume(before, end, met.names);
  }
  if (before.buildArch !== undefined && pass.met === undefined) world.port.table.pop('_target_cpu');

  const kept = new Set(pass.chunks.map(({ chunk }) => chunk));
  const retired = new Map<number, number>();
  for (const { chunk, start } of before.chunks) if (!kept.has(chunk)) retired.set(chunk.id, start);
  const lineage: Lineage = { edit, retired, older: before.lineage, depth: (before.lineage?.depth ?? 0) + 1 };
  const shared = { outsideProblems: before.outsideProblems, earlier: before.earlier, buildArch: before.buildArch, lineage };
  return world.left(pass.met === undefined ? pass.finished(shared) : pass.joined(before, pass.met.names, shared));
}

/** Where places stand: those of chunks that stay, as they are now; those of chunks read anew, moved by the edit. */
class Places {
  readonly #now = new Map<Chunk, number>();
  readonly #old = new Map<Chunk, number>();

  constructor(
    private readonly before: ReadingResult,
    private readonly edit: Edit,
  ) {
    for (const { chunk, start } of before.chunks) this.#old.set(chunk, start);
    for (const placed of before.earlier) this.keep(placed);
  }

  /** Notes where a chunk stands in the new text. */
  keep({ chunk, start }: PlacedChunk): void {
    this.#now.set(chunk, start);
  }

  /** In the new text. */
  now(chunk: Chunk, span: Span): Span {
    const start = this.#now.get(chunk);
    if (start !== undefined) return { start: span.start + start - chunk.base, end: span.end + start - chunk.base };
    if (this.#old.has(chunk) || this.isRetired(chunk)) return moved(this.old(chunk, span), this.edit);
    // A chunk of the reading under way: it stands where it began.
    return span;
  }

  /** In the old text. */
  old(chunk: Chunk, span: Span): Span {
    const start = this.#old.get(chunk);
    return start === undefined ? resolveRetired(this.before.lineage, chunk, span) : { start: span.start + start - chunk.base, end: span.end + start - chunk.base };
  }

  private isRetired(chunk: Chunk): boolean {
    for (let at = this.before.lineage; at !== undefined; at = at.older) if (at.retired.has(chunk.id)) return true;
    return false;
  }
}

/** Whether a Lua state as it was at the checkpoint can be had: a fresh one, or the old one if nothing has changed it since. */
function canRestart(before: ReadingResult, checkpoint: Checkpoint): boolean {
  return checkpoint.luaChanges === 0 || before.lua?.changes === checkpoint.luaChanges;
}

/** Whether an evaluation was made of the same world, so that only the text can make a difference. */
function isReusable(before: ReadingResult, inputs: FullInputs): boolean {
  const old = before.inputs;
  if (before.cutShort || !sameInputs(old, inputs)) return false;
  // An answer that has come in the meantime changes what follows from it.
  return [...before.earlier, ...before.chunks].every(({ chunk }) => chunk.pending.every((question) => (question.kind === 'lua' ? inputs.lua === undefined : inputs.answers.answer(question) === undefined)));
}

/** More macros than these differing make reading on cheaper than looking further. */
const mostDifferences = 64;

/** Where an old reading goes on behind a new one. */
interface Met {
  /** Index of the old chunk. */
  readonly index: number;
  /** Macros that are defined otherwise now, and parts of the state that differ. */
  readonly names: readonly string[];
}

/** Finds the place where a new reading has come to the state that the old one had there. */
class Meeting {
  readonly #by: number;
  #next: number;
  /** Changes of Lua's variables where the reading last began, as counted by the old reading and by this one. */
  #luaThen: number;
  #luaNow: number;

  constructor(
    private readonly before: ReadingResult,
    private readonly edit: Edit,
    private readonly first: number,
    private readonly world: World,
    private readonly places: Places,
  ) {
    this.#by = edit.newEnd - edit.oldEnd;
    this.#next = first + 1;
    this.#luaThen = before.checkpoints[first]!.luaChanges;
    this.#luaNow = world.lua?.changes ?? 0;
    while (this.#next < before.chunks.length && before.chunks[this.#next]!.start <= edit.oldEnd) this.#next++;
  }

  /** Whether Lua as it was at the beginning of an old chunk can be had, to read on from there. */
  canResume(index: number): boolean {
    const wanted = this.before.checkpoints[index]!.luaChanges;
    return wanted === this.#luaThen || wanted === this.before.lua?.changes;
  }

  /** Reading goes on at the beginning of an old chunk. */
  resume(index: number): void {
    const { lua } = this.before;
    const wanted = this.before.checkpoints[index]!.luaChanges;
    if (wanted !== this.#luaThen && lua !== undefined) this.world.lua?.become(lua);
    this.#luaThen = wanted;
    this.#luaNow = this.world.lua?.changes ?? 0;
    this.#next = index + 1;
  }

  /** The next written offset, in the new text, at which the two may meet. */
  get candidate(): number {
    return this.#next < this.before.chunks.length ? this.before.chunks[this.#next]!.start + this.#by : Infinity;
  }

  /** The old chunk that goes on from here, or undefined. */
  at(offset: number, pass: Pass): Met | undefined {
    const { before } = this;
    while (this.#next < before.chunks.length && before.chunks[this.#next]!.start + this.#by < offset) this.#next++;
    const index = this.#next;
    if (index >= before.chunks.length || before.chunks[index]!.start + this.#by !== offset) return undefined;
    this.#next++;
    const checkpoint = before.checkpoints[index]!;
    // Nothing since the restart changed Lua's variables, then or now.
    if (checkpoint.luaChanges !== this.#luaThen || (this.world.lua?.changes ?? 0) !== this.#luaNow) return undefined;
    const moved = pass.line !== before.chunks[index]!.line;
    if (moved && before.chunks.slice(index).some(({ chunk }) => chunk.dependsOnLines)) return undefined;
    if (!this.#sameConditionals(pass.evaluator.reader.conditional, checkpoint.conditional)) return undefined;
    const parts = this.#sameSection(pass.evaluator.state, checkpoint.state) ? stateDifferences(pass.evaluator.state, checkpoint.state) : undefined;
    if (parts === undefined) return undefined;
    const differences = this.world.port.table.differences(checkpoint.table, mostDifferences);
    if (differences === undefined) return undefined;
    const names = new Set([...differences, ...parts]);
    // Definitions whose place the edit touched stand where only the new reading knows.
    for (let i = this.first; i < index; i++) {
      const { chunk, start } = before.chunks[i]!;
      for (const { definition, span, nameSpan } of chunk.definitions) {
        if ([span, nameSpan].some((place) => !isClear({ start: place.start + start - chunk.base, end: place.end + start - chunk.base }, this.edit))) names.add(definition.name);
      }
    }
    if (names.size === 0) return { index, names: [] };
    const { touched } = before.chunks[index]!.chunk;
    return touched.has('*') || [...names].some((name) => touched.has(name)) ? undefined : { index, names: [...names] };
  }

  #sameSection(now: ParserState, then: ParserState): boolean {
    if (now.section.kind !== 'changelog' || then.section.kind !== 'changelog') return sameValue(now.section, then.section);
    const { fault: a, ...rest } = now.section;
    const { fault: b, ...others } = then.section;
    if (a?.message !== b?.message || !sameValue(rest, others)) return false;
    if (a === undefined || b === undefined) return true;
    const old = this.places.old(b.chunk, b.span);
    return isClear(old, this.edit) && old.start >= this.edit.start && this.world.here(a.chunk, a.span).start === old.start + this.#by;
  }

  #sameConditionals(now: Conditional, then: Conditional): boolean {
    for (; now !== then; now = now.outer!, then = then.outer!) {
      if (now.outer === undefined || then.outer === undefined) return now.outer === then.outer;
      if (now.reading !== then.reading || now.readable !== then.readable || now.last !== then.last || now.included !== then.included) return false;
      const old = this.places.old(then.chunk!, then.span);
      if (!isClear(old, this.edit)) return false;
      const place = moved(old, this.edit);
      const here = this.world.here(now.chunk!, now.span);
      if (place.start !== here.start || place.end !== here.end) return false;
    }
    return true;
  }
}

/** Deep equality of plain data; what is the same object needs no look. */
/** Where a reading that does not begin at the start begins. */
interface Resumption {
  readonly chunks: readonly PlacedChunk[];
  readonly checkpoints: readonly Checkpoint[];
  readonly at: PlacedChunk;
  readonly checkpoint: Checkpoint;
}

type Shared = Pick<ReadingResult, 'outsideProblems' | 'earlier' | 'buildArch' | 'lineage'>;

/** One reading of a text from some place to its end, or to where an old reading goes on. */
class Pass {
  readonly chunks: PlacedChunk[];
  readonly checkpoints: Checkpoint[];
  evaluator: Evaluator;
  result: RunResult = 'checkpoint';
  /** The old chunk that goes on where this reading stopped. */
  met: Met | undefined;
  #chunk: Chunk;
  #final: Chunk | undefined;
  #carried: CarriedState | undefined;

  constructor(
    private readonly text: string,
    private readonly world: World,
    private readonly recursing: boolean,
    from?: Resumption,
  ) {
    const { specName } = world.inputs;
    this.chunks = [...(from?.chunks ?? [])];
    this.checkpoints = [...(from?.checkpoints ?? [])];
    this.#chunk = new Chunk(from?.at.start ?? 0, from?.at.line ?? 0, from?.at.expandedStart ?? 0);
    this.evaluator = new Evaluator(world, { name: specName, text, at: this.#chunk.base, lines: this.#chunk.baseLine }, this.#chunk, recursing, from?.checkpoint.state);
    if (from !== undefined) this.evaluator.reader.conditional = from.checkpoint.conditional;
    if (world.lua !== undefined) world.lua.sources = () => {
      world.port.table.touched?.add(statePart.sources);
      return this.evaluator.state.sources;
    };
  }

  /** Lines read so far. */
  get line(): number {
    return this.evaluator.reader.files[0]!.lines;
  }

  run(meeting: Meeting | undefined): void {
    const { evaluator, world } = this;
    for (;;) {
      const touched = new Set<string>();
      world.port.table.touched = touched;
      this.checkpoints.push({ state: evaluator.state, table: world.port.table.copy(), conditional: evaluator.reader.conditional, luaChanges: world.lua?.changes ?? 0 });
      this.result = evaluator.run(Math.min(this.#chunk.base + chunkSize, meeting?.candidate ?? Infinity));
      this.#chunk.touched = touched;
      const file = evaluator.reader.files[0];
      this.#chunk.close(file?.at ?? this.text.length, file?.lines ?? this.#chunk.baseLine);
      this.chunks.push({ chunk: this.#chunk, start: this.#chunk.base, line: this.#chunk.baseLine, expandedStart: this.#chunk.expandedBase });
      if (this.result !== 'checkpoint') break;
      this.met = meeting?.at(this.#chunk.end, this);
      if (this.met !== undefined) return;
      evaluator.chunk = this.#chunk = new Chunk(this.#chunk.end, this.#chunk.endLine, this.#chunk.expandedEnd);
    }
    this.#final = new Chunk(this.#chunk.end, this.#chunk.endLine, this.#chunk.expandedEnd);
    const touched = new Set<string>();
    world.port.table.touched = touched;
    this.#final.touched = touched;
    evaluator.chunk = this.#final;
    // Stopped from outside rather than by the text.
    if (this.result === 'error' && world.limit !== undefined) this.refuse('limit', `line ${lineMark}: ${world.limit}`);
    if (this.result === 'end' && !evaluator.finish()) this.result = 'error';
  }

  refuse(code: string, template: string): void {
    const { reader } = this.evaluator;
    this.#final!.problems.push({ code: `rpm-error/${code}`, severity: 'error', template, span: this.evaluator.lineSpan(), line: Math.max(reader.lineNumber - 1, 0), fixedLine: false, macros: [] });
  }

  finished(shared: Shared): ReadingResult {
    const { world, evaluator } = this;
    return {
      outsideProblems: shared.outsideProblems,
      earlier: shared.earlier,
      buildArch: shared.buildArch,
      lineage: shared.lineage,
      target: world.inputs.target,
      inputs: world.inputs,
      text: this.text,
      accepted: this.result === 'end',
      chunks: this.chunks,
      checkpoints: this.checkpoints,
      state: evaluator.state,
      table: world.port.table.copy(),
      context: world.expander.context,
      finalProblems: this.#final!,
      conditional: evaluator.reader.conditional,
      unclosed: evaluator.reader.unclosed,
      cutShort: world.limit !== undefined,
      buildroot: world.port.buildroot,
      lua: world.lua,
    };
  }

  /** Reads on where a meeting led nowhere. */
  goOn(): void {
    this.met = undefined;
    this.evaluator.chunk = this.#chunk = new Chunk(this.#chunk.end, this.#chunk.endLine, this.#chunk.expandedEnd);
  }

  /** Takes over old chunks, which say the same as before but for where they stand and for macros they do not touch. */
  keep(before: ReadingResult, index: number, end: number, names: readonly string[], places: Places): void {
    const from = before.chunks[index]!;
    const offset = this.#chunk.end - from.start;
    const lines = this.#chunk.endLine - from.line;
    const expanded = this.#chunk.expandedEnd - from.expandedStart;
    const carried = (this.#carried = new CarriedState(this.evaluator.state, before.checkpoints[index]!.state));
    for (let i = index; i < end; i++) {
      const { chunk, start, line, expandedStart } = before.chunks[i]!;
      const placed: PlacedChunk = { chunk, start: start + offset, line: line + lines, expandedStart: expandedStart + expanded };
      this.chunks.push(placed);
      places.keep(placed);
      const checkpoint = before.checkpoints[i]!;
      this.checkpoints.push(names.length === 0 ? checkpoint : { ...checkpoint, state: carried.of(checkpoint.state), table: this.#patched(checkpoint.table, names) });
      carried.pass(chunk);
    }
  }

  /** Reads on at the beginning of an old chunk, in the state that was there and with the macros of now. */
  resume(before: ReadingResult, index: number, names: readonly string[]): void {
    const { world } = this;
    const last = this.chunks.at(-1)!;
    const { chunk } = last;
    const checkpoint = before.checkpoints[index]!;
    world.expander.restore(this.#patched(checkpoint.table, names));
    this.#chunk = new Chunk(last.start + chunk.end - chunk.base, last.line + chunk.endLine - chunk.baseLine, last.expandedStart + chunk.output.length);
    this.evaluator = new Evaluator(world, { name: world.inputs.specName, text: this.text, at: this.#chunk.base, lines: this.#chunk.baseLine }, this.#chunk, this.recursing, this.#carried!.of(checkpoint.state));
    this.evaluator.reader.conditional = checkpoint.conditional;
    this.met = undefined;
  }

  #patched(table: MacroTable, names: readonly string[]): MacroTable {
    const copy = table.copy();
    copy.adopt(names, this.world.port.table);
    return copy;
  }

  /** This reading, which ends as the old one did. */
  joined(before: ReadingResult, names: readonly string[], shared: Shared): ReadingResult {
    return {
      ...before,
      ...shared,
      inputs: this.world.inputs,
      context: this.world.expander.context,
      text: this.text,
      chunks: this.chunks,
      checkpoints: this.checkpoints,
      state: this.#carried!.of(before.state),
      table: names.length === 0 ? before.table : this.#patched(before.table, names),
    };
  }
}

/** Everything outside the text, for one evaluation. */
class World implements EvaluatorWorld {
  readonly #version: number;
  readonly #known = new Map<string, boolean>();
  #polls = 0;
  /** Why reading was stopped, once it was. */
  limit: string | undefined;

  readonly lua: SpecLua | undefined;
  readonly expander: Expander;
  readonly port: SpecExpander;
  /** Places that count from chunks read before this reading began. */
  known: (chunk: Chunk, span: Span) => Span = (_, span) => span;
  readonly #started: number;

  constructor(
    readonly inputs: FullInputs,
    table: MacroTable,
  ) {
    this.lua = inputs.lua === undefined ? undefined : new SpecLua(inputs.lua, inputs);
    this.expander = new Expander(table, macroContext(inputs, this.lua));
    this.port = new SpecExpander(this.expander);
    this.#version = rpmVersionNumber(inputs.target.rpmVersion);
    this.#started = inputs.clock?.now() ?? 0;
  }

  /** Lets go of the reading that is over: its result goes on using the interpreter, and would keep every earlier evaluation in memory through it. */
  left(result: ReadingResult): ReadingResult {
    const { sources } = result.state;
    if (this.lua !== undefined) this.lua.sources = () => sources;
    this.known = (_, span) => span;
    return result;
  }

  knows(since: string): boolean {
    let known = this.#known.get(since);
    if (known === undefined) this.#known.set(since, (known = this.#version >= rpmVersionNumber(since)));
    return known;
  }

  get isComplete(): boolean {
    return this.inputs.target.set !== undefined || this.inputs.macroFiles.length > 0;
  }

  get readsOn(): boolean {
    return this.inputs.readsOn;
  }

  here(chunk: Chunk, span: Span): Span {
    return this.known(chunk, span);
  }

  include(path: string): string | undefined {
    const { files, folder } = this.inputs;
    const bytes = files.read(path.startsWith('/') ? path : `${folder === '/' ? '' : folder}/${path}`);
    return bytes === undefined ? undefined : decodeText(bytes).text;
  }

  isCompressed(path: string): boolean | undefined {
    const bytes = this.inputs.files.read(path);
    return bytes === undefined ? undefined : isCompressed(bytes);
  }

  stopped(): boolean {
    const { cancellation, clock, timeLimit } = this.inputs;
    checkCancelled(cancellation);
    if (this.limit !== undefined) return true;
    if (clock !== undefined && (++this.#polls & 15) === 0 && clock.now() - this.#started > timeLimit) this.limit = `the evaluation took longer than ${timeLimit} ms and was stopped`;
    return this.limit !== undefined;
  }
}

/** rpmFileIsCompressed: by the first bytes. */
function isCompressed(bytes: Uint8Array): boolean {
  if (bytes.length < 13) return false;
  const starts = (...magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte);
  return (
    starts(0x42, 0x5a, 0x68) ||
    starts(0x50, 0x4b, 0x03, 0x04) ||
    starts(0x50, 0x4b, 0x30, 0x30) ||
    starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) ||
    starts(0x28, 0xb5, 0x2f) ||
    starts(0x4c, 0x5a, 0x49, 0x50) ||
    starts(0x4c, 0x52, 0x5a, 0x49) ||
    starts(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) ||
    starts(0x1f, 0x8b) ||
    starts(0x1f, 0x9e) ||
    starts(0x1f, 0xa0) ||
    starts(0x1f, 0x9d) ||
    // lzma has no magic; rpm goes by the usual header.
    (starts(0x5d, 0x00, 0x00) && bytes[12] === 0x00) ||
    isGem(bytes)
  );
}

/** A gem is a tar file whose first member is one of these. */
function isGem(bytes: Uint8Array): boolean {
  if (bytes.length < 270 || String.fromCharCode(...bytes.subarray(257, 262)) !== 'ustar') return false;
  const name = String.fromCharCode(...bytes.subarray(0, 16));
  return name.startsWith('data.tar.gz\0') || name.startsWith('metadata.gz\0');
}

/** Whether what is built for `name` counts as buildable on `arch` (rpmrc's buildarch_compat). */
function isCompatible(name: string, arch: string): boolean {
  if (name === arch || name === 'noarch') return true;
  const parents: Readonly<Record<string, readonly string[]>> = { i686: ['i586', 'i486', 'i386'], i586: ['i486', 'i386'], i486: ['i386'], armv7hl: ['armv6hl'], armv7hnl: ['armv7hl', 'armv6hl'], athlon: ['i686', 'i586', 'i486', 'i386'] };
  return parents[arch]?.includes(name) ?? false;
}

