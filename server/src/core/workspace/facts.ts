import { type AftermathNews, type Decision, type PatchDecisions, type PatchTrace, aftermathNews } from '../patches/index.js';

/** What is known about a package beyond its spec: plain data that was fetched elsewhere and reaches a snapshot from outside. */
export interface PackageFacts {
  /** Names of the files beside the spec and in SOURCES; undefined where nobody looked (a spec from standard input). */
  readonly files: ReadonlySet<string> | undefined;
  /** Folder of each file in `files`. */
  readonly folders: ReadonlyMap<string, string>;
  /** Traces by the patch's file name, as far as the store has them, else as far as the lock does. */
  readonly traces: ReadonlyMap<string, PatchTrace>;
  /** What people decided about patches, by the file's name. Only of patches that are what they were then. */
  readonly decisions: ReadonlyMap<string, PatchDecisions>;
}

export const noFacts: PackageFacts = { files: undefined, folders: new Map(), traces: new Map(), decisions: new Map() };

/** The decision that holds about one change of a patch; undefined where nobody decided, or the waiver has ended. */
export function decisionOn({ decisions }: Pick<PackageFacts, 'decisions'>, fileName: string, change: number): Decision | undefined {
  return decisions.get(fileName)?.changes[change];
}

/** Whether a decision holds about every change of a patch: nobody is asked about it again. */
export function isSettled({ decisions }: Pick<PackageFacts, 'decisions'>, fileName: string): boolean {
  const changes = decisions.get(fileName)?.changes;
  return changes !== undefined && changes.length > 0 && changes.every((decision) => decision !== undefined);
}

/**
 * What became of a patch's origin and asks for attention, but for changes that somebody decided on: ours on purpose, or waived
 * for now. That an adapted form was accepted speaks of how it differs from its origin, not of what upstream did later.
 */
export function newsOf(facts: PackageFacts, fileName: string): AftermathNews {
  const all = facts.traces.get(fileName)?.changes ?? [];
  const open = all.filter((_, i) => (decisionOn(facts, fileName, i)?.kind ?? 'accepted') === 'accepted');
  const news = aftermathNews({ changes: open });
  return open.length === all.length ? news : { ...news, containedIn: undefined };
}
