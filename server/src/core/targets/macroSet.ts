/** Macro files as a set: which files belong to one, in what order rpm reads them, how a set is kept and used. */
import { type FileReader } from '../host.js';
import { macroPathFiles, rpmVersionNumber } from '../macros/index.js';
import type { MacroSetFile, Target, TargetMacro, TargetMacroSet } from './target.js';

/** An imported set as it is kept in the cache, one file each. */
export interface KeptMacroSet {
  readonly version: 1;
  readonly name: string;
  readonly label: string;
  readonly rpmVersion: string;
  /** What is assumed where nobody names an architecture; the files of the others are there too. */
  readonly arch: string;
  /** What it was read from, for people. */
  readonly source: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly imported: number;
  readonly files: readonly MacroSetFile[];
}

/** Where somebody's own macros are looked for. */
export interface UserFolders {
  readonly home: string;
  /** The folder of configuration, which may begin with `~`. */
  readonly config: string;
}

/** Those of an environment; undefined without a home. */
export function userFolders(environment: Readonly<Record<string, string | undefined>>): UserFolders | undefined {
  const { HOME: home, XDG_CONFIG_HOME: config } = environment;
  return home === undefined || home === '' ? undefined : { home, config: config || '~/.config' };
}

const oldUserPath = '~/.rpmmacros';

/** The file of somebody's own macros, as the macro path names it and as it is. Since 4.20 the folder of configuration goes before the home folder, where that has none of the old files. */
export function userMacroFile(files: FileReader, { home, config }: UserFolders, rpmVersion: string): { readonly path: string; readonly file: string } {
  const absolute = (path: string) => path.replace(/^~(?=\/|$)/, home);
  const isThere = (path: string) => files.stat(absolute(path)) !== undefined;
  const isOld = rpmVersionNumber(rpmVersion) < rpmVersionNumber('4.20') || (!isThere(`${config}/rpm`) && (isThere(oldUserPath) || isThere('~/.rpmrc')));
  const path = isOld ? oldUserPath : `${config}/rpm/macros`;
  return { path, file: absolute(path) };
}

/** Bytes of one macro file, and of all of a set, beyond which they are none. */
export const fileLimit = 4 << 20;
export const setLimit = 64 << 20;

/** Folders that hold nothing but what belongs to a set, and others where only some files do. */
const patterns: readonly RegExp[] = [
  /^\/usr\/lib\/rpm\/(?:macros|rpmrc|rpmpopt-[\d.]+)$/,
  /^\/usr\/lib\/rpm\/macros\.d\/[^/]+$/,
  /^\/usr\/lib\/rpm\/platform\/[^/]+\/macros$/,
  /^\/usr\/lib\/rpm\/fileattrs\/[^/]+\.attr$/,
  /^\/usr\/lib\/rpm\/[^/]+\/(?:macros[^/]*|rpmrc)$/,
  /^\/usr\/lib\/rpm\/lua\/(?:[^/]+\/){0,8}[^/]+\.lua$/,
  /^\/etc\/rpm\/(?:macros|macros\.[^/]+)$/,
  /^\/etc\/rpm\/[^/]+\/macros$/,
  /^\/etc\/rpmrc$/,
];

/** Whether a file of that absolute path belongs to a macro set. */
export function isMacroSetPath(path: string): boolean {
  return (path.startsWith('/usr/lib/rpm/') || path.startsWith('/etc/rpm')) && patterns.some((pattern) => pattern.test(path));
}

/** The version of rpm that a set's files tell: rpm's list of option aliases has it in its name. */
export function rpmVersionIn(paths: Iterable<string>): string | undefined {
  for (const path of paths) {
    const version = /^\/usr\/lib\/rpm\/rpmpopt-(\d+\.\d+(?:\.\d+)*)$/.exec(path)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** The set for an architecture: which of its files rpm reads there, in its order, and the flags of its rpmrc files. */
export function macroSetFor(files: readonly MacroSetFile[], { revision, arch, rpmVersion, user }: { readonly revision: string; readonly arch: string; readonly rpmVersion: string; readonly user?: { readonly path: string; readonly file: string } | undefined }): TargetMacroSet {
  const paths = new Set(files.map(({ path }) => path));
  // A distribution builds the name of its own folder into rpm; the file tells what it is called.
  const vendors = files.flatMap(({ path }) => /^\/usr\/lib\/rpm\/(?!macros\.d\/|platform\/|fileattrs\/|lua\/)([^/]+)\/macros$/.exec(path)?.[1] ?? []).sort();
  const path = [
    '/usr/lib/rpm/macros', '/usr/lib/rpm/macros.d/macros.*', '/usr/lib/rpm/platform/%{_target}/macros', '/usr/lib/rpm/fileattrs/*.attr',
    ...vendors.map((vendor) => `/usr/lib/rpm/${vendor}/macros`), '/etc/rpm/macros.*', '/etc/rpm/macros', '/etc/rpm/%{_target}/macros', user?.path ?? oldUserPath,
  ].join(':');
  const order = macroPathFiles(path.replaceAll('%{_target}', `${arch}-linux`), macroSetReader(files), '/', rpmVersion).filter((file) => paths.has(file));
  if (user !== undefined && paths.has(user.file)) order.push(user.file);
  // rpm sets these anew behind its files, whatever those say.
  const names: TargetMacro[] = [{ name: '_target', body: `${arch}-linux` }, { name: '_target_cpu', body: arch }, { name: '_target_os', body: 'linux' }];
  return { revision, files, path, order, last: [...names, ...compilerFlags(files, vendors, arch)] };
}

/** `optflags: ARCH FLAGS` of rpmrc: the last one read counts. */
function compilerFlags(files: readonly MacroSetFile[], vendors: readonly string[], arch: string): TargetMacro[] {
  let found: TargetMacro | undefined;
  for (const path of ['/usr/lib/rpm/rpmrc', ...vendors.map((vendor) => `/usr/lib/rpm/${vendor}/rpmrc`), '/etc/rpmrc']) {
    const file = files.find((one) => one.path === path);
    for (const [line, text] of (file?.text.split('\n') ?? []).entries()) {
      const [, named, flags] = /^optflags:\s*(\S+)\s+(.*?)\s*$/.exec(text) ?? [];
      if (named === arch) found = { name: 'optflags', body: flags!, file: path, line };
    }
  }
  return found === undefined ? [] : [found];
}

const readers = new WeakMap<readonly MacroSetFile[], FileReader>();

/** Reads the files of a set by the names they have there, and nothing else. */
export function macroSetReader(files: readonly MacroSetFile[]): FileReader {
  const known = readers.get(files);
  if (known !== undefined) return known;
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const folders = new Map<string, Set<string>>();
  for (const { path } of files) {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const folder = parts.slice(0, i).join('/') || '/';
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[i]!));
    }
  }
  const folder = (path: string) => folders.get(path.length > 1 ? path.replace(/\/+$/, '') : path);
  const encoder = new TextEncoder();
  const reader: FileReader = {
    read(path, limit = Number.POSITIVE_INFINITY) {
      const text = texts.get(path);
      const bytes = text === undefined ? undefined : encoder.encode(text);
      return bytes === undefined || bytes.length > limit ? undefined : bytes;
    },
    stat(path) {
      const text = texts.get(path);
      if (text !== undefined) return { kind: 'file', size: text.length, modified: 0 };
      return folder(path) === undefined ? undefined : { kind: 'directory', size: 0, modified: 0 };
    },
    list: (path) => [...(folder(path) ?? [])].sort(),
  };
  readers.set(files, reader);
  return reader;
}

/** rpm's own folders. */
const ownFolders = /^\/(?:usr\/lib\/rpm|etc\/rpm)(?:\/|$)/;

const overlays = new WeakMap<FileReader, WeakMap<readonly MacroSetFile[], FileReader>>();

/**
 * What an evaluation for a target may read: below rpm's own folders the files of the target's set and no others, so that this
 * machine's macro files never get into what another distribution means; elsewhere what `files` reads.
 */
export function filesOfTarget({ set }: Target, files: FileReader): FileReader {
  if (set === undefined) return files;
  let known = overlays.get(files);
  if (known === undefined) overlays.set(files, (known = new WeakMap()));
  let reader = known.get(set.files);
  if (reader === undefined) {
    const own = macroSetReader(set.files);
    const elsewhere = new Set(set.files.map(({ path }) => path).filter((path) => !ownFolders.test(path)));
    const of = (path: string): FileReader => (ownFolders.test(path) || elsewhere.has(path) ? own : files);
    reader = { read: (path, limit) => of(path).read(path, limit), stat: (path) => of(path).stat(path), list: (path) => of(path).list(path) };
    known.set(set.files, reader);
  }
  return reader;
}

/** The package that brings a macro file of the target; undefined where that is not known. */
export function packageOfFile({ set }: Target, path: string): string | undefined {
  return set?.files.find((file) => file.path === path)?.package;
}

/** A kept set out of the bytes of its file; undefined where they are none, or of a form that is not known. */
export function parseKeptSet(bytes: Uint8Array): KeptMacroSet | undefined {
  try {
    const set = JSON.parse(new TextDecoder().decode(bytes)) as KeptMacroSet;
    return set.version === 1 && Array.isArray(set.files) && [set.name, set.label, set.rpmVersion, set.arch].every((text) => typeof text === 'string') ? set : undefined;
  } catch {
    return undefined;
  }
}
