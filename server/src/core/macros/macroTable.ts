import type { DefinitionSite, MacroDefinition } from './definition.js';

/** One definition with those it hides; immutable but for the mark that it was used, which only definitions local to a macro call need. */
export class MacroEntry implements MacroDefinition {
  /** Looked up since it was made; rpm warns of local definitions that were not. */
  used = false;
  constructor(
    readonly name: string,
    readonly options: string | undefined,
    readonly body: string,
    readonly level: number,
    readonly site: DefinitionSite,
    /** The definition this one hides. */
    readonly previous: MacroEntry | undefined,
    readonly literal: boolean,
    /** Index in the table of builtins, -1 for a macro with a body. */
    readonly builtin: number,
    /** The body holds quoted arguments (the unit separators of `%{quote:}`). */
    readonly quoted: boolean,
    readonly tainted: boolean,
    /** Expanded at its first use, and a literal from then on. */
    readonly oneShot: boolean = false,
  ) {}
}

/** What {@link MacroTable.push} needs beyond name and body; all default to a plain definition at the global level. */
export interface PushOptions {
  readonly options?: string | undefined;
  readonly level?: number;
  readonly site?: DefinitionSite;
  readonly literal?: boolean;
  readonly builtin?: number;
  readonly quoted?: boolean;
  readonly tainted?: boolean;
}

const bits = 5;
const width = 1 << bits;
const mask = width - 1;

/** A node of the trie from name number to entry. Only the table that carries the same mark may change it in place. */
class Node {
  constructor(
    readonly owner: object,
    readonly slots: (Node | MacroEntry | undefined)[],
  ) {}
}

const unknownSite: DefinitionSite = { kind: 'automatic' };

/**
 * The definitions in force: for each name a stack. Changed in place by whoever holds it, copied in constant time:
 * copies share what they have in common, and a change copies only the few nodes above it. Names are numbered once for a
 * table and all its copies, so that looking up costs one hash of a name that is already hashed.
 */
export class MacroTable {
  #numbers: Map<string, number>;
  #root: Node;
  #shift: number;
  #owner: object = {};
  /** Where the names of macros asked for or changed are noted, for whoever wants to know what a text depends on; copies do not note. */
  touched: Set<string> | undefined = undefined;
  #count = 0;

  constructor() {
    this.#numbers = new Map();
    this.#root = new Node(this.#owner, []);
    this.#shift = bits;
  }

  /** An independent copy as of now, in constant time. Both go on sharing structure. */
  copy(): MacroTable {
    const copy = new MacroTable();
    copy.#numbers = this.#numbers;
    copy.#root = this.#root;
    copy.#shift = this.#shift;
    copy.#count = this.#count;
    // Neither may change a shared node in place any more.
    this.#owner = {};
    return copy;
  }

  /** The number of names that have a definition. */
  get size(): number {
    return this.#count;
  }

  /** The definition in force, or undefined. */
  get(name: string): MacroEntry | undefined {
    this.touched?.add(name);
    const number = this.#numbers.get(name);
    return number === undefined ? undefined : this.#at(number);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Puts a definition over the one in force. */
  push(name: string, body: string, options: PushOptions = {}): MacroEntry {
    return this.pushEntry(name, options.options, body, options.level ?? 0, options.site ?? unknownSite, options.literal ?? false, options.builtin ?? -1, options.quoted ?? false, options.tainted ?? false);
  }

  /** {@link push} without an options object, for where it is called for every line. */
  pushEntry(name: string, options: string | undefined, body: string, level: number, site: DefinitionSite, literal: boolean, builtin: number, quoted: boolean, tainted: boolean, oneShot = false): MacroEntry {
    this.touched?.add(name);
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(name, number);
    }
    const previous = this.#at(number);
    const entry = new MacroEntry(name, options, body, level, site, previous, literal, builtin, quoted, tainted, oneShot);
    if (previous === undefined) this.#count++;
    this.#set(number, entry);
    return entry;
  }

  /** Takes the definition in force away and returns it; what it hid is in force again. Undefined where there was none. */
  pop(name: string): MacroEntry | undefined {
    this.touched?.add(name);
    const number = this.#numbers.get(name);
    const entry = number === undefined ? undefined : this.#at(number);
    if (entry === undefined) return undefined;
    if (entry.previous === undefined) this.#count--;
    this.#set(number!, entry.previous);
    return entry;
  }

  /** Every name with a definition, in the order of their code units, as rpm lists them. */
  names(): string[] {
    // Whoever lists all depends on all.
    this.touched?.add('*');
    const names: string[] = [];
    for (const entry of this) names.push(entry.name);
    return names.sort();
  }

  /** The definitions in force, in no particular order. */
  *[Symbol.iterator](): Generator<MacroEntry, void, undefined> {
    const open: (Node | MacroEntry | undefined)[] = [this.#root];
    while (open.length > 0) {
      const next = open.pop();
      if (next instanceof Node) open.push(...next.slots);
      else if (next !== undefined) yield next;
    }
  }

  /**
   * Whether both mean the same: equal names, bodies, parameters and levels all the way down the stacks. Sites are not
   * compared: an edit moves them without changing a meaning. Quick where the tables share structure.
   */
  equals(other: MacroTable): boolean {
    if (this.#numbers === other.#numbers) return this.#count === other.#count && this.#shift === other.#shift ? equalNodes(this.#root, other.#root, this.#shift) : this.#equalsByName(other);
    return this.#equalsByName(other);
  }

  /**
   * Names whose definitions are not the same in both, or undefined where there are more than `most` or the tables do not
   * come from one another. Sites are not compared.
   */
  differences(other: MacroTable, most: number): string[] | undefined {
    if (this.#numbers !== other.#numbers || this.#shift !== other.#shift) return undefined;
    const names: string[] = [];
    return collectDifferences(this.#root, other.#root, this.#shift, names, most) ? names : undefined;
  }

  /** Puts another table's definitions of these names in place of this one's. */
  adopt(names: Iterable<string>, from: MacroTable): void {
    for (const name of names) {
      const number = this.#numbers.get(name);
      if (number === undefined) continue;
      const before = this.#at(number);
      const after = from.#at(number);
      if (before === after) continue;
      this.#count += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
      this.#set(number, after);
    }
  }

  #equalsByName(other: MacroTable): boolean {
    if (this.#count !== other.#count) return false;
    for (const entry of this) if (!equalStacks(entry, other.get(entry.name))) return false;
    return true;
  }

  #at(number: number): MacroEntry | undefined {
    let shift = this.#shift;
    if (number >>> (shift + bits) !== 0) return undefined;
    let node: Node | undefined = this.#root;
    for (; shift > 0 && node !== undefined; shift -= bits) node = node.slots[(number >>> shift) & mask] as Node | undefined;
    return node?.slots[number & mask] as MacroEntry | undefined;
  }

  #set(number: number, entry: MacroEntry | undefined): void {
    while (number >>> (this.#shift + bits) !== 0) {
      this.#root = new Node(this.#owner, [this.#root]);
      this.#shift += bits;
    }
    let node = (this.#root = this.#own(this.#root));
    for (let shift = this.#shift; shift > 0; shift -= bits) {
      const at = (number >>> shift) & mask;
      const child = this.#own(node.slots[at] as Node | undefined);
      node.slots[at] = child;
      node = child;
    }
    // Arrays stay dense, so that the engine keeps them compact.
    while (node.slots.length < (number & mask)) node.slots.push(undefined);
    node.slots[number & mask] = entry;
  }

  #own(node: Node | undefined): Node {
    if (node === undefined) return new Node(this.#owner, new Array<undefined>(width).fill(undefined));
    return node.owner === this.#owner ? node : new Node(this.#owner, node.slots.slice());
  }
}

function equalNodes(a: Node | undefined, b: Node | undefined, shift: number): boolean {
  if (a === b) return true;
  for (let i = 0; i < width; i++) {
    const x = a?.slots[i];
    const y = b?.slots[i];
    if (x === y) continue;
    if (shift > 0 ? !equalNodes(x as Node | undefined, y as Node | undefined, shift - bits) : !equalStacks(x as MacroEntry | undefined, y as MacroEntry | undefined)) return false;
  }
  return true;
}

function collectDifferences(a: Node | undefined, b: Node | undefined, shift: number, names: string[], most: number): boolean {
  if (a === b) return true;
  for (let i = 0; i < width; i++) {
    const x = a?.slots[i];
    const y = b?.slots[i];
    if (x === y) continue;
    if (shift > 0) {
      if (!collectDifferences(x as Node | undefined, y as Node | undefined, shift - bits, names, most)) return false;
    } else if (!equalStacks(x as MacroEntry | undefined, y as MacroEntry | undefined)) {
      if (names.length >= most) return false;
      names.push((x as MacroEntry | undefined)?.name ?? (y as MacroEntry).name);
    }
  }
  return true;
}

function equalStacks(a: MacroEntry | undefined, b: MacroEntry | undefined): boolean {
  for (; a !== b; a = a.previous, b = b.previous) {
    if (a === undefined || b === undefined) return false;
    if (a.name !== b.name || a.body !== b.body || a.options !== b.options || a.level !== b.level || a.literal !== b.literal || a.builtin !== b.builtin || a.quoted !== b.quoted || a.tainted !== b.tainted || a.oneShot !== b.oneShot) return false;
  }
  return true;
}
