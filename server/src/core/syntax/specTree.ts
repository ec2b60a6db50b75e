import type { Tree } from 'web-tree-sitter';
import type { Problem } from '../text/index.js';
import { type PairedConditionals, pairConditionals } from './conditionals.js';
import { type EarlierNodes, NodeTable, SyntaxNode } from './syntaxNode.js';
import { type Views, collectViews } from './views.js';

/**
 * The tree of one text. It lives in WebAssembly memory and must be released; using it afterwards throws. The views and
 * nodes it gave are plain data and stay good.
 */
export class SpecTree {
  /** The text that was parsed. */
  readonly text: string;
  readonly #kinds: Int16Array;
  readonly #released: () => void;
  #tree: Tree | undefined;
  #nodes: NodeTable | undefined;
  /** What can be taken from the tree this one was parsed from, until this one has nodes of its own. */
  #earlier: EarlierNodes | undefined;
  #views: Views | undefined;
  #conditionals: PairedConditionals | undefined;
  #errors: readonly Problem[] | undefined;

  /** @internal Trees are made by a parser. */
  constructor(tree: Tree, text: string, kinds: Int16Array, known: { readonly nodes: NodeTable | undefined; readonly earlier: EarlierNodes | undefined }, released: () => void) {
    this.#tree = tree;
    this.text = text;
    this.#kinds = kinds;
    this.#nodes = known.nodes;
    this.#earlier = known.earlier;
    this.#released = released;
  }

  get isReleased(): boolean {
    return this.#tree === undefined;
  }

  /** Frees the memory; a second call does nothing. */
  release(): void {
    if (this.#tree === undefined) return;
    this.#tree.delete();
    this.#tree = undefined;
    this.#nodes = undefined;
    this.#earlier = undefined;
    this.#views = undefined;
    this.#conditionals = undefined;
    this.#errors = undefined;
    this.#released();
  }

  /** Whether something is wrong with the text's form: {@link errors} is not empty. */
  get hasError(): boolean {
    return this.errors().length > 0;
  }

  /** What is opened and never closed, and preamble lines that no macro could make a tag of. */
  errors(): readonly Problem[] {
    return (this.#errors ??= collectErrors(this.table(), this.text));
  }

  get root(): SyntaxNode {
    return new SyntaxNode(this.table(), 0);
  }

  /** The innermost node that holds `offset`, its end not counted; the root where no other does. */
  nodeAt(offset: number): SyntaxNode {
    return new SyntaxNode(this.table(), this.table().at(offset));
  }

  /** All views; computed once. */
  get views(): Views {
    if (this.#views === undefined) this.#views = collectViews(this.table(), this.text);
    return this.#views;
  }

  /** The conditional lines of {@link views}, paired. */
  get conditionals(): PairedConditionals {
    return (this.#conditionals ??= pairConditionals(this.views.conditionalLines));
  }

  /** @internal */
  table(): NodeTable {
    if (this.#nodes === undefined) {
      this.#nodes = new NodeTable(this.native(), this.#kinds, this.#earlier);
      this.#earlier = undefined;
    }
    return this.#nodes;
  }

  /** @internal The nodes, if they have been read already. */
  tableIfRead(): NodeTable | undefined {
    return this.#nodes;
  }

  /** @internal */
  native(): Tree {
    if (this.#tree === undefined) throw new Error('this tree was released');
    return this.#tree;
  }
}

function collectErrors(nodes: NodeTable, text: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (let node = 0; node < nodes.count; node++) {
    const kind = nodes.kind(node);
    if (kind !== 'unclosed_macro' && kind !== 'invalid_line' && kind !== 'ERROR') continue;
    const span = { start: nodes.start(node), end: nodes.end(node) };
    const written = text.slice(span.start, span.end).trimEnd();
    if (kind === 'unclosed_macro') {
      // rpm's words, from expandMacro in rpmio/macro.c.
      problems.push({ code: 'unclosed-macro', severity: 'error', message: `Unterminated ${written.charAt(1)}: ${written.slice(1)}`, span });
    } else {
      // rpm's words, from parsePreamble.c.
      problems.push({ code: 'invalid-line', severity: 'error', message: `Unknown tag: ${written}`, span: { start: span.start, end: span.start + written.length } });
    }
  }
  return problems;
}
