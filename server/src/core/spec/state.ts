/** What rpm's parser remembers between two lines. Every part is immutable, so that a checkpoint is a shallow copy and two states can be compared. */
import type { Span } from '../text/index.js';
import type { Chunk } from './chunk.js';
import type { LineBuffer } from './lineReader.js';

export interface PackageState {
  /** What `-n` and sub-package names are compared with; undefined until the main package has a Name. */
  readonly name: string | undefined;
  /** Text of the header: canonical tag name to value. (A Map: as objects, headers of so many shapes would make V8 lay out a new one for nearly every tag.) For Summary, Group and %description in other languages, `Summary(de)`. */
  readonly header: ReadonlyMap<string, string>;
  /** `noarch` for a sub-package that says so. */
  readonly arch: string | undefined;
  readonly hasFiles: boolean;
  /** Scriptlets it has: `pre`, `post`, ... */
  readonly scripts: readonly string[];
}

export interface SourceState {
  readonly kind: 'source' | 'patch';
  readonly number: number;
  /** As declared. */
  readonly location: string;
  readonly fileName: string;
  /** `%{_sourcedir}/fileName`, expanded. */
  readonly path: string;
  readonly excluded: boolean;
}

/** A line kept until its section ends. */
export interface KeptLine {
  readonly text: string;
  readonly buffer: LineBuffer;
  readonly at: number;
}

/** What rpm will refuse a changelog for once the section has ended. */
export interface ChangelogFault {
  readonly message: string;
  /** Counts from the chunk. */
  readonly span: Span;
  readonly chunk: Chunk;
}

/** The section being read, with what its end needs. */
export type SectionState =
  | { readonly kind: 'preamble'; readonly package: number; readonly initial: boolean; readonly label: string }
  | { readonly kind: 'end' }
  /** Behind a header that rpm refuses: its lines belong to nothing. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'list'; readonly of: 'source' | 'patch'; readonly lines: KeptLine[] }
  | { readonly kind: 'prep'; readonly lines: KeptLine[] }
  | { readonly kind: 'script'; readonly name: string }
  | { readonly kind: 'changelog'; readonly entry: 'none' | 'header' | 'text'; readonly last: number | undefined; readonly fault: ChangelogFault | undefined }
  | { readonly kind: 'description'; readonly package: number; readonly language: string }
  | { readonly kind: 'scriptlet'; readonly name: string; readonly package: number; readonly program: readonly string[]; readonly condition: string | undefined; readonly empty: boolean; readonly expandsLater: boolean }
  | { readonly kind: 'files'; readonly package: number }
  | { readonly kind: 'policies'; readonly package: number };

export interface ParserState {
  readonly section: SectionState;
  readonly previousSection: string;
  readonly packages: readonly PackageState[];
  readonly sources: readonly SourceState[];
  readonly autoSource: number;
  readonly autoPatch: number;
  /** Build scripts that have been seen. */
  readonly scripts: readonly string[];
  readonly hasChangelog: boolean;
  /** ExcludeArch, ExclusiveArch, ExcludeOS, ExclusiveOS. */
  readonly restrictions: Readonly<Record<string, readonly string[]>>;
  readonly sourceLicense: string | undefined;
  readonly buildArchs: readonly string[] | undefined;
  /** A line could not be read, as a macro or an answer in it is not known: it may have said anything. */
  readonly unsure: boolean;
  /** Whether a preamble has ended. */
  readonly preambleDone: boolean;
}

export const initialState: ParserState = {
  section: { kind: 'preamble', package: 0, initial: true, label: '(main package)' },
  previousSection: 'end',
  packages: [{ name: undefined, header: new Map(), arch: undefined, hasFiles: false, scripts: [] }],
  sources: [],
  autoSource: -1,
  autoPatch: -1,
  scripts: [],
  hasChangelog: false,
  restrictions: {},
  sourceLicense: undefined,
  buildArchs: undefined,
  unsure: false,
  preambleDone: false,
};

/**
 * Names, among those of macros that a chunk touched, of the parts of the state that may differ without most of what follows
 * being another: whoever asks for one notes it. No macro has such a name.
 */
export const statePart = {
  unsure: '\0unsure',
  sources: '\0sources',
  package: (index: number) => `\0package ${index}`,
} as const;

/**
 * What two states differ in, as {@link statePart} names it; undefined where they differ in more than that: in the section,
 * in which packages and sources there are, or in what other packages are named after.
 */
export function stateDifferences(now: ParserState, then: ParserState): string[] | undefined {
  const differences: string[] = [];
  if (now.unsure !== then.unsure) differences.push(statePart.unsure);
  if (now.packages !== then.packages) {
    if (now.packages.length !== then.packages.length) return undefined;
    for (const [index, a] of now.packages.entries()) {
      const b = then.packages[index]!;
      if (a === b || sameValue(a, b)) continue;
      if (a.name !== b.name || a.header.get('Name') !== b.header.get('Name') || a.header.get('Version') !== b.header.get('Version')) return undefined;
      differences.push(statePart.package(index));
    }
  }
  if (now.sources !== then.sources) {
    if (now.sources.length !== then.sources.length) return undefined;
    let isOther = false;
    for (const [index, a] of now.sources.entries()) {
      const b = then.sources[index]!;
      if (a === b) continue;
      if (a.kind !== b.kind || a.number !== b.number || a.excluded !== b.excluded) return undefined;
      isOther ||= !sameValue(a, b);
    }
    if (isOther) differences.push(statePart.sources);
  }
  const rest = (state: ParserState) => ({ ...state, section: undefined, unsure: undefined, packages: undefined, sources: undefined });
  return sameValue(rest(now), rest(then)) ? differences : undefined;
}

/** Puts what a new reading has found otherwise into the states that an old one had further on. */
export class CarriedState {
  readonly #packages = new Map<PackageState, PackageState>();
  readonly #sources = new Map<SourceState, SourceState>();
  readonly #differs: boolean;
  #unsure: boolean;

  /** Two states at the same place, that differ as {@link stateDifferences} allows. */
  constructor(now: ParserState, then: ParserState) {
    now.packages.forEach((known, index) => known !== then.packages[index] && this.#packages.set(then.packages[index]!, known));
    now.sources.forEach((source, index) => source !== then.sources[index] && this.#sources.set(then.sources[index]!, source));
    this.#differs = now.unsure !== then.unsure;
    this.#unsure = now.unsure;
  }

  /** The old reading's state further on, behind chunks that were passed. */
  of(state: ParserState): ParserState {
    if (!this.#differs && this.#packages.size === 0 && this.#sources.size === 0) return state;
    return {
      ...state,
      unsure: this.#differs ? this.#unsure : state.unsure,
      packages: this.#packages.size === 0 ? state.packages : state.packages.map((known) => this.#packages.get(known) ?? known),
      sources: this.#sources.size === 0 ? state.sources : state.sources.map((source) => this.#sources.get(source) ?? source),
    };
  }

  /** Goes past a chunk, which touches nothing that differs. */
  pass(chunk: Chunk): void {
    this.#unsure ||= chunk.isUnsure;
  }
}

/** Whether two plain values are the same all the way down. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (a instanceof Map) return b instanceof Map && a.size === b.size && sameValue([...a], [...b]);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
