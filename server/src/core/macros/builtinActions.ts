import type { MacroContext } from './expansion.js';
import type { RpmFeatures } from './features.js';
import { callLuaString, luaStringNames } from './luaStrings.js';
import { isSpace } from './scan.js';

/** What a builtin that only makes text out of text gives. */
export type BuiltinResult = { readonly text: string } | { readonly error: string };

/** Does what a builtin does that neither defines nor reports; `expand` gives the value of other macros. */
export function runBuiltin(name: string, args: readonly string[], context: MacroContext, features: RpmFeatures, expand: (text: string) => string): BuiltinResult {
  const argument = args[0] ?? '';
  switch (name) {
    case 'basename':
      return { text: features.libraryPaths ? libraryBasename(argument) : argument.slice(argument.lastIndexOf('/') + 1) };
    case 'dirname': {
      const slash = argument.lastIndexOf('/');
      return { text: features.libraryPaths ? libraryDirname(argument) : slash < 0 ? argument : argument.slice(0, slash) };
    }
    case 'shrink':
      return { text: shrink(argument) };
    case 'suffix': {
      const dot = argument.lastIndexOf('.');
      return { text: dot < 0 ? '' : argument.slice(dot + 1) };
    }
    case 'u2p':
    case 'url2path':
      return { text: pathOfUrl(argument) || '/' };
    case 'getenv':
      return { text: context.environment[argument] ?? '' };
    case 'getconfdir':
      return { text: context.configFolder };
    case 'getncpus':
      return features.version < 4_019_000_000 ? { text: String(context.processors) } : processors(args, context, expand);
    case 'exists':
      return { text: context.files.stat(argument) === undefined ? '0' : '1' };
    case 'shescape':
      return { text: (features.innerQuotes ? args : args.slice(0, 1)).map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ') };
    case 'rpmversion':
      return { text: features.versionText };
    case 'span':
      return { text: argument };
    case 'xdg':
      return xdgFolder(argument, context);
    default: {
      if (!luaStringNames.has(name)) return { text: '' };
      const result = callLuaString(name, args, context.limits.output);
      return 'text' in result ? result : { error: `lua script failed: [string "${name}"]:1: ${result.refused}` };
    }
  }
}

function libraryBasename(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  if (end === 0) return '.';
  if (end === 1) return path[0]!;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function libraryDirname(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  if (end === 0) return path === '' ? '.' : path === '//' ? '//' : '/';
  const slash = path.lastIndexOf('/', end - 1);
  if (slash < 0) return '.';
  end = slash;
  while (end > 0 && path[end - 1] === '/') end--;
  // glibc keeps two slashes at the beginning, which POSIX leaves to the system.
  return end === 0 ? (/^\/\/(?!\/)/.test(path) ? '//' : '/') : path.slice(0, end);
}

/** Runs of white space become one blank, none at either end. */
function shrink(text: string): string {
  let result = '';
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const space = i === text.length || isSpace(text.charCodeAt(i));
    if (space && start >= 0) {
      result += (result === '' ? '' : ' ') + text.slice(start, i);
      start = -1;
    } else if (!space && start < 0) start = i;
  }
  return result;
}

/** What stands behind the host of a URL; a text that is none is a path already. */
function pathOfUrl(url: string): string {
  const scheme = /^(?:https?|ftp|hkp):\/\//.exec(url);
  if (scheme !== null) {
    const slash = url.indexOf('/', scheme[0].length);
    return slash < 0 ? '' : url.slice(slash);
  }
  if (url === '-') return '';
  return url.startsWith('file://') ? url.slice(url.indexOf('/', 7) < 0 ? url.length : url.indexOf('/', 7)) : url;
}

function processors(args: readonly string[], context: MacroContext, expand: (text: string) => string): BuiltinResult {
  const kind = args[0] ?? 'total';
  if (kind === 'total') return { text: String(context.processors) };
  if (kind !== 'proc' && kind !== 'thread') return { error: `invalid argument: ${kind}` };
  const size = Number.parseInt(expand(`%{?_smp_tasksize_${kind}}`), 10) || 512;
  return { text: String(Math.max(1, Math.min(context.processors, Math.floor(context.memory / size)))) };
}

const xdgFolders: Readonly<Record<string, readonly [string, string]>> = {
  cache: ['XDG_CACHE_HOME', '.cache'],
  config: ['XDG_CONFIG_HOME', '.config'],
  data: ['XDG_DATA_HOME', '.local/share'],
  state: ['XDG_STATE_HOME', '.local/state'],
};

function xdgFolder(kind: string, context: MacroContext): BuiltinResult {
  if (!Object.hasOwn(xdgFolders, kind)) return { error: `xdg: invalid argument: ${kind}` };
  const [variable, fallback] = xdgFolders[kind]!;
  return { text: context.environment[variable] || `${context.environment['HOME'] ?? ''}/${fallback}` };
}
