import type { SpecTree } from '../syntax/index.js';

/** Parses a text, with an earlier text's tree where there is one. */
export type ParseSpec = (text: string, previous?: SpecTree) => SpecTree;

/**
 * The tree of one text, parsed when somebody asks for it: diagnostics after a keystroke do not. Until then the tree of
 * the newest earlier text that was parsed is kept alive, since parsing begins there.
 */
export class LazyTree {
  readonly #parse: ParseSpec;
  readonly #text: string;
  #base: LazyTree | undefined;
  #tree: SpecTree | undefined;
  #holders = 1;

  constructor(parse: ParseSpec, text: string, previous?: LazyTree) {
    this.#parse = parse;
    this.#text = text;
    // An earlier text that was never parsed has nothing to offer but what it would have begun with itself.
    const base = previous !== undefined && previous.#tree === undefined ? previous.#base : previous;
    if (base !== undefined && base.#holders > 0) {
      base.#holders++;
      this.#base = base;
    }
  }

  /** Throws where everybody has let go of it: that is a bug of whoever asks. */
  get(): SpecTree {
    if (this.#holders === 0) throw new Error('this snapshot was released');
    if (this.#tree === undefined) {
      const base = this.#base;
      this.#tree = this.#parse(this.#text, base === undefined ? undefined : base.#tree);
      this.#base?.release();
      this.#base = undefined;
    }
    return this.#tree;
  }

  release(): void {
    if (this.#holders === 0) return;
    this.#holders--;
    if (this.#holders > 0) return;
    this.#tree?.release();
    this.#tree = undefined;
    this.#base?.release();
    this.#base = undefined;
  }
}
