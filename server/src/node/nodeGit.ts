import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { type Dirent, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cancellation, CancelledError, type Git, type GitOpenOptions, type GitReadOptions, type GitRepository, HostError, type Log, type RepositoryLocation, neverCancelled, silentLog } from '../core/host.js';
import { childProcess } from './builtins.js';
import { markFetch } from './fetchMark.js';
import { makeFolder } from './makeFolder.js';

/**
 * The one file that starts git. Repositories and locations are hostile: arguments are arrays, no shell is involved, and
 * what a repository's own configuration could run (hooks, filters, external diffs, monitors, signature programs, a fetch
 * of missing objects) is switched off for every command.
 */

/** 2.29 brought the last options used here (`fetch --no-write-fetch-head`); `--end-of-options` came with 2.24. */
const OLDEST_GIT: readonly [number, number] = [2, 29];

/** Seconds without a byte. Reading a large history may be silent for long; a server that says nothing is not. */
const READ_SILENCE = 600;
const NETWORK_SILENCE = 60;

/** How long a lock of another fetch is waited for, milliseconds. */
const BUSY_WAIT = 1000;

/** How often a running git is looked at for cancellation, milliseconds. */
const POLL_INTERVAL = 40;

/** Standard error beyond this is thrown away; its end is what says why. */
const STDERR_LIMIT = 64 * 1024;

const hardening: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=true',
  'core.pager=cat',
  'core.askPass=',
  'core.attributesFile=/dev/null',
  'diff.external=',
  'diff.submodule=short',
  'log.showSignature=false',
  'gpg.program=false',
  'gpg.x509.program=false',
  'gpg.ssh.program=false',
  'color.ui=false',
  'transfer.bundleURI=false',
  // Attributes come from the default branch in some versions of git; the empty tree has none.
  'attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Commands that only read, and what each is always given: a second lock behind the tasks of `core/patches/git`. */
const readers: Readonly<Record<string, readonly string[]>> = {
  'cat-file': [],
  'for-each-ref': [],
  log: ['--no-ext-diff', '--no-textconv', '--no-show-signature'],
  'ls-tree': [],
  'rev-list': [],
  'rev-parse': [],
};

/**
 * The folder git runs in, and takes for the work tree: the root, where nobody but the machine's owner puts a `.gitattributes`.
 * The work tree that a repository names, and whatever folder the user is in, say nothing about how commits are shown.
 */
const nowhere = parse(process.cwd()).root;

/** Of the user's environment, what a fetch needs to reach the other side as their own git does. */
const transportVariables = /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|SSL_\w+|HTTP_\w+|PROXY_\w+|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM)$/;

export interface NodeGitOptions {
  /** Folder that copies of remote repositories are kept in. */
  readonly cache: string;
  readonly log?: Log;
  /** Program to run; found on PATH. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export class NodeGit implements Git {
  readonly #cache: string;
  readonly #log: Log;
  readonly #program: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #version: Promise<void> | undefined;
  #spawned = 0;

  constructor({ cache, log = silentLog, program = 'git', env = process.env }: NodeGitOptions) {
    this.#cache = cache;
    this.#log = log;
    this.#program = program;
    this.#env = env;
  }

  /** How many git processes were started so far: tests hold it against nought. */
  get spawned(): number {
    return this.#spawned;
  }

  locate(location: RepositoryLocation): GitRepository | undefined {
    refuseCommands(location);
    const directory = location.kind === 'local' ? gitDirectory(localPath(location.location)) : this.#copyOf(location);
    if (directory === undefined || !isGitDirectory(directory)) return undefined;
    return { location, directory, state: stateOf(directory) };
  }

  async open(location: RepositoryLocation, options: GitOpenOptions): Promise<GitRepository> {
    const found = this.locate(location);
    if (location.kind === 'local') {
      if (found !== undefined) {
        await this.#checkVersion();
        await this.#checkOwner(found.directory, location.location);
        return found;
      }
      const path = localPath(location.location);
      if (!exists(path)) throw new HostError('repository-missing', `${location.location}: there is no such folder; check the path`);
      throw new HostError('repository-missing', `${location.location}: no git repository here; give the folder that holds .git, or a bare repository`);
    }
    const wanted = wantedOf(options.refs);
    for (const ref of options.refs ?? []) if (ref !== 'HEAD' && isDangerousRef(ref)) throw new HostError('bad-ref', `'${ref}' is no name of a branch or tag`);
    if (found !== undefined && (options.network === 'never' || (options.network === 'missing' && hasFetched(found.directory, wanted)))) return found;
    if (options.network === 'never') throw new HostError('not-fetched', `${location.location}: not in the cache, and the network may not be used; run it once without --offline`);
    await this.#checkVersion();
    await this.#fetch(location, wanted, options);
    const repository = this.locate(location);
    if (repository === undefined) throw new HostError('repository-missing', `${location.location}: fetched, but its copy in ${this.#cache} is gone again`);
    return repository;
  }

  async *read(repository: GitRepository, args: readonly string[], { input, cancellation = neverCancelled, silence = READ_SILENCE }: GitReadOptions = {}): AsyncIterable<Uint8Array> {
    await this.#checkVersion();
    const [command = '', ...rest] = args;
    const always = Object.hasOwn(readers, command) ? readers[command] : undefined;
    if (always === undefined) throw new Error(`'git ${command}' is not among the commands that only read`);
    const argv = [...hardening, '-c', 'protocol.allow=never', `--git-dir=${repository.directory}`, `--work-tree=${nowhere}`, '--no-pager', command, ...always, ...rest];
    // A partial clone must not fetch behind our back. Since 2.45 git can be told so; before, an empty list of protocols, which
    // overrides any protocol.*.allow of the repository, leaves it no way to. Since 2.32 git can be told to leave the user's
    // configuration alone; before, it finds none where there is no home.
    const env = { ...this.#environment(), GIT_ALLOW_PROTOCOL: '', GIT_NO_LAZY_FETCH: '1', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/dev/null', XDG_CONFIG_HOME: '/dev/null', GIT_GRAFT_FILE: '/dev/null' };
    yield* this.#run(argv, env, { input, cancellation, silence, where: repository.location.location, cwd: nowhere, isReading: true });
  }

  async identity(folder: string): Promise<string | undefined> {
    const own = Object.fromEntries(Object.entries(this.#env).filter(([name]) => /^GIT_(?:AUTHOR_(?:NAME|EMAIL)|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM)$/.test(name)));
    let text = '';
    try {
      // Without useConfigOnly git would make up an address of the machine's name.
      for await (const chunk of this.#run([...hardening, '-c', 'user.useConfigOnly=true', '-C', folder, 'var', 'GIT_AUTHOR_IDENT'], { ...this.#environment(), ...own }, { cancellation: neverCancelled, silence: READ_SILENCE, where: folder })) text += Buffer.from(chunk).toString('utf8');
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
    return /^(.+ <[^<>]*>) \d+ [+-]\d{4}\s*$/.exec(text)?.[1];
  }

  async #fetch(location: RepositoryLocation, wanted: readonly string[], { cancellation = neverCancelled, silence = NETWORK_SILENCE }: GitOpenOptions): Promise<void> {
    const directory = this.#copyOf(location);
    if (!isGitDirectory(directory)) {
      const fresh = `${directory}.${process.pid}.${randomBytes(4).toString('hex')}`;
      try {
        makeFolder(dirname(directory));
      } catch (error) {
        throw cacheError(this.#cache, error);
      }
      try {
        for await (const _ of this.#run([...hardening, 'init', '--quiet', '--bare', '--template=', '--', fresh], { ...this.#environment(), GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }, { cancellation, silence, where: fresh }));
        renameSync(fresh, directory);
      } catch (error) {
        rmSync(fresh, { recursive: true, force: true });
        // Another process was quicker; its repository is as good as ours.
        if (!isGitDirectory(directory)) throw error instanceof HostError || error instanceof CancelledError ? error : cacheError(this.#cache, error);
      }
    }
    const all = wanted.includes('*');
    const refspecs = all ? ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'] : wanted.map((ref) => (ref === 'HEAD' ? '+HEAD:refs/spectrail/HEAD' : `+${ref}:refs/heads/${ref}`));
    const fetchArgs = ['fetch', '--progress', '--no-tags', ...(all ? ['--prune'] : ['--depth=1']), '--force', '--no-write-fetch-head', '--no-recurse-submodules', '--end-of-options', location.location, ...refspecs];
    // A server on this machine may speak plain http (nothing else was let through); from https nobody is led to it.
    // The repository is our own, so its configuration is harmless; the user's decides on credentials, proxies and ssh. Nothing
    // can ask: git is told not to, and the process has no terminal.
    const transport = Object.fromEntries(Object.entries(this.#env).filter(([name]) => transportVariables.test(name)));
    const env = { ...this.#environment(), ...transport, GIT_ALLOW_PROTOCOL: /^http:/i.test(location.location) ? 'http' : 'https:ssh', GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', SSH_ASKPASS_REQUIRE: 'never', GCM_INTERACTIVE: 'never' };
    this.#log.info(`fetching ${location.location}${all ? '' : ` (${wanted.join(', ')})`} ...`);
    const fetch = async (): Promise<void> => {
      for await (const _ of this.#run([...hardening, '-c', 'credential.interactive=false', `--git-dir=${directory}`, ...fetchArgs], env, { cancellation, silence, where: location.location, ref: all ? undefined : wanted.join(', ') }));
    };
    let mark;
    try {
      mark = markFetch(directory);
    } catch (error) {
      throw cacheError(this.#cache, error);
    }
    let hasFailed = true;
    try {
      try {
        await fetch();
      } catch (error) {
        // Another process's fetch holds its locks for a moment; once more, and what it has brought need not come again.
        if (!(error instanceof HostError) || error.code !== 'repository-busy') throw error;
        await new Promise((done) => setTimeout(done, BUSY_WAIT));
        await fetch();
      }
      hasFailed = false;
    } finally {
      mark.end(hasFailed);
    }
    try {
      writeFileSync(join(directory, 'spectrail-fetched'), `${[...new Set([...fetchedOf(directory), ...wanted])].sort().join('\n')}\n`);
    } catch (error) {
      throw cacheError(this.#cache, error);
    }
  }

  #copyOf({ location }: RepositoryLocation): string {
    const digest = createHash('sha256').update(location).digest('hex').slice(0, 16);
    const name = basename(location.replace(/[/\\]+$/, '').replace(/\.git$/, '')).replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 40);
    return join(this.#cache, 'repositories', `${name}-${digest}.git`);
  }

  /** The user's environment without anything that steers git, and with messages in English, which are read below. */
  #environment(): Record<string, string | undefined> {
    const env: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(this.#env)) if (!name.startsWith('GIT_')) env[name] = value;
    return { ...env, LC_ALL: 'C', LANGUAGE: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1', GIT_ATTR_NOSYSTEM: '1', GIT_PAGER: 'cat', GIT_EDITOR: 'false', GIT_TERMINAL_PROMPT: '0' };
  }

  /**
   * What belongs to somebody else is read only where the user has told git to (`safe.directory`), as git itself has it since
   * 2.35; git would not ask, since it is told where the repository is.
   */
  async #checkOwner(directory: string, where: string): Promise<void> {
    const user = process.getuid?.();
    if (user === undefined) return;
    const owner = statSync(directory).uid;
    // Who works as root by sudo is still themselves.
    if (owner === user || (user === 0 && String(owner) === this.#env['SUDO_UID'])) return;
    const own = Object.fromEntries(Object.entries(this.#env).filter(([name]) => /^GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$/.test(name)));
    let text = '';
    try {
      for await (const chunk of this.#run([...hardening, '--git-dir=/dev/null', 'config', '--null', '--get-all', 'safe.directory'], { ...this.#environment(), ...own }, { cancellation: neverCancelled, silence: 30, where, cwd: nowhere })) text += Buffer.from(chunk).toString('utf8');
    } catch (error) {
      // Nothing is configured.
      if (!(error instanceof HostError)) throw error;
    }
    let safe: string[] = [];
    // An empty value takes back those before it.
    for (const value of text.split('\0').slice(0, -1)) safe = value === '' ? [] : [...safe, value];
    const folders = [directory, directory.replace(/\/\.git$/, '')];
    if (safe.some((value) => value === '*' || folders.some((folder) => folder === value.replace(/(?<=.)\/$/, '') || (value.endsWith('/*') && folder.startsWith(value.slice(0, -1)))))) return;
    throw new HostError('repository-unreadable', `${where}: the repository belongs to another user; if you trust it, say so to git: git config --global --add safe.directory ${folders[1]}`);
  }

  #checkVersion(): Promise<void> {
    this.#version ??= this.#readVersion();
    // A failure is not remembered: git may be installed while a server runs.
    this.#version.catch(() => (this.#version = undefined));
    return this.#version;
  }

  async #readVersion(): Promise<void> {
    let text = '';
    for await (const chunk of this.#run(['--version'], this.#environment(), { cancellation: neverCancelled, silence: 30, where: 'git --version' })) text += Buffer.from(chunk).toString('latin1');
    const match = /git version (\d+)\.(\d+)/.exec(text);
    if (match === null) throw new HostError('git-failed', `'${this.#program} --version' does not answer as git does; check which git is on PATH`);
    const [major, minor] = [Number(match[1]), Number(match[2])];
    if (major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1])) throw new HostError('git-too-old', `git ${major}.${minor} is too old; install git ${OLDEST_GIT.join('.')} or newer`);
  }

  async *#run(argv: readonly string[], env: Record<string, string | undefined>, { input, cancellation, silence, where, ref, cwd, isReading = false }: RunOptions): AsyncIterable<Uint8Array> {
    if (cancellation.isCancelled) throw new CancelledError();
    this.#spawned++;
    this.#log.debug(`git ${argv.slice(hardening.length).join(' ')}`);
    // A group of its own, so that the helpers git starts for a fetch end with it.
    const child = childProcess().spawn(this.#program, [...argv], { ...(cwd === undefined ? {} : { cwd }), env: env as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, detached: process.platform !== 'win32', shell: false });
    let stopped: 'cancelled' | 'silent' | undefined;
    let lastByte = Date.now();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      lastByte = Date.now();
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_LIMIT);
    });
    const ended = new Promise<{ status: number | null; error?: NodeJS.ErrnoException }>((done) => {
      child.once('error', (error: NodeJS.ErrnoException) => done({ status: null, error }));
      child.once('close', (status) => done({ status }));
    });
    let busy = false;
    const watch = setInterval(() => {
      if (cancellation.isCancelled) stopped = 'cancelled';
      // While the reader is busy with what it was given, git cannot write: that silence is ours.
      else if (!busy && Date.now() - lastByte > silence * 1000) stopped = 'silent';
      else return;
      kill(child);
    }, POLL_INTERVAL);
    // git may end before it has read everything it was given; why, it says on standard error.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    let finished = false;
    try {
      for await (const chunk of child.stdout) {
        busy = true;
        yield chunk as Uint8Array;
        busy = false;
        lastByte = Date.now();
        if (cancellation.isCancelled) throw new CancelledError();
      }
      const { status, error } = await ended;
      finished = true;
      if (stopped === 'cancelled') throw new CancelledError();
      if (stopped === 'silent') throw new HostError('repository-not-answering', `${where}: no answer for ${silence} seconds; try again later, or leave this source out`);
      if (error !== undefined) {
        if (error.code === 'ENOENT') throw new HostError('git-missing', 'git is not installed, or not on PATH; install it (dnf install git, apt install git, https://git-scm.com)');
        throw new HostError('git-failed', `git could not be started: ${error.message}`);
      }
      if (status !== 0) throw errorFrom(stderr, where, ref, isReading);
    } finally {
      clearInterval(watch);
      if (!finished) kill(child);
    }
  }
}

interface RunOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly cancellation: Cancellation;
  readonly silence: number;
  /** The location that messages name. */
  readonly where: string;
  readonly ref?: string | undefined;
  /** The folder it runs in; this process's own where undefined. */
  readonly cwd?: string;
  /** Whether it may reach nothing but the repository. */
  readonly isReading?: boolean;
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** What git says when it fails, as far as it tells the user what to do; anything else is `git-failed` with git's words. */
const failures: readonly { readonly pattern: RegExp; readonly code: string; readonly say: (where: string, ref: string | undefined) => string }[] = [
  { pattern: /couldn't find remote ref|unknown revision or path not in the working tree|bad revision|not a valid object name|Needed a single revision|ambiguous argument/i, code: 'bad-ref', say: (where, ref) => `${where}: there is no branch or tag${ref === undefined ? ' of that name' : ` '${ref}'`}; check the part behind #` },
  { pattern: /Host key verification failed|Authentication failed|could not read (Username|Password)|Permission denied|terminal prompts disabled|access denied|returned error: 40[13]/i, code: 'repository-not-answering', say: (where) => `${where}: access was refused; see that git itself can fetch it without asking (credential helper, ssh agent, known hosts), or that the address is right` },
  { pattern: /Could not resolve host|Connection (refused|reset|timed out)|Failed to connect|Couldn't connect|Operation too slow|early EOF|unexpected disconnect|RPC failed|returned error: 5\d\d|SSL|certificate|Empty reply|gnutls|transfer closed/i, code: 'repository-not-answering', say: (where) => `${where}: the server does not answer; check the address and the network, or use --offline` },
  { pattern: /repository '.*' not found|does not appear to be a git repository|not a git repository|returned error: 404|not valid: is this a git repository|Could not read from remote/i, code: 'repository-missing', say: (where) => `${where}: there is no git repository at that address; check it` },
  { pattern: /transport '.*' not allowed|protocol '.*' is not supported/i, code: 'bad-location', say: (where) => `${where}: its protocol is not among those that are spoken (https, ssh, file)` },
  { pattern: /Unable to create '.*\.lock': File exists/i, code: 'repository-busy', say: (where) => `${where}: another process is fetching it; try again when that is done` },
  { pattern: /No space left|Read-only file system|cannot (mkdir|lock)|unable to (create|write)|could not create/i, code: 'cache-unwritable', say: (where) => `${where}: cannot be kept, since the cache folder is full or cannot be written; set SPECTRAIL_CACHE to another folder` },
  { pattern: /unable to read|bad object|missing (blob|tree|commit)|could not (get|parse) object|lazy fetching disabled|promisor remote|could not fetch/i, code: 'object-missing', say: (where) => `${where}: objects are missing in this copy of the repository` },
  { pattern: /corrupt|inflate|bad (signature|index file)|object file .* is empty|loose object/i, code: 'repository-unreadable', say: (where) => `${where}: the repository is damaged; run 'git fsck' in it, or fetch it anew` },
];

function errorFrom(stderr: string, where: string, ref: string | undefined, isReading: boolean): HostError {
  // Reading reaches for a protocol only where git wants to fetch what a partial clone lacks, and may not.
  const found = failures.find(({ pattern, code }) => (code === 'object-missing' && isReading && /transport '.*' not allowed/i.test(stderr)) || (!(code === 'bad-location' && isReading) && pattern.test(stderr)));
  const words = stderr.split(/[\r\n]+/).filter((line) => /^(fatal|error|remote):/.test(line) && !/^remote: (?:\w+ objects:|Total )/.test(line)).map((line) => line.replace(/^(fatal|error): /, '')).join('; ').slice(0, 400);
  if (found === undefined) return new HostError('git-failed', `${where}: git failed${words === '' ? '' : `: ${words}`}`, { cause: stderr });
  return new HostError(found.code, `${found.say(where, ref)}${words === '' ? '' : ` (git: ${words})`}`, { cause: stderr });
}

/** The second lock behind `parseLocation`: whoever made the location, git is never given an option or a command. */
function refuseCommands({ location, kind }: RepositoryLocation): void {
  if (location.startsWith('-') || /^[A-Za-z0-9+.-]+::/.test(location) || /[\0\r\n]/.test(location)) throw new HostError('bad-location', `'${location}' is no location of a repository`);
  const host = /^(?:https?|ssh):\/\/([^/]*)/i.exec(location)?.[1] ?? /^([^/\\:]+):(?!:|\/\/)/.exec(location)?.[1];
  // Users and hosts end up as arguments of ssh.
  if (kind === 'remote' && (host === undefined || host === '' || host.startsWith('-') || host.slice(host.lastIndexOf('@') + 1).startsWith('-'))) throw new HostError('bad-location', `'${location}' is no address that git may be asked for; https, ssh and file are spoken`);
}

function localPath(location: string): string {
  return resolve(/^file:\/\//i.test(location) ? fileURLToPath(location) : location);
}

/** What a ref could be taken for that is none: an option, a range, a whole refspec. The rules are git's own (`git check-ref-format`). */
function isDangerousRef(ref: string): boolean {
  return ref === '' || ref.startsWith('-') || /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\//.test(ref);
}

/** The git directory of a work tree or a bare repository; undefined where there is none. */
function gitDirectory(path: string): string | undefined {
  const inside = join(path, '.git');
  try {
    if (statSync(inside).isDirectory()) return realpathSync(inside);
    // A linked work tree or a submodule: a file that says where.
    const target = /^gitdir: (.+)$/m.exec(readOrdinary(inside, 4096)?.toString('utf8') ?? '')?.[1];
    if (target !== undefined) return realpathSync(resolve(path, target.trim()));
  } catch {}
  return isGitDirectory(path) ? realpathSync(path) : undefined;
}

function isGitDirectory(path: string): boolean {
  return exists(join(path, 'HEAD')) && (exists(join(path, 'objects')) || exists(join(path, 'commondir')));
}

/** The content of an ordinary file; undefined for what is none (a pipe would wait, a device never ends) or is beyond `limit` bytes. */
function readOrdinary(path: string, limit: number): Buffer | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= limit ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A list of refs beyond this many bytes is no list of refs. */
const REFS_LIMIT = 512 << 20;

/** Folders of refs are looked into this deep, and no further than so many files. */
const REF_DEPTH = 24;
const REF_COUNT_LIMIT = 500_000;

/** A digest of everything that says where branches and tags stand. */
function stateOf(directory: string): string {
  const hash = createHash('sha256');
  const commondir = readOrdinary(join(directory, 'commondir'), 4096)?.toString('utf8').trim();
  const common = commondir === undefined ? directory : resolve(directory, commondir);
  const file = (path: string, label: string, limit = 4096) => {
    const content = readOrdinary(path, limit);
    if (content !== undefined) hash.update(`${label}\0`).update(content).update('\0');
  };
  file(join(directory, 'HEAD'), 'HEAD');
  file(join(common, 'packed-refs'), 'packed-refs', REFS_LIMIT);
  file(join(common, 'shallow'), 'shallow', REFS_LIMIT);
  file(join(common, 'reftable', 'tables.list'), 'reftable', REFS_LIMIT);
  let left = REF_COUNT_LIMIT;
  // Symbolic links below are not followed: git makes none, and those of others may go in circles.
  const visit = (folder: string, label: string, depth: number): void => {
    let entries: Dirent[] = [];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {}
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (left-- <= 0) return;
      // A lock is no ref, and gone again in a moment.
      if (entry.name.endsWith('.lock')) continue;
      if (entry.isFile()) file(join(folder, entry.name), `${label}/${entry.name}`);
      else if (entry.isDirectory() && depth < REF_DEPTH) visit(join(folder, entry.name), `${label}/${entry.name}`, depth + 1);
    }
  };
  for (const folder of ['heads', 'tags', 'remotes', 'spectrail']) visit(join(common, 'refs', folder), folder, 0);
  return hash.digest('hex').slice(0, 32);
}

function wantedOf(refs: readonly string[] | undefined): readonly string[] {
  return refs === undefined || refs.length === 0 ? ['*'] : refs;
}

function fetchedOf(directory: string): readonly string[] {
  try {
    return readFileSync(join(directory, 'spectrail-fetched'), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function hasFetched(directory: string, wanted: readonly string[]): boolean {
  const fetched = fetchedOf(directory);
  return fetched.includes('*') || wanted.every((ref) => fetched.includes(ref));
}

function cacheError(cache: string, error: unknown): HostError {
  return new HostError('cache-unwritable', `the cache folder ${cache} cannot be written (${error instanceof Error ? (error as NodeJS.ErrnoException).code ?? error.message : String(error)}); set SPECTRAIL_CACHE to a folder that can`, { cause: error });
}
