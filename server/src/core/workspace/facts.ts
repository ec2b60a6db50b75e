import type { PatchTrace } from '../patches/index.js';

/** What is known about a package beyond its spec: plain data that was fetched elsewhere and reaches a snapshot from outside. */
export interface PackageFacts {
  /** Names of the files beside the spec and in SOURCES; undefined where nobody looked (a spec from standard input). */
  readonly files: ReadonlySet<string> | undefined;
  /** Folder of each file in `files`. */
  readonly folders: ReadonlyMap<string, string>;
  /** Traces by the patch's file name, as far as the store has them. */
  readonly traces: ReadonlyMap<string, PatchTrace>;
}

export const noFacts: PackageFacts = { files: undefined, folders: new Map(), traces: new Map() };
