/**
 * `name=location#branch`, as people give a carrier or an upstream. Locations come from command lines, settings and specs,
 * and end up as arguments of git: what git would read as an option, a command or a transport of its own is refused here.
 */
import type { RepositoryLocation } from '../../host.js';
import { type PlaceFor, isKnownPlace, knownLocation } from './knownPlaces.js';

export interface Location extends RepositoryLocation {
  /** What the user calls it; derived from the location where they gave no name. */
  readonly name: string;
  readonly branch: string | undefined;
}

/** Either the location, or a sentence that says what is wrong with it. */
export type ParsedLocation = { readonly location: Location; readonly error?: undefined } | { readonly error: string; readonly location?: undefined };

/** Protocols that are spoken. `http` is for this machine alone: elsewhere nothing proves who answers. */
const schemes: ReadonlySet<string> = new Set(['https', 'ssh', 'file', 'http']);

const nameRule = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

export function parseLocation(text: string): ParsedLocation {
  let rest = text.trim();
  if (rest === '') return { error: 'the location is empty' };
  let name: string | undefined;
  const equals = rest.indexOf('=');
  // An equals sign behind a slash or colon belongs to a path or URL.
  if (equals > 0 && !/[/:\\]/.test(rest.slice(0, equals))) {
    name = rest.slice(0, equals);
    if (!nameRule.test(name)) return { error: `'${name}' cannot be a name: letters, digits, '.', '_', '+' and '-' only` };
    rest = rest.slice(equals + 1);
  }
  let branch: string | undefined;
  const hash = rest.lastIndexOf('#');
  if (hash >= 0) {
    branch = rest.slice(hash + 1);
    rest = rest.slice(0, hash);
    const error = refError(branch);
    if (error !== undefined) return { error };
  }
  const kind = locationKind(rest);
  if (typeof kind !== 'string') return kind;
  return { location: { name: name ?? nameOf(rest), location: rest, kind, branch } };
}

/**
 * A location as somebody gave it for a package: a known place's name alone stands for its address, and a local path counts
 * from `folder` (absolute).
 */
export function resolveLocation(text: string, folder: string, wanted: PlaceFor): ParsedLocation {
  const known = knownLocation(text.trim(), wanted);
  const parsed = parseLocation(known ?? text);
  if (parsed.location === undefined || parsed.location.kind === 'remote') return parsed;
  if (wanted.package === undefined && isKnownPlace(text.trim(), wanted.release)) return { error: `'${text.trim()}' is a known place, but the name of the package is not known; give its address instead` };
  const path = parsed.location.location.replace(/^file:\/\/(?:localhost)?(?=\/)/i, '');
  return { location: { ...parsed.location, location: absolutePath(folder, path) } };
}

/** Joins a path to an absolute folder and takes `.` and `..` out, on machines of either kind. */
function absolutePath(folder: string, path: string): string {
  const isWindows = /^[A-Za-z]:[\\/]/.test(folder) || /^[A-Za-z]:[\\/]/.test(path);
  const separator = isWindows ? '\\' : '/';
  const isAbsolute = isWindows ? /^(?:[A-Za-z]:[\\/]|[\\/])/.test(path) : path.startsWith('/');
  const parts: string[] = [];
  for (const part of (isAbsolute ? path : `${folder}${separator}${path}`).split(isWindows ? /[\\/]/ : '/')) {
    if (part === '..' && parts.length > 1) parts.pop();
    else if (part !== '.' && part !== '..' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.length === 1 ? `${parts[0]}${separator}` : parts.join(separator);
}

/** Whether a location is on this machine or must be fetched; an error where git must not be given it at all. */
export function locationKind(location: string): RepositoryLocation['kind'] | { readonly error: string } {
  if (location === '') return { error: 'the location is empty' };
  if (location.startsWith('-')) return { error: `'${location}' looks like an option, not like a location; write ./${location} for a folder of that name` };
  if (/[\0\r\n]/.test(location)) return { error: 'the location has a line break or a NUL in it' };
  if (/^[A-Za-z0-9+.-]+::/.test(location)) return { error: `'${location}' asks git to run a transport command, which is refused` };
  const url = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)/.exec(location);
  if (url !== null) {
    const scheme = url[1]!.toLowerCase();
    const authority = url[2]!;
    if (!schemes.has(scheme)) return { error: `'${scheme}' is not among the protocols that are spoken (https, ssh, file)` };
    const host = authority.slice(authority.lastIndexOf('@') + 1);
    if (host.startsWith('-') || authority.startsWith('-')) return { error: `the host of '${location}' looks like an option` };
    if (scheme === 'http' && !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(host)) return { error: `'${location}' is unencrypted http; use https` };
    return scheme === 'file' ? 'local' : 'remote';
  }
  // host:path as ssh has it; a drive letter and a path with a slash before the colon are files.
  const scp = /^([^/\\:]{2,}):/.exec(location);
  if (scp !== null) {
    const host = scp[1]!.slice(scp[1]!.lastIndexOf('@') + 1);
    return host.startsWith('-') ? { error: `the host of '${location}' looks like an option` } : 'remote';
  }
  return 'local';
}

/** What git's check-ref-format refuses, and what could be read as an option; undefined for a good name. */
export function refError(ref: string): string | undefined {
  if (ref === '') return 'the branch behind # is empty';
  if (ref.startsWith('-') || ref.startsWith('/') || ref.endsWith('/') || ref.endsWith('.') || ref.endsWith('.lock') || /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/\./.test(ref) || ref === '@') return `'${ref}' is no name of a branch or tag`;
  return undefined;
}

/** The last part of a path or URL, without `.git`. */
function nameOf(location: string): string {
  const last = location.replace(/[/\\]+$/, '').split(/[/\\:]/).at(-1) ?? '';
  const name = last.replace(/\.git$/, '').replace(/[^A-Za-z0-9._+-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'repository' : name.slice(0, 64);
}
