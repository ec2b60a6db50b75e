import type { Language, Tree } from 'web-tree-sitter';
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

/**
 * All named nodes of one tree as plain arrays in the order of the text, parents before children. Reading them is quick
 * and needs no WebAssembly memory.
 */
export class NodeTable {
  readonly count: number;
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** The number behind the last node inside. */
  readonly #limits: Int32Array;
  readonly #parents: Int32Array;

  constructor(tree: Tree, table: Int16Array) {
    const kinds: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    const parents: number[] = [];
    const limits: number[] = [];
    const open: number[] = [];
    const cursor = tree.walk();
    try {
      for (;;) {
        const type = cursor.nodeTypeId;
        // The parser's own error node has the number 65535.
        const kind = type < table.length ? table[type]! : errorKind;
        const number = kinds.length;
        kinds.push(kind < 0 ? errorKind : kind);
        starts.push(cursor.startIndex);
        ends.push(cursor.endIndex);
        parents.push(open.length > 0 ? open[open.length - 1]! : -1);
        limits.push(number + 1);
        if (cursor.gotoFirstChild()) {
          open.push(number);
          continue;
        }
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) {
            this.count = kinds.length;
            this.#kinds = Uint8Array.from(kinds);
            this.#starts = Int32Array.from(starts);
            this.#ends = Int32Array.from(ends);
            this.#parents = Int32Array.from(parents);
            this.#limits = Int32Array.from(limits);
            return;
          }
          limits[open.pop()!] = kinds.length;
        }
      }
    } finally {
      cursor.delete();
    }
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
