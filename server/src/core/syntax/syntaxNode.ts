import type { Language, Tree, TreeCursor } from 'web-tree-sitter';
import type { Span } from '../text/index.js';
import { type NodeKind, nodeKinds } from './kinds.js';

/** What the parser puts around text it could not read; the grammar takes every text, so that none is expected. */
export type AnyKind = NodeKind | 'ERROR';

const kindNames: readonly AnyKind[] = [...nodeKinds, 'ERROR'];
const kindNumbers = new Map<string, number>(kindNames.map((name, number) => [name, number]));
const errorKind = kindNames.length - 1;

/** From the language's node types to our kinds; -1 for what has no name. */
export function kindTable(language: Language): Int16Array {
  const table = new Int16Array(language.nodeTypeCount).fill(-1);
  for (let id = 0; id < table.length; id++) {
    const name = language.nodeTypeForId(id);
    if (name !== null && language.nodeTypeIsNamed(id)) table[id] = kindNumbers.get(name) ?? -1;
  }
  return table;
}

/** What a new table may take from the table of the tree that its own was parsed from. */
export interface EarlierNodes {
  readonly table: NodeTable;
  /** The edit between the two texts: `start` to `oldEnd` of the earlier one became `start` to `newEnd`. */
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
  /** Where the new tree has another structure, by the parser's own comparison; spans of the new text. */
  readonly changed: readonly Span[];
}

/**
 * All named nodes of one tree as plain arrays in the order of the text, parents before children. Reading them is quick
 * and needs no WebAssembly memory. Walking a tree is slow, since every step is a call: sections and lines that an edit
 * left alone are copied from the earlier tree's table.
 */
export class NodeTable {
  #count = 0;
  #kinds = new Uint8Array(256);
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  /** The number behind the last node inside. */
  #limits = new Int32Array(256);
  #parents = new Int32Array(256);

  constructor(tree: Tree, table: Int16Array, earlier?: EarlierNodes) {
    const cursor = tree.walk();
    try {
      let parent = -1;
      for (let depth = 0; ; ) {
        const number = this.#count;
        // Sections and their lines are worth looking for; what lies deeper comes with them.
        const known = earlier !== undefined && (depth === 1 || depth === 2) ? findKnown(earlier, cursor, depth, this.#kindOf(cursor, table)) : -1;
        if (known >= 0) this.#copy(earlier!.table, known, cursor.startIndex, parent);
        else if (this.#visit(cursor, table, parent)) {
          depth++;
          parent = number;
          continue;
        }
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return;
          depth--;
          this.#limits[parent] = this.#count;
          parent = this.#parents[parent]!;
        }
      }
    } finally {
      cursor.delete();
    }
  }

  /** Adds the cursor's node; whether the cursor went on to a child of it. */
  #visit(cursor: TreeCursor, table: Int16Array, parent: number): boolean {
    this.#reserve(1);
    const number = this.#count++;
    this.#kinds[number] = this.#kindOf(cursor, table);
    this.#starts[number] = cursor.startIndex;
    this.#ends[number] = cursor.endIndex;
    this.#parents[number] = parent;
    this.#limits[number] = number + 1;
    return cursor.gotoFirstChild();
  }

  #kindOf(cursor: TreeCursor, table: Int16Array): number {
    const type = cursor.nodeTypeId;
    // The parser's own error node has the number 65535.
    const kind = type < table.length ? table[type]! : errorKind;
    return kind < 0 ? errorKind : kind;
  }

  /** Adds the node `first` of another table, with what lies below it, at `start`. */
  #copy(from: NodeTable, first: number, start: number, parent: number): void {
    const last = from.#limits[first]!;
    this.#reserve(last - first);
    const to = this.#count;
    const move = to - first;
    const shift = start - from.#starts[first]!;
    this.#kinds.set(from.#kinds.subarray(first, last), to);
    for (let node = first; node < last; node++) {
      this.#starts[node + move] = from.#starts[node]! + shift;
      this.#ends[node + move] = from.#ends[node]! + shift;
      this.#limits[node + move] = from.#limits[node]! + move;
      this.#parents[node + move] = from.#parents[node]! + move;
    }
    this.#parents[to] = parent;
    this.#count += last - first;
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#kinds.length) return;
    const size = Math.max(needed, 2 * this.#kinds.length);
    const grown = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(size);
      larger.set(array);
      return larger;
    };
    const kinds = new Uint8Array(size);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#limits = grown(this.#limits);
    this.#parents = grown(this.#parents);
  }

  /** The node of that kind that goes from `start` to `end`, below the root (depth 1) or below a section (depth 2); -1 where there is none. */
  find(start: number, end: number, depth: number, kind: number): number {
    let low = 1;
    let high = this.#count;
    // Starts never decrease in the order of the nodes.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! < start) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#count && this.#starts[low] === start; low++) {
      if (this.#ends[low] !== end || this.#kinds[low] !== kind) continue;
      const parent = this.#parents[low]!;
      if (depth === 1 ? parent === 0 : parent > 0 && this.#parents[parent] === 0) return low;
    }
    return -1;
  }

  get count(): number {
    return this.#count;
  }

  kind(node: number): AnyKind {
    return kindNames[this.#kinds[node]!]!;
  }

  start(node: number): number {
    return this.#starts[node]!;
  }

  end(node: number): number {
    return this.#ends[node]!;
  }

  /** -1 for the root. */
  parent(node: number): number {
    return this.#parents[node]!;
  }

  /** The first number that is neither the node nor inside it. */
  limit(node: number): number {
    return this.#limits[node]!;
  }

  /** The first child of that kind, or -1. */
  child(node: number, kind: NodeKind): number {
    const wanted = kindNumbers.get(kind)!;
    for (let child = node + 1, end = this.#limits[node]!; child < end; child = this.#limits[child]!) {
      if (this.#kinds[child] === wanted) return child;
    }
    return -1;
  }

  /** The innermost node that holds `offset`, its end not counted; the root where none does. */
  at(offset: number): number {
    let node = 0;
    for (let child = 1; child < this.#limits[node]!; ) {
      if (this.#starts[child]! > offset) break;
      if (offset < this.#ends[child]!) {
        node = child;
        child++;
      } else {
        child = this.#limits[child]!;
      }
    }
    return node;
  }
}

/** The number, in the earlier table, of the node that the cursor stands on, where neither it nor what is next to it was touched; else -1. */
function findKnown({ table, start, oldEnd, newEnd, changed }: EarlierNodes, cursor: TreeCursor, depth: number, kind: number): number {
  const from = cursor.startIndex;
  const to = cursor.endIndex;
  if (from <= newEnd && start <= to) return -1;
  for (const span of changed) if (from <= span.end && span.start <= to) return -1;
  const shift = from > newEnd ? oldEnd - newEnd : 0;
  return table.find(from + shift, to + shift, depth, kind);
}

/** One named node; plain data, of use after its tree was released. */
export class SyntaxNode {
  readonly #table: NodeTable;
  readonly #number: number;

  /** @internal */
  constructor(table: NodeTable, number: number) {
    this.#table = table;
    this.#number = number;
  }

  get kind(): AnyKind {
    return this.#table.kind(this.#number);
  }

  get start(): number {
    return this.#table.start(this.#number);
  }

  get end(): number {
    return this.#table.end(this.#number);
  }

  /** Undefined for the root. */
  get parent(): SyntaxNode | undefined {
    const parent = this.#table.parent(this.#number);
    return parent < 0 ? undefined : new SyntaxNode(this.#table, parent);
  }

  get children(): readonly SyntaxNode[] {
    const children: SyntaxNode[] = [];
    for (let child = this.#number + 1, end = this.#table.limit(this.#number); child < end; child = this.#table.limit(child)) {
      children.push(new SyntaxNode(this.#table, child));
    }
    return children;
  }

  /** The first child of that kind, if there is one. */
  child(kind: NodeKind): SyntaxNode | undefined {
    const child = this.#table.child(this.#number, kind);
    return child < 0 ? undefined : new SyntaxNode(this.#table, child);
  }

  /** The node itself or the nearest one around it of one of these kinds. */
  closest(...kinds: readonly NodeKind[]): SyntaxNode | undefined {
    for (let node = this.#number; node >= 0; node = this.#table.parent(node)) {
      if ((kinds as readonly string[]).includes(this.#table.kind(node))) return new SyntaxNode(this.#table, node);
    }
    return undefined;
  }

  /** Every node inside of one of these kinds, in the order of the text. */
  descendants(...kinds: readonly NodeKind[]): readonly SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let node = this.#number + 1, end = this.#table.limit(this.#number); node < end; node++) {
      if ((kinds as readonly string[]).includes(this.#table.kind(node))) found.push(new SyntaxNode(this.#table, node));
    }
    return found;
  }
}
