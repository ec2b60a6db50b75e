/**
 * What is written: the tree-sitter tree of a spec, its incremental edits, typed views of its nodes. The only importer of
 * web-tree-sitter. It never needs a macro's value and knows nothing of targets or evaluations.
 */

/** The tree of one text. Lives in WebAssembly memory and must be released. */
export interface SpecTree {
  /** Whether the text parsed without an error or a missing node. */
  readonly hasError: boolean;
  /** Frees the memory; a second call does nothing. */
  release(): void;
}
