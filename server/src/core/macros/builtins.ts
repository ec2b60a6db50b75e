import { rpmVersionNumber } from './features.js';

/** One macro that rpm implements itself. */
export interface Builtin {
  readonly name: string;
  /** 1: needs an argument; 0: takes none; -1: as one likes. */
  readonly arguments: -1 | 0 | 1;
  /** Reads its argument itself: it is neither expanded nor split, and without braces it may take the rest of the text. */
  readonly raw: boolean;
  /** The first version that has it. */
  readonly since: string;
  /** The first version that no longer has it. */
  readonly until?: string;
}

/** Every builtin of every version, in the order of rpm's table. `since` 4.11 means: from the first version we know. */
export const builtins: readonly Builtin[] = [
  { name: 'F', arguments: 1, raw: false, since: '4.11', until: '4.16' },
  { name: 'P', arguments: 1, raw: false, since: '4.11' },
  { name: 'S', arguments: 1, raw: false, since: '4.11' },
  { name: 'basename', arguments: 1, raw: false, since: '4.11' },
  { name: 'define', arguments: 1, raw: true, since: '4.11' },
  { name: 'dirname', arguments: 1, raw: false, since: '4.11' },
  { name: 'dnl', arguments: 1, raw: true, since: '4.15' },
  { name: 'dump', arguments: 0, raw: false, since: '4.11' },
  { name: 'echo', arguments: 1, raw: false, since: '4.11' },
  { name: 'error', arguments: 1, raw: false, since: '4.11' },
  { name: 'exists', arguments: 1, raw: false, since: '4.17' },
  { name: 'expand', arguments: 1, raw: false, since: '4.11' },
  { name: 'expr', arguments: 1, raw: false, since: '4.15' },
  { name: 'getconfdir', arguments: 0, raw: false, since: '4.11' },
  { name: 'getenv', arguments: 1, raw: false, since: '4.11' },
  { name: 'getncpus', arguments: 0, raw: false, since: '4.15', until: '4.19' },
  { name: 'getncpus', arguments: -1, raw: false, since: '4.19' },
  { name: 'global', arguments: 1, raw: true, since: '4.11' },
  { name: 'gsub', arguments: 1, raw: false, since: '4.19' },
  { name: 'len', arguments: 1, raw: false, since: '4.19' },
  { name: 'load', arguments: 1, raw: false, since: '4.12' },
  { name: 'lower', arguments: 1, raw: false, since: '4.19' },
  { name: 'lua', arguments: 1, raw: true, since: '4.11' },
  { name: 'macrobody', arguments: 1, raw: false, since: '4.16' },
  { name: 'quote', arguments: 1, raw: false, since: '4.14' },
  { name: 'rep', arguments: 1, raw: false, since: '4.19' },
  { name: 'reverse', arguments: 1, raw: false, since: '4.19' },
  { name: 'rpmversion', arguments: 0, raw: false, since: '4.19' },
  { name: 'shrink', arguments: 1, raw: false, since: '4.14' },
  { name: 'span', arguments: 1, raw: false, since: '6.0' },
  { name: 'sub', arguments: 1, raw: false, since: '4.19' },
  { name: 'suffix', arguments: 1, raw: false, since: '4.11' },
  { name: 'trace', arguments: 0, raw: false, since: '4.11' },
  { name: 'u2p', arguments: 1, raw: false, since: '4.11' },
  { name: 'shescape', arguments: 1, raw: false, since: '4.18' },
  { name: 'uncompress', arguments: 1, raw: false, since: '4.11' },
  { name: 'undefine', arguments: 1, raw: false, since: '4.11' },
  { name: 'upper', arguments: 1, raw: false, since: '4.19' },
  { name: 'url2path', arguments: 1, raw: false, since: '4.11' },
  { name: 'verbose', arguments: -1, raw: true, since: '4.11' },
  { name: 'warn', arguments: 1, raw: false, since: '4.11' },
  { name: 'xdg', arguments: 1, raw: false, since: '6.0' },
];

/** Indices of the builtins that a version of rpm has. */
export function builtinsOf(rpmVersion: string): number[] {
  const version = rpmVersionNumber(rpmVersion);
  const indices: number[] = [];
  builtins.forEach(({ since, until }, index) => {
    if (version >= rpmVersionNumber(since) && (until === undefined || version < rpmVersionNumber(until))) indices.push(index);
  });
  return indices;
}

/** Names of the builtins that a version of rpm has. */
export function builtinNames(rpmVersion: string): ReadonlySet<string> {
  return new Set(builtinsOf(rpmVersion).map((index) => builtins[index]!.name));
}
