/**
 * The interfaces to the world. `core` asks for everything it cannot compute through these; `server/src/node` implements
 * them, tests have in-memory twins in `test/support`. This file holds types and the few constants that belong to them.
 */

/** Asks work to stop. Whoever works polls it; it never fires a callback, so that it can be a flag in shared memory. */
export interface Cancellation {
  readonly isCancelled: boolean;
}

/** For work that nobody cancels. */
export const neverCancelled: Cancellation = { isCancelled: false };

/** Thrown out of cancelled work; never shown to a person. */
export class CancelledError extends Error {
  readonly code = 'cancelled';
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

/** Throws {@link CancelledError} when the work is no longer wanted. */
export function checkCancelled(cancellation: Cancellation): void {
  if (cancellation.isCancelled) throw new CancelledError();
}

/** The world failed us (no git, unreadable file, no answer): one stable code, one sentence that says what to do. */
export class HostError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
  }
}

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

/** Where lines for the log go; the message is one line, without a trailing line break. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} };

export interface FileStat {
  readonly kind: 'file' | 'directory';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modified: number;
}

/**
 * Reading files, at once. The evaluation and the linter run in a thread of their own, where blocking is harmless, and
 * must be synchronous. Paths are absolute. What lies outside the folders the host was given is not there.
 */
export interface FileReader {
  /** The bytes, or undefined where there is no such readable file or it is larger than `limit` bytes. */
  read(path: string, limit?: number): Uint8Array | undefined;
  /** Undefined where there is nothing at that path; symbolic links are followed. */
  stat(path: string): FileStat | undefined;
  /** Names in a folder, sorted by code unit; empty where there is no such folder. */
  list(path: string): readonly string[];
}

export const noFiles: FileReader = { read: () => undefined, stat: () => undefined, list: () => [] };

/** Where a repository is, checked to be nothing that git would read as an option or a command (`parseLocation` makes them). */
export interface RepositoryLocation {
  /** Path or URL, without the user's name for it and without a branch. */
  readonly location: string;
  /** `local`: a path or `file:` URL of this machine; `remote`: must be fetched. */
  readonly kind: 'local' | 'remote';
}

/** A folder of this machine that git works in: the user's own repository, or our copy of a remote one in the cache. */
export interface GitRepository {
  readonly location: RepositoryLocation;
  /** Absolute path of the git directory (`.git` or a bare repository). */
  readonly directory: string;
  /**
   * A short text that changes whenever a branch or tag of the repository moves, learned from its files without running
   * git: equal texts mean that everything read before is still true.
   */
  readonly state: string;
}

export interface GitReadOptions {
  /** Written to git's standard input, then closed. */
  readonly input?: string | Uint8Array;
  readonly cancellation?: Cancellation;
  /** Seconds without a byte after which git is ended (`repository-not-answering`). */
  readonly silence?: number;
}

export interface GitOpenOptions {
  /** Branches or tags wanted of a remote repository, short names; undefined for every branch and tag with all history. */
  readonly refs?: readonly string[];
  /**
   * For remote locations. `never`: only what the cache has already; `missing`: fetch what was never fetched;
   * `refresh`: also ask whether it moved. Whoever passes anything but `never` was allowed to by the user, for this location.
   */
  readonly network: 'never' | 'missing' | 'refresh';
  readonly cancellation?: Cancellation;
  /** Seconds without a byte from the other side after which it is given up (`repository-not-answering`). */
  readonly silence?: number;
}

/**
 * The user's git. Every failure is a {@link HostError} with one of the codes `git-missing`, `git-too-old`, `git-failed`,
 * `repository-missing`, `repository-not-answering`, `repository-unreadable`, `not-fetched` (offline, and the cache has no
 * copy), `bad-location`, `bad-ref`, `object-missing`.
 */
export interface Git {
  /**
   * Finds the repository at a location without running git or touching the network: a local repository, or the cache's
   * copy of a remote one. Undefined where there is none yet. Throws only `bad-location`.
   */
  locate(location: RepositoryLocation): GitRepository | undefined;
  /** Finds it, fetching a remote one into the cache as far as the options allow. */
  open(location: RepositoryLocation, options: GitOpenOptions): Promise<GitRepository>;
  /**
   * Standard output of one git command that only reads. `args` begin with the command's name; what comes from documents
   * stands behind `--end-of-options`. Bytes already given stay true when it throws at the end.
   */
  read(repository: GitRepository, args: readonly string[], options?: GitReadOptions): AsyncIterable<Uint8Array>;
  /** Who the user is to git in this folder, as `Name <address>`; undefined where they never said so, or git is not there. */
  identity(folder: string): Promise<string | undefined>;
}

export interface StoreEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** One entry to be written; without a value it is taken out. */
export interface StoreChange {
  readonly table: string;
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/**
 * What is kept from one run to the next: named tables of keys and bytes, asynchronous and batched, so that the same
 * interface fits an embedded file and a database server. Several processes may have one store open. Failures are
 * {@link HostError}s with the codes `store-locked`, `store-unwritable`, `store-newer`.
 */
export interface Store {
  /** Values in the order of their keys, undefined for those that are not there. */
  get(table: string, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Entries whose key begins with `prefix`, ascending by code unit, at most `limit`, behind the key `after` where given. */
  scan(table: string, prefix: string, options?: { readonly after?: string; readonly limit?: number }): Promise<readonly StoreEntry[]>;
  /**
   * Writes all changes or none. With `expect`, only if every entry there still has that value (undefined: is absent);
   * false when one has not, because another process was quicker.
   */
  write(changes: readonly StoreChange[], expect?: readonly StoreChange[]): Promise<boolean>;
  /**
   * Takes a piece of work (letters, digits and hyphens) for oneself: undefined while another has it. Whoever ends, killed
   * included, has it no longer.
   */
  claim(work: string): Promise<Claim | undefined>;
  /** Sentences about what is damaged in the file itself; none where all is well. */
  check(): Promise<readonly string[]>;
  /** Gives back the space of what was taken out. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export interface Claim {
  release(): Promise<void>;
}

export interface ArchiveEntry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Decompression and archives, in memory and bounded; the libraries behind it are loaded when first asked for. */
export interface Archives {
  /**
   * The wanted files of a cpio or tar archive, or of an .rpm file, compressed with gzip, bzip2, xz or not at all. Throws a
   * HostError `archive-unreadable`.
   */
  entries(bytes: Uint8Array, wanted: (path: string, size: number) => boolean): Promise<readonly ArchiveEntry[]>;
  /** Decompresses piece by piece, so that what is not wanted is never held; throws a HostError `archive-unreadable`. */
  unzstd(bytes: Uint8Array, take: (piece: Uint8Array) => void): Promise<void>;
  /** Decompresses a stream as it comes; what is not compressed is passed on. Throws a HostError `archive-unreadable`. */
  inflate(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /**
   * The whole of one compressed file. Undefined where the bytes cannot be read, end early, or grow beyond `limit` bytes, and
   * for kinds that no library at hand reads alone (bzip2, xz).
   */
  decompress(bytes: Uint8Array, kind: 'gzip' | 'bzip2' | 'xz' | 'zstd', limit: number): Uint8Array | undefined;
}

export interface HttpAnswer {
  /** Where in the file the bytes begin: what was asked for, or 0 where the server gives whole files only. */
  readonly from: number;
  /** Bytes of the whole file; undefined where the server does not say. */
  readonly size: number | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Fetching over `http:` and `https:`, for what a person asked for by its address. Every failure is a {@link HostError}: `bad-location`,
 * `http-failed` (the server refuses, or cannot be reached), `http-not-answering`.
 */
export interface Http {
  get(url: string, options?: { readonly from?: number; readonly cancellation?: Cancellation }): Promise<HttpAnswer>;
}

/** Files of our own in the cache folder, by names relative to it (letters, digits, `.`, `_`, `-`, and `/` between them). Failures are HostErrors `cache-unwritable`. */
export interface CacheFiles {
  /** Absolute path. */
  readonly folder: string;
  read(name: string): Uint8Array | undefined;
  /** Whole or not at all, whatever happens meanwhile. */
  write(name: string, bytes: Uint8Array): void;
  append(name: string, bytes: Uint8Array): void;
  /** A file, or a folder with what is in it. */
  remove(name: string): void;
}

/** Everything a program may ask of the machine it runs on; made once, at its start. */
export interface Host {
  /** Reads within folders (absolute paths), or anywhere where none are given. */
  files(folders?: readonly string[]): FileReader;
  readonly git: Git;
  /** The bytes of a large file, piece by piece; throws a HostError `unreadable`. */
  stream(path: string): AsyncIterable<Uint8Array>;
  readonly http: Http;
  readonly cacheFiles: CacheFiles;
  /** In hexadecimal. */
  digest(kind: 'sha1' | 'sha256' | 'sha512', bytes: Uint8Array): string;
  /** Opens the store of the cache folder, once. A damaged one is set aside, never deleted, and `log` says so. */
  store(): Promise<Store>;
  readonly archives: Archives;
  /** Makes the shell that answers `%(...)`; loading it is left to its first command. */
  shell(options: ShellOptions): Shell;
  /** Loads the Lua interpreter, which most specs never need. */
  lua(): Promise<LuaFactory>;
  /** Processors this process may use, and MiB of memory: for `%{getncpus}`; the architecture in rpm's words. */
  readonly machine: { readonly processors: number; readonly memory: number; readonly arch: string };
  readonly clock: Clock;
  readonly log: Log;
}

export interface ShellOptions {
  /** Folders that commands find, empty, besides those of every machine with rpm: its macro folder where that is another. */
  readonly folders?: readonly string[];
  /** What `uname -m` says: the target's architecture. */
  readonly arch: string;
  /** What `getconf LONG_BIT` says. */
  readonly wordSize: 32 | 64;
  readonly processors: number;
}

export interface ShellAnswer {
  /** What the command wrote to its standard output, line breaks at the end included. */
  readonly output: string;
  /** False where a program was called that cannot be answered for, or a limit ended the command: the output is then a guess. */
  readonly understood: boolean;
}

/** Answers one command; a command that fails answers with what it printed before, as rpm takes it. Throws only {@link CancelledError}. */
export type Shell = (command: string, cancellation: Cancellation) => Promise<ShellAnswer>;

/** One `%{lua: ...}`, or a call of a Lua function out of an expression. */
export interface LuaChunk {
  readonly code: string;
  /** Shown in error texts as `[string "NAME"]`; rpm gives the name of the parametric macro around it, else `<lua>`. */
  readonly name: string;
  /** `opt`: option letters and their arguments. */
  readonly options: Readonly<Record<string, string>>;
  /** `arg`: the arguments behind the options. */
  readonly args: readonly string[];
}

/** What Lua code may ask of the macro engine that runs it. */
export interface LuaMacros {
  /** Undefined where the expansion failed; the reason has been reported by the engine. */
  expand(text: string): string | undefined;
  /** Expands one macro with these arguments, as `macros.name({...})`; undefined where that failed. */
  call(name: string, args: readonly string[]): string | undefined;
  /** `name(options) body`; false where it was refused. */
  define(definition: string): boolean;
  /** False where it was refused; undefining what is not defined is fine. */
  undefine(name: string): boolean;
  lookup(name: string): { readonly parametric: boolean } | undefined;
  /** What a command prints, which is asked of whoever answers `%(...)`; undefined while nobody has. */
  shell(command: string): string | undefined;
  /** What code writes past its own output: to rpm's standard output or its standard error, as it is. */
  write(text: string, toError: boolean): void;
  /** What rpm says of something that goes on all the same. */
  report(severity: 'error' | 'warning', message: string): void;
  /** Reads a macro file: 0 for all well, 1 where a definition was refused, -1 where it cannot be read; as rpm tells Lua. */
  load(path: string): number;
}

export interface LuaResult {
  /** What the code printed, without line breaks between the prints, as rpm takes it. */
  readonly output: string;
  /** rpm's whole message, where the code does not compile or failed. */
  readonly error: string | undefined;
  /** Whether global variables, or something else that lives on, may be others than before: later code can depend on it. */
  readonly changedGlobals: boolean;
}

/** One Lua state. Global variables live on from chunk to chunk, as they do in rpm while it reads one spec. */
export interface Lua {
  /** Variables of the environment that code has set, undefined for those that it took away. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  run(chunk: LuaChunk, macros: LuaMacros): LuaResult;
  /** Calls a function by its dotted name with strings and numbers; its first result as text. */
  callFunction(name: string, args: readonly (string | number)[], macros: LuaMacros): LuaResult;
}

/** A Lua state of one's own. */
export interface LuaInterpreter extends Lua {
  /** Sets a global variable to a list, as rpm itself does, without a chunk to be read. */
  setList(name: string, items: readonly (string | number)[]): void;
  /** From now on files, environment, clock and architecture are these; the version is the one it was made for. */
  serve(settings: LuaSettings): void;
}

export interface LuaSettings {
  /** Version of rpm whose libraries are wanted, as `4.16.1.3`. */
  readonly rpmVersion: string;
  readonly arch: string;
  readonly files: FileReader;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** rpm's own folder, whose `lua` folder `require` searches; `/usr/lib/rpm` where undefined. */
  readonly configFolder?: string;
}

/** Makes a fresh state. */
export type LuaFactory = (settings: LuaSettings) => LuaInterpreter;
