import { Edit, Language, Parser, type Point, type Tree } from 'web-tree-sitter';
import { type EarlierNodes, type NodeTable, kindTable } from './syntaxNode.js';
import { SpecTree } from './specTree.js';

/** The two WebAssembly modules, as bytes: `core` reads no files. */
export interface ParserBytes {
  /** web-tree-sitter.wasm. */
  readonly runtime: Uint8Array;
  /** tree-sitter-rpmspec.wasm. */
  readonly grammar: Uint8Array;
}

/** web-tree-sitter has one runtime for the whole thread, started once. */
let runtime: Promise<void> | undefined;

/** Parses specs. One a thread is enough: trees cannot cross threads. */
export class SpecParser {
  readonly #parser: Parser;
  readonly #kinds: Int16Array;
  #liveTrees = 0;

  private constructor(language: Language) {
    this.#parser = new Parser();
    this.#parser.setLanguage(language);
    this.#kinds = kindTable(language);
  }

  /** Rejects where the bytes are no such modules. */
  static async create({ runtime: wasmBinary, grammar }: ParserBytes): Promise<SpecParser> {
    runtime ??= Parser.init({ wasmBinary: bufferOf(wasmBinary) }).catch((error: unknown) => {
      runtime = undefined;
      throw error;
    });
    await runtime;
    return new SpecParser(await Language.load(grammar));
  }

  /** Trees that were made and not yet released. */
  get liveTrees(): number {
    return this.#liveTrees;
  }

  /**
   * Parses a text; any text has a tree. Given the tree of an earlier form of the text, only what changed is parsed: the change
   * is found by comparing the two. The earlier tree stays as it is and is the caller's to release.
   */
  parse(text: string, previous?: SpecTree): SpecTree {
    if (previous === undefined) return this.#keep(this.#parser.parse(text), text);
    const edited = previous.native().copy();
    const edit = difference(previous.text, text);
    // Parsing an unchanged text would still look at each of its lines.
    if (edit === undefined) return this.#keep(edited, text, undefined, previous.tableIfRead());
    try {
      edited.edit(edit);
      const tree = this.#parser.parse(text, edited);
      const table = previous.tableIfRead();
      if (tree === null || table === undefined) return this.#keep(tree, text);
      return this.#keep(tree, text, {
        table,
        start: edit.startIndex,
        oldEnd: edit.oldEndIndex,
        newEnd: edit.newEndIndex,
        changed: edited.getChangedRanges(tree).map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex })),
      });
    } finally {
      edited.delete();
    }
  }

  #keep(tree: Tree | null, text: string, earlier?: EarlierNodes, nodes?: NodeTable): SpecTree {
    // Null is for parsers without a language and for parses that were stopped.
    if (tree === null) throw new Error('the parser gave no tree');
    this.#liveTrees++;
    return new SpecTree(tree, text, this.#kinds, { nodes, earlier }, () => this.#liveTrees--);
  }

  /** Frees the parser; trees live on. */
  release(): void {
    this.#parser.delete();
  }
}

const block = 4096;

/** The one edit between two texts: what is left between their common start and common end. */
function difference(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  // Whole blocks are compared by the engine, at the speed of memory.
  let start = 0;
  while (start + block <= shorter && before.slice(start, start + block) === after.slice(start, start + block)) start += block;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  const behind = shorter - start;
  while (tail + block <= behind && before.slice(before.length - tail - block, before.length - tail) === after.slice(after.length - tail - block, after.length - tail)) tail += block;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  // A surrogate pair is one character to the parser.
  if (isTrail(before.charCodeAt(start)) || isTrail(after.charCodeAt(start))) start = Math.max(0, start - 1);
  if (tail > 0 && isTrail(after.charCodeAt(after.length - tail))) tail--;
  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  const startPosition = pointAfter(after, 0, start, { row: 0, column: 0 });
  return new Edit({
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition,
    oldEndPosition: pointAfter(before, start, oldEnd, startPosition),
    newEndPosition: pointAfter(after, start, newEnd, startPosition),
  });
}

function isTrail(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function pointAfter(text: string, from: number, to: number, point: Point): Point {
  let row = point.row;
  let lineStart = from - point.column;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: to - lineStart };
}

/** The runtime wants a buffer of its own, not a view into a larger one. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
