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
