/** Evaluating a spec, from the start or from where an edit left the last evaluation whole. */
import { Expander, macroLevel, rpmVersionNumber } from '../macros/index.js';
import { checkCancelled } from '../host.js';
import { decodeText } from '../text/index.js';
import { type EvaluationInputs, type FullInputs, baseMacros, fillInputs, macroContext } from './inputs.js';
import { Chunk, lineMark } from './chunk.js';
import { SpecEvaluation, type PlacedChunk, type ReadingResult } from './evaluation.js';
import { Evaluator, type EvaluatorWorld, type RunResult } from './evaluator.js';
import { SpecExpander } from './macroPort.js';
import { SpecLua } from './specLua.js';
import type { Evaluation, EvaluationProblem } from './model.js';

/** Written text between checkpoints, in code units: some fifty lines. */
const chunkSize = 2048;

/**
 * What a spec means for a target. Never throws on bad text; throws CancelledError where the inputs' cancellation asks
 * for it. `previous`, an evaluation of an earlier form of the text, makes it quicker and changes nothing else.
 */
export function evaluate(text: string, inputs: EvaluationInputs, previous?: Evaluation): Evaluation {
  void previous;
  const full = fillInputs(inputs);
  const base = baseMacros(full);
  const lua = full.lua === undefined ? undefined : new SpecLua(full.lua, full);
  const context = macroContext(full, lua);
  const expander = new Expander(base.table.copy(), context);
  const port = new SpecExpander(expander);
  const world = new World(full, port);
  const outsideProblems: EvaluationProblem[] = base.messages.map(({ severity, code, text: message }) => ({
    code: `rpm-${severity}/${code}`,
    severity: severity === 'notice' ? 'information' : severity,
    message,
    span: { start: 0, end: 0 },
    line: 0,
    macros: [],
  }));
  let reading = read(text, full, world, false, lua);
  let earlier: readonly PlacedChunk[] = [];
  let buildArch: string | undefined;
  if (reading.result === 'restart') {
    const arch = (reading.evaluator.state.buildArchs ?? []).find((name) => isCompatible(name, full.target.arch));
    if (arch === undefined) {
      reading.final.problems.push({ code: 'rpm-error/no-compatible-arch', severity: 'error', template: 'No compatible architectures found for build', span: reading.evaluator.lineSpan(), line: reading.evaluator.reader.lineNumber - 1, fixedLine: false, macros: [] });
    } else {
      earlier = reading.chunks;
      buildArch = arch;
      // rpm closes the file, so that its name is known once again only by the second reading.
      port.popFile();
      port.table.push('_target_cpu', arch, { level: macroLevel.rpmrc });
      reading = read(text, full, world, true, lua);
      port.table.pop('_target_cpu');
    }
  }
  const accepted = reading.result === 'end';
  const result: ReadingResult = {
    target: full.target,
    text,
    accepted,
    chunks: reading.chunks,
    earlier,
    state: reading.evaluator.state,
    table: port.table.copy(),
    context,
    buildArch,
    outsideProblems,
    finalProblems: reading.final,
    retired: (_, span) => span,
  };
  return new SpecEvaluation(result);
}

interface Reading {
  readonly result: RunResult;
  readonly chunks: readonly PlacedChunk[];
  readonly final: Chunk;
  readonly evaluator: Evaluator;
}

function read(text: string, inputs: FullInputs, world: World, recursing: boolean, lua: SpecLua | undefined): Reading {
  const chunks: PlacedChunk[] = [];
  let chunk = new Chunk(0, 0, 0);
  world.expander.begin(inputs.specName);
  const evaluator = new Evaluator(world, { name: inputs.specName, text, at: 0, lines: 0 }, chunk, recursing);
  if (lua !== undefined) lua.sources = () => evaluator.state.sources;
  let result: RunResult;
  const close = (): void => {
    const file = evaluator.reader.files[0];
    const at = file?.at ?? text.length;
    const lines = file?.lines ?? chunk.baseLine;
    chunk.close(at, lines);
    chunks.push({ chunk, start: chunk.base, line: chunk.baseLine, expandedStart: chunk.expandedBase });
  };
  do {
    result = evaluator.run(chunk.base + chunkSize);
    close();
    if (result === 'checkpoint') evaluator.chunk = chunk = new Chunk(chunk.end, chunk.endLine, chunk.expandedEnd);
  } while (result === 'checkpoint');
  // Stopped from outside rather than by the text.
  if (result === 'error' && world.limit !== undefined)
    chunk.problems.push({ code: 'rpm-error/limit', severity: 'error', template: `line ${lineMark}: ${world.limit}`, span: evaluator.reader.span, line: Math.max(evaluator.reader.lineNumber - 1, 0), fixedLine: false, macros: [] });
  const final = new Chunk(chunk.end, chunk.endLine, chunk.expandedEnd);
  if (result === 'end') {
    evaluator.chunk = final;
    if (!evaluator.finish()) result = 'error';
  }
  return { result, chunks, final, evaluator };
}

/** Everything outside the text, for one evaluation. */
class World implements EvaluatorWorld {
  readonly arch: string;
  readonly #version: number;
  readonly #known = new Map<string, boolean>();
  readonly #started: number;
  #polls = 0;
  /** Why reading was stopped, once it was. */
  limit: string | undefined;

  constructor(
    private readonly inputs: FullInputs,
    readonly expander: SpecExpander,
  ) {
    this.arch = inputs.target.arch;
    this.#version = rpmVersionNumber(inputs.target.rpmVersion);
    this.#started = inputs.clock?.now() ?? 0;
  }

  knows(since: string): boolean {
    let known = this.#known.get(since);
    if (known === undefined) this.#known.set(since, (known = this.#version >= rpmVersionNumber(since)));
    return known;
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

