import type { Cancellation, Clock, FileReader, Host } from '../host.js';
import type { Settings } from '../settings.js';
import { type Evaluation, type EvaluationInputs, evaluateWhole } from '../spec/index.js';
import type { Target } from '../targets/index.js';
import { type DecodedText, LineIndex } from '../text/index.js';
import type { AnswerBook } from './answerBook.js';
import type { PackageFacts } from './facts.js';
import { LazyTree, type ParseSpec } from './lazyTree.js';
import type { SpecTree } from '../syntax/index.js';
import type { Snapshot } from './snapshot.js';
import { isEvaluated, unevaluated } from './unevaluated.js';

/** One text and all that is known around it. */
export interface SnapshotInput {
  readonly uri: string;
  readonly path: string | undefined;
  readonly version: number;
  readonly text: string;
  readonly encoding?: DecodedText['encoding'];
  /** The lines of `text`, where somebody has them already. */
  readonly lines?: LineIndex;
  readonly settings: Settings;
  readonly facts: PackageFacts;
  /** The primary one first; at least one. */
  readonly targets: readonly Target[];
  /** For %include, macro files, and to see which sources are there: reads the package's folders and no others. The same object as long as those are the same. */
  readonly files: FileReader;
  /** Folder of the package's sources, as `%{_sourcedir}`: rpmbuild's own default is a folder where nothing of the package is. */
  readonly sourceFolder?: string | undefined;
  /** What a command line adds to the settings: definitions, macro files, conditionals. */
  readonly inputs?: Pick<EvaluationInputs, 'definitions' | 'undefine' | 'with' | 'without' | 'macroFiles' | 'load' | 'timeLimit'>;
  /** The settings file that `settings` came from, to say where a macro was defined. */
  readonly settingsFile?: string | undefined;
  /** Leaves out what the text means: an earlier attempt did not come to an end. */
  readonly isWithheld?: boolean;
  readonly cancellation?: Cancellation;
}

/** How a text is read both ways; made once per process or thread. */
export interface SnapshotReaders {
  readonly parse: ParseSpec;
  /** Answers to `%(...)` and the Lua interpreter, as far as they were needed yet. */
  readonly book?: AnswerBook;
  readonly clock?: Clock;
  readonly machine?: Host['machine'];
}

let live = 0;
/** Key of a snapshot's tree, for the snapshot that comes after it. */
const treeKey = Symbol('tree');

/** How many snapshots of this thread were made and not released: what keeps trees in WebAssembly memory. */
export function liveSnapshots(): number {
  return live;
}

/**
 * Reads a text both ways; the tree only when somebody asks for it. What `previous`, a snapshot of an
 * earlier form of the same text with the same settings, knows is used as far as it is still true; it stays valid and has
 * still to be released by whoever holds it. Throws CancelledError, and then leaves nothing behind.
 */
export function createSnapshot(readers: SnapshotReaders, input: SnapshotInput, previous?: Snapshot): Snapshot {
  const { uri, path, version, text, settings, facts, encoding = 'utf-8', lines = new LineIndex(text) } = input;
  const evaluations = evaluateAll(readers, input, previous?.evaluations);
  const evaluation = evaluations[0];
  if (evaluation === undefined) throw new Error('a snapshot needs a target');
  const tree = new LazyTree(readers.parse, text, previous?.memo<LazyTree | undefined>(treeKey, () => undefined));
  return Object.freeze(new ReadText({ uri, path, version, text, encoding, lines, evaluations, evaluation, facts, settings }, tree));
}

/**
 * A class, and no object written with a getter: V8 gives every such object a shape of its own, which holds what the getter
 * sees, the text and all that was read out of it, until everything is collected, which it seldom does.
 */
class ReadText implements Snapshot {
  readonly uri: string;
  readonly path: string | undefined;
  readonly version: number;
  readonly text: string;
  readonly encoding: Snapshot['encoding'];
  readonly lines: LineIndex;
  readonly evaluations: readonly Evaluation[];
  readonly evaluation: Evaluation;
  readonly facts: Snapshot['facts'];
  readonly settings: Settings;
  readonly #tree: LazyTree;
  readonly #kept: Map<symbol, unknown>;
  #isLive = true;

  constructor(read: Omit<Snapshot, 'tree' | 'memo' | 'release'>, tree: LazyTree) {
    this.uri = read.uri;
    this.path = read.path;
    this.version = read.version;
    this.text = read.text;
    this.encoding = read.encoding;
    this.lines = read.lines;
    this.evaluations = read.evaluations;
    this.evaluation = read.evaluation;
    this.facts = read.facts;
    this.settings = read.settings;
    this.#tree = tree;
    this.#kept = new Map<symbol, unknown>([[treeKey, tree]]);
    live++;
  }

  get tree(): SpecTree {
    if (!this.#isLive) throw new Error('this snapshot was released');
    return this.#tree.get();
  }

  memo<T>(key: symbol, make: () => T): T {
    if (!this.#kept.has(key)) this.#kept.set(key, make());
    return this.#kept.get(key) as T;
  }

  release(): void {
    if (!this.#isLive) return;
    this.#isLive = false;
    live--;
    this.#tree.release();
  }
}

function evaluateAll(readers: SnapshotReaders, input: SnapshotInput, previous: readonly Evaluation[] = []): readonly Evaluation[] {
  return input.targets.map((target) => {
    if (input.isWithheld === true) return unevaluated(target);
    const before = previous.find((candidate) => candidate.target === target);
    return evaluateWhole(input.text, inputsOf(readers, input, target), before !== undefined && isEvaluated(before) ? before : undefined);
  });
}

function inputsOf(readers: SnapshotReaders, { path, settings, settingsFile, files, sourceFolder, inputs = {}, cancellation }: SnapshotInput, target: Target): EvaluationInputs {
  const { definitions = [], with: on = [], without: off = [], ...rest } = inputs;
  const fromSettings = Object.entries(settings.define).map(([name, body]) => ({ text: `${name} ${body}`, ...(settingsFile === undefined ? {} : { file: settingsFile }) }));
  const separator = path?.includes('/') === false ? '\\' : '/';
  const cut = path?.lastIndexOf(separator) ?? -1;
  return {
    target,
    // The command line comes last, so that it wins.
    definitions: [...(sourceFolder === undefined ? [] : [{ text: `_sourcedir ${sourceFolder.replaceAll('%', '%%')}` }]), ...fromSettings, ...definitions],
    with: [...settings.with, ...on],
    without: [...settings.without, ...off],
    files,
    ...(readers.book === undefined ? {} : { answers: readers.book.answersFor(target) }),
    ...(readers.book?.lua === undefined ? {} : { lua: readers.book.lua }),
    ...rest,
    ...(path === undefined ? {} : { specName: path, folder: path.slice(0, cut) || separator }),
    ...(readers.clock === undefined ? {} : { clock: readers.clock }),
    ...(readers.machine === undefined ? {} : { processors: readers.machine.processors }),
    ...(cancellation === undefined ? {} : { cancellation }),
  };
}
