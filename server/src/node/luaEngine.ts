/**
 * rpm's Lua: a real Lua (fengari, in JavaScript) with rpm's libraries over the macro engine, and nothing else of the
 * world. Files are read through the host's reader, what is written stays in memory, processes are refused, the clock is the one given. A chunk has fuel;
 * a single pattern match that backtracks without end cannot be stopped from inside, which is why evaluations run in a
 * worker that can be ended.
 */
import fengari from 'fengari';
import type { FileStat, LuaChunk, LuaFactory, LuaInterpreter, LuaMacros, LuaResult, LuaSettings } from '../core/host.js';
import { type RpmVersion, compareVersions, formatVersion, globFiles, parseVersion, rpmVersionNumber } from '../core/macros/index.js';
import { decodeText } from '../core/text/index.js';
import { formatDate } from './dates.js';
import { LuaFiles, type LuaStream, largestFile } from './luaFiles.js';
import { hookFunctions, namePointers } from './luaHooks.js';

const { lua, lauxlib, lualib, to_luastring: encodeAny } = fengari;
type State = fengari.State;

/** Instructions of the interpreter that one call from outside may take; well below a second of them. */
const fuel = 4_000_000;

/** What a print costs of it: it is a call out of the interpreter. */
const printFuel = 40;

/** Bytes of all strings together that one call from outside may make. */
const memory = 256 << 20;

/** How often the fuel is looked at. */
const fuelStep = 10_000;

/** Bytes of the longest string that `rep` may make, and of what a chunk may print. */
const longest = 16 << 20;

/** Code units of the chunks that are kept compiled, together. */
const longestCompiled = 256 << 10;

/** The constructor itself: while a chunk runs, the global name stands for one that counts (withinMemory). */
const Bytes = globalThis.Uint8Array;

/** A text as Lua has it. Most are short and of plain letters, which needs no more than this; `keep` for those that never change. */
function encode(text: string, keep = false): Uint8Array {
  if (keep) return encodeAny(text, true);
  const { length } = text;
  const bytes = new Bytes(length);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return encodeAny(text);
    bytes[i] = unit;
  }
  return bytes;
}

/** Lua strings are bytes; what is not UTF-8 comes back byte by byte, as everywhere in a text that is not UTF-8. */
function decode(bytes: Uint8Array): string {
  return decodeText(bytes).text;
}

/** A chunk that was compiled, and what its code may do. */
interface Compiled {
  /** Where its function is in the registry. */
  readonly reference: number;
  /** It assigns to a global variable somewhere. */
  readonly setsGlobals: boolean;
  /** It names the tables of sources, or may reach them otherwise. */
  readonly isNosy: boolean;
  /** It may leave something else behind than global variables. */
  readonly isMeddling: boolean;
}

/** What of a compiled function tells which variables it sets (fengari's Proto). */
interface Prototype {
  readonly code: readonly { readonly opcode: number }[];
  /** The functions inside it. */
  readonly p: readonly Prototype[];
}

/** Lua 5.3's instruction that sets a field of an upvalue: `_ENV` is the only one that a chunk begins with. */
const OP_SETTABUP = 8;

function mayAssignGlobals({ code, p }: Prototype): boolean {
  return code.some(({ opcode }) => opcode === OP_SETTABUP) || p.some(mayAssignGlobals);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

export const createLua: LuaFactory = (settings) => new RpmLua(settings);

class RpmLua implements LuaInterpreter {
  #settings: LuaSettings;
  readonly #state: State;
  /** What is printed, innermost chunk last: `rpm.expand` can run Lua again. */
  readonly #printed: string[] = [];
  readonly variables = new Map<string, string | undefined>();
  readonly #files = new LuaFiles((path) => this.#settings.files.read(path, largestFile), () => this.#leave());
  /** What runs has left something behind that is no global variable: a hook, a file, a variable of the environment. */
  #hasLeft = false;
  #macros: LuaMacros | undefined;
  #left = 0;
  #running = 0;

  constructor(settings: LuaSettings) {
    this.#settings = settings;
    const state = lauxlib.luaL_newstate();
    this.#state = state;
    const libraries = { _G: lualib.luaopen_base, coroutine: lualib.luaopen_coroutine, table: lualib.luaopen_table, string: lualib.luaopen_string, utf8: lualib.luaopen_utf8, math: lualib.luaopen_math };
    for (const [name, open] of Object.entries(libraries)) {
      lauxlib.luaL_requiref(state, encode(name), open, 1);
      lua.lua_pop(state, 1);
    }
    // What reads code from files of this machine.
    for (const name of ['dofile', 'loadfile']) {
      lua.lua_pushnil(state);
      lua.lua_setglobal(state, encode(name));
    }
    this.#global('print', (s) => this.#print(s));
    this.#global('require', (s) => this.#require(s));
    lua.lua_newtable(state);
    lua.lua_newtable(state);
    lua.lua_setfield(state, -2, encode('loaded'));
    this.#push(state, `${this.#moduleFolder}/?.lua`);
    lua.lua_setfield(state, -2, encode('path'));
    lua.lua_setglobal(state, encode('package'));
    this.#limitRep();
    this.#library('rpm', this.#rpm());
    this.#library('posix', this.#posix());
    this.#library('os', this.#os());
    this.#library('io', this.#io());
    this.#standardFiles();
    this.#versionClass();
    this.#streamClass();
    namePointers(state);
    if (this.#knows('4.17')) this.#macrosTable();
    lua.lua_sethook(state, () => this.#burn(), lua.LUA_MASKCOUNT, fuelStep);
  }

  run(chunk: LuaChunk, macros: LuaMacros): LuaResult {
    const state = this.#state;
    const compiled = this.#compile(chunk);
    if ('fault' in compiled) return { output: '', error: compiled.fault, changedGlobals: false };
    return this.#guarded(macros, compiled, () => {
      lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, compiled.reference);
      lua.lua_newtable(state);
      for (const [letter, value] of Object.entries(chunk.options)) {
        lua.lua_pushstring(state, encode(value));
        lua.lua_setfield(state, -2, encode(letter));
      }
      this.#pushList(chunk.args);
      const top = lua.lua_gettop(state) - 3;
      const status = lua.lua_pcall(state, 2, lua.LUA_MULTRET, 0);
      if (status !== lua.LUA_OK) return `lua script failed: ${this.#takeError(status)}`;
      // What the chunk returns is printed, as rpm does since 4.18.
      if (!this.#knows('4.18')) return undefined;
      for (let index = top + 1; index <= lua.lua_gettop(state); index++) {
        this.#append((index > top + 1 ? '\t' : '') + decode(lauxlib.luaL_tolstring(state, index)));
        lua.lua_pop(state, 1);
      }
      return undefined;
    });
  }

  /** The function of a chunk, or what is wrong with its syntax. The same few chunks of macro files run in every spec, so that they are kept compiled. */
  #compile({ code, name }: LuaChunk): Compiled | { readonly fault: string } {
    const key = `${name}\0${code}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const state = this.#state;
    const top = lua.lua_gettop(state);
    try {
      const source = encode(`local opt, arg = ...;${code}`);
      const loaded = lauxlib.luaL_loadbuffer(state, source, source.length, encode(name));
      if (loaded !== lua.LUA_OK) return { fault: `invalid syntax in lua script: ${this.#takeError(loaded)}` };
      const setsGlobals = mayAssignGlobals((lua.lua_topointer(state, -1) as { readonly p: Prototype }).p);
      const compiled: Compiled = { reference: lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX), setsGlobals, isNosy: mayChangeSources.test(code), isMeddling: mayChangeLibraries.test(code) };
      if (this.#compiledLength + code.length > longestCompiled && this.#running === 0) this.#forgetCompiled();
      this.#compiled.set(key, compiled);
      this.#compiledLength += code.length;
      return compiled;
    } catch (thrown) {
      return { fault: `lua script failed: ${thrown instanceof RangeError ? 'not enough memory' : String(thrown)}` };
    } finally {
      lua.lua_settop(state, top);
    }
  }

  #forgetCompiled(): void {
    for (const { reference } of this.#compiled.values()) lauxlib.luaL_unref(this.#state, lua.LUA_REGISTRYINDEX, reference);
    this.#compiled.clear();
    this.#compiledLength = 0;
  }
  readonly #compiled = new Map<string, Compiled>();
  #compiledLength = 0;

  callFunction(name: string, args: readonly (string | number)[], macros: LuaMacros): LuaResult {
    const state = this.#state;
    return this.#guarded(macros, { setsGlobals: true, isNosy: true, isMeddling: true }, () => {
      const source = encode(`return (${name})(...)`);
      const loaded = lauxlib.luaL_loadbuffer(state, source, source.length, encode(name));
      if (loaded !== lua.LUA_OK) return `${name}: ${this.#takeError(loaded)}`;
      for (const arg of args) {
        if (typeof arg === 'number') lua.lua_pushinteger(state, arg);
        else lua.lua_pushstring(state, encode(arg));
      }
      const status = lua.lua_pcall(state, args.length, 1, 0);
      if (status !== lua.LUA_OK) return `${name}: ${this.#takeError(status)}`;
      const isBoolean = lua.lua_type(state, -1) === lua.LUA_TBOOLEAN;
      if (isBoolean) this.#append(lua.lua_toboolean(state, -1) ? '1' : '');
      else if (!lua.lua_isnil(state, -1)) this.#append(decode(lauxlib.luaL_tolstring(state, -1)));
      return undefined;
    });
  }

  serve(settings: LuaSettings): void {
    this.#settings = settings;
  }

  setList(name: string, items: readonly (string | number)[]): void {
    const state = this.#state;
    lua.lua_newtable(state);
    items.forEach((item, index) => {
      if (typeof item === 'number') lua.lua_pushinteger(state, item);
      else lua.lua_pushstring(state, encode(item));
      lua.lua_rawseti(state, -2, index + 1);
    });
    lua.lua_setglobal(state, encode(name));
  }

  /** Runs with fuel, a print buffer and a clean stack; what JavaScript throws (no memory, a deep recursion) is an error of the chunk. */
  #guarded(macros: LuaMacros, { setsGlobals, isNosy, isMeddling }: Omit<Compiled, 'reference'>, work: () => string | undefined): LuaResult {
    const state = this.#state;
    const top = lua.lua_gettop(state);
    const outer = this.#macros;
    // What a chunk inside another one changes may be seen only when the outer one ends, or not at all.
    const isInner = this.#running > 0;
    // Where no code has left anything yet, only code that assigns to a global variable leaves one, and only tables of sources can be changed inside.
    const mark = (): readonly unknown[] => (!this.#isUntouched || setsGlobals ? [this.#globalsMark(isNosy)] : isNosy ? this.#sourcesMark() : []);
    const before = isInner || isMeddling ? [] : mark();
    if (this.#running === 0) this.#left = fuel;
    this.#macros = macros;
    this.#running++;
    this.#printed.push('');
    let error: string | undefined;
    let isBroken = false;
    try {
      error = this.#running === 1 ? withinMemory(work) : work();
    } catch (thrown) {
      isBroken = true;
      error = `lua script failed: ${thrown instanceof RangeError ? 'not enough memory' : String(thrown)}`;
    } finally {
      this.#running--;
      this.#macros = outer;
      lua.lua_settop(state, top);
    }
    const changedGlobals = isBroken || isMeddling || this.#hasLeft || (isInner ? isNosy || setsGlobals : !sameItems(before, mark()));
    if (changedGlobals) this.#isUntouched = false;
    if (!isInner) this.#hasLeft = false;
    return { output: this.#printed.pop()!, error, changedGlobals };
  }
  /** No code has left anything behind yet. */
  #isUntouched = true;

  /** What is in the tables of sources: keys and values, strings as the bytes that they share as long as they are the same. */
  #sourcesMark(): unknown[] {
    const state = this.#state;
    const mark: unknown[] = [];
    const plain = (index: number) => {
      const type = lua.lua_type(state, index);
      mark.push(type === lua.LUA_TNUMBER ? lua.lua_tonumber(state, index) : type === lua.LUA_TSTRING ? lua.lua_tostring(state, index) : this.#tables++);
    };
    for (const name of sourceTables) {
      lua.lua_getglobal(state, encode(name, true));
      mark.push(lua.lua_topointer(state, -1));
      if (lua.lua_istable(state, -1)) {
        const table = lua.lua_gettop(state);
        lua.lua_pushnil(state);
        while (lua.lua_next(state, table) !== 0) {
          plain(-2);
          plain(-1);
          lua.lua_pop(state, 1);
        }
      }
      lua.lua_pop(state, 1);
    }
    return mark;
  }

  /**
   * A mark of the global variables: their names with plain values or identities. A table that is changed inside keeps
   * its identity; one that a chunk made itself therefore counts as changed whenever it is there. The tables of sources and
   * patches, which are there in every spec, count by what is in them where code may get at them, and else not at all.
   */
  #globalsMark(isNosy: boolean): string {
    const state = this.#state;
    const marks: string[] = [];
    lua.lua_pushglobaltable(state);
    lua.lua_pushnil(state);
    while (lua.lua_next(state, -2) !== 0) {
      const name = lua.lua_type(state, -2) === lua.LUA_TSTRING ? this.#nameOf(lua.lua_tostring(state, -2)!) : '?';
      const isOfSources = sourceTables.has(name);
      if (builtinGlobals.has(name)) marks.push(`${name}:${this.#identity(lua.lua_topointer(state, -1))}`);
      else if (!(isOfSources && !isNosy && !this.#hasFunctions)) {
        const type = lua.lua_type(state, -1);
        const plain = type === lua.LUA_TSTRING || type === lua.LUA_TNUMBER;
        if (plain) {
          lua.lua_pushvalue(state, -1);
          marks.push(`${name}=${decode(lua.lua_tostring(state, -1)!)}`);
          lua.lua_pop(state, 1);
        } else if (isOfSources && type === lua.LUA_TTABLE) marks.push(`${name}=${this.#contentMark(lua.lua_gettop(state))}`);
        else if (type === lua.LUA_TFUNCTION) {
          this.#hasFunctions = true;
          marks.push(`${name}:${this.#identity(lua.lua_topointer(state, -1))}`);
        } else marks.push(type === lua.LUA_TTABLE ? `${name}#${this.#tables++}` : `${name}:${type}`);
      }
      lua.lua_pop(state, 1);
    }
    lua.lua_pop(state, 1);
    return marks.sort().join('\n');
  }

  /** The name of a global variable; the bytes of one are the same object whenever it is met. */
  #nameOf(bytes: Uint8Array): string {
    let name = this.#names.get(bytes);
    if (name === undefined) this.#names.set(bytes, (name = decode(bytes)));
    return name;
  }
  readonly #names = new WeakMap<Uint8Array, string>();

  /** What is in a table of plain values. */
  #contentMark(table: number): string {
    const state = this.#state;
    const plain = (index: number): string => {
      const type = lua.lua_type(state, index);
      if (type !== lua.LUA_TSTRING && type !== lua.LUA_TNUMBER) return `#${this.#tables++}`;
      // What is turned into text is turned in its place, which would confuse the walk.
      lua.lua_pushvalue(state, index);
      const text = decode(lua.lua_tostring(state, -1)!);
      lua.lua_pop(state, 1);
      return `${type}${text}`;
    };
    const marks: string[] = [];
    lua.lua_pushnil(state);
    while (lua.lua_next(state, table) !== 0) {
      marks.push(`${plain(-2)}=${plain(-1)}`);
      lua.lua_pop(state, 1);
    }
    return marks.join('\0');
  }
  #tables = 0;
  /** Some chunk defined a function, which may do anything when it is called. */
  #hasFunctions = false;
  readonly #identities = new WeakMap<object, number>();
  #lastIdentity = 0;

  /** A number that tells one function from another. */
  #identity(value: unknown): number {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return -1;
    let number = this.#identities.get(value);
    if (number === undefined) this.#identities.set(value, (number = ++this.#lastIdentity));
    return number;
  }

  /** The error of a call that gave `status`; the interpreter leaves no error object where JavaScript threw. */
  #takeError(status: number): string {
    if (status < 0) return 'not enough memory';
    const text = lua.lua_tostring(this.#state, -1);
    lua.lua_pop(this.#state, 1);
    return text === null ? '(null)' : decode(text);
  }

  #burn(): void {
    this.#left -= fuelStep;
    if (this.#left < 0) this.#fail(this.#state, `too many instructions (more than ${fuel})`);
  }

  #fail(state: State, message: string): never {
    return lauxlib.luaL_error(state, encode('%s'), encode(message));
  }

  #append(text: string): void {
    this.#left -= printFuel;
    const last = this.#printed.length - 1;
    if (last < 0) return;
    if (this.#printed[last]!.length + text.length > longest) this.#fail(this.#state, 'output too long');
    this.#printed[last] += text;
  }

  #print(state: State): number {
    const count = lua.lua_gettop(state);
    for (let index = 1; index <= count; index++) {
      const text = decode(lauxlib.luaL_tolstring(state, index));
      lua.lua_pop(state, 1);
      this.#append((index > 1 ? '\t' : '') + text);
    }
    return 0;
  }

  /** A string of gigabytes is made in one instruction, which the fuel does not see. */
  #limitRep(): void {
    const state = this.#state;
    lua.lua_getglobal(state, encode('string'));
    lua.lua_getfield(state, -1, encode('rep'));
    const rep = lua.lua_toproxy(state, -1);
    lua.lua_pop(state, 1);
    lua.lua_pushcfunction(state, (s) => {
      const text = lauxlib.luaL_checkstring(s, 1);
      const count = lauxlib.luaL_checkinteger(s, 2);
      const between = lua.lua_gettop(s) >= 3 ? lauxlib.luaL_checkstring(s, 3).length : 0;
      if (count > 0 && count * (text.length + between) > longest) this.#fail(s, 'resulting string too large');
      const given = lua.lua_gettop(s);
      rep(s);
      lua.lua_insert(s, 1);
      const status = lua.lua_pcall(s, given, 1, 0);
      return status === lua.LUA_OK ? 1 : this.#fail(s, this.#takeError(status));
    });
    lua.lua_setfield(state, -2, encode('rep'));
    lua.lua_pop(state, 1);
  }

  #global(name: string, fn: fengari.CFunction): void {
    lua.lua_pushcfunction(this.#state, fn);
    lua.lua_setglobal(this.#state, encode(name));
  }

  #library(name: string, functions: Readonly<Record<string, fengari.CFunction>>): void {
    lua.lua_newtable(this.#state);
    for (const [key, fn] of Object.entries(functions)) {
      lua.lua_pushcfunction(this.#state, fn);
      lua.lua_setfield(this.#state, -2, encode(key));
    }
    lua.lua_setglobal(this.#state, encode(name));
  }

  #pushList(items: readonly string[]): void {
    lua.lua_newtable(this.#state);
    items.forEach((item, index) => {
      lua.lua_pushstring(this.#state, encode(item));
      lua.lua_rawseti(this.#state, -2, index + 1);
    });
  }

  #knows(since: string): boolean {
    let known = this.#known.get(since);
    if (known === undefined) this.#known.set(since, (known = rpmVersionNumber(this.#settings.rpmVersion) >= rpmVersionNumber(since)));
    return known;
  }
  readonly #known = new Map<string, boolean>();

  get #moduleFolder(): string {
    return `${this.#settings.configFolder ?? '/usr/lib/rpm'}/lua`;
  }

  /** Modules of rpm's own Lua folder, as distributions ship them (`require "fedora.common"`); nothing else is searched. */
  #require(state: State): number {
    const name = this.#text(state, 1);
    lua.lua_getglobal(state, encode('package'));
    lua.lua_getfield(state, -1, encode('loaded'));
    lua.lua_getfield(state, -1, encode(name));
    if (!lua.lua_isnil(state, -1)) return 1;
    lua.lua_pop(state, 1);
    const path = `${this.#moduleFolder}/${name.replaceAll('.', '/')}.lua`;
    const bytes = name.includes('/') ? undefined : this.#settings.files.read(path, largestFile);
    if (bytes === undefined) return this.#fail(state, `module '${name}' not found:\n\tno field package.preload['${name}']\n\tno file '${path}'`);
    if (lauxlib.luaL_loadbuffer(state, bytes, bytes.length, encode(`@${path}`)) !== lua.LUA_OK) return lua.lua_error(state);
    this.#push(state, name);
    lua.lua_call(state, 1, 1);
    if (lua.lua_isnil(state, -1)) {
      lua.lua_pop(state, 1);
      lua.lua_pushboolean(state, true);
    }
    lua.lua_pushvalue(state, -1);
    lua.lua_setfield(state, -3, encode(name));
    return 1;
  }

  #listAt(state: State, index: number): string[] {
    return Array.from({ length: lua.lua_rawlen(state, index) }, (_, item) => {
      lua.lua_rawgeti(state, index, item + 1);
      const text = lua.lua_tostring(state, -1);
      lua.lua_pop(state, 1);
      return text === null ? '' : decode(text);
    });
  }

  #text(state: State, index: number): string {
    return decode(lauxlib.luaL_checkstring(state, index));
  }

  #push(state: State, value: string | undefined): number {
    if (value === undefined) lua.lua_pushnil(state);
    else lua.lua_pushstring(state, encode(value));
    return 1;
  }

  #expand(state: State, text: string): number {
    const value = this.#macros!.expand(text);
    return value === undefined ? this.#fail(state, 'error expanding macro') : this.#push(state, value);
  }

  /** What would start a process or change the machine: the answer a machine gives that does not permit it. */
  #refused(name: string): fengari.CFunction {
    return (state) => this.#fail(state, `${name} not permitted in this context`);
  }

  /** The same for what rpm 4.20 warns of and rpm 6 no longer has. */
  #outdated(name: string, fullName: string): fengari.CFunction {
    const refused = this.#refused(name);
    return (state) => {
      if (this.#knows('6.0')) return this.#fail(state, `${fullName}() is no longer available, use rpm.spawn() or rpm.execute() instead`);
      if (this.#knows('4.20')) this.#macros!.report('warning', `${fullName}(): .fork(), .exec(), .wait() and .redirect2null() are deprecated, use rpm.spawn() or rpm.execute() instead`);
      return refused(state);
    };
  }

  #leave(): void {
    this.#hasLeft = true;
  }

  #variable(name: string): string | undefined {
    return this.variables.has(name) ? this.variables.get(name) : this.#settings.environment[name];
  }

  #setVariable(name: string, value: string | undefined): void {
    this.#leave();
    this.variables.set(name, value);
  }

  /** An optional integer argument. */
  #integer(state: State, index: number): number | undefined {
    return lua.lua_gettop(state) < index || lua.lua_isnil(state, index) ? undefined : lauxlib.luaL_checkinteger(state, index);
  }

  #rpm(): Record<string, fengari.CFunction> {
    const version = (state: State, index: number) => parseVersion(this.#text(state, index)) ?? lauxlib.luaL_argerror(state, index, encode('invalid version '));
    const glob: fengari.CFunction = (s) => {
      const pattern = this.#text(s, 1);
      const found = globFiles(pattern, this.#settings.files);
      if (found.length > 0) this.#pushList(found);
      else if (lua.lua_gettop(s) >= 2 && this.#text(s, 2).includes('c')) this.#pushList([pattern]);
      // Where nothing fits, rpm pushes nothing: the last argument comes back.
      return 1;
    };
    const library: Record<string, fengari.CFunction> = {
      glob,
      expand: (s) => this.#expand(s, this.#text(s, 1)),
      define: (s) => (this.#macros!.define(this.#text(s, 1)) ? 0 : this.#fail(s, 'error defining macro')),
      undefine: (s) => {
        if (!this.#macros!.undefine(this.#text(s, 1))) this.#fail(s, 'error undefining macro');
        return 0;
      },
      isdefined: (s) => {
        const found = this.#macros!.lookup(this.#text(s, 1));
        lua.lua_pushboolean(s, found !== undefined);
        lua.lua_pushboolean(s, found?.parametric === true);
        return 2;
      },
      load: (s) => {
        lua.lua_pushnumber(s, this.#macros!.load(this.#text(s, 1)));
        return 1;
      },
      vercmp: (s) => {
        lua.lua_pushinteger(s, compareVersions(version(s, 1), version(s, 2)));
        return 1;
      },
      ver: (s) => this.#newVersion(s),
      splitargs: (s) => {
        this.#pushList(splitQuoted(this.#text(s, 1)));
        return 1;
      },
      unsplitargs: (s) => {
        lauxlib.luaL_checktype(s, 1, lua.LUA_TTABLE);
        return this.#push(s, this.#listAt(s, 1).map((arg) => `${separator}${arg}${separator}`).join(' '));
      },
      b64encode: (s) => this.#push(s, encodeBase64(lauxlib.luaL_checkstring(s, 1), lua.lua_gettop(s) >= 2 ? lauxlib.luaL_checkinteger(s, 2) : -1)),
      b64decode: (s) => {
        const bytes = decodeBase64(this.#text(s, 1));
        if (bytes === undefined) lua.lua_pushnil(s);
        else lua.lua_pushstring(s, bytes);
        return 1;
      },
      interactive: (s) => this.#fail(s, 'not a tty'),
      execute: this.#refused('execute'),
      spawn: this.#refused('spawn'),
      open: (s) => this.#openStream(s),
      redirect2null: this.#outdated('redirect2null', 'rpm.redirect2null'),
      ...hookFunctions((reason) => this.#macros!.report('error', `lua hook failed: ${decode(reason)}`), () => this.#leave()),
    };
    for (const [name, since] of Object.entries(firstWith)) if (!this.#knows(since)) delete library[name];
    return library;
  }

  #posix(): Record<string, fengari.CFunction> {
    const library: Record<string, fengari.CFunction> = {
      getenv: (s) => {
        if (lua.lua_gettop(s) > 0) return this.#push(s, this.#variable(this.#text(s, 1)));
        lua.lua_newtable(s);
        for (const name of new Set([...Object.keys(this.#settings.environment), ...this.variables.keys()])) {
          this.#push(s, this.#variable(name));
          lua.lua_setfield(s, -2, encode(name));
        }
        return 1;
      },
      setenv: (s) => {
        const name = this.#text(s, 1);
        const value = this.#text(s, 2);
        const replaces = lua.lua_gettop(s) < 3 || lua.lua_isnil(s, 3) || lua.lua_toboolean(s, 3);
        if (replaces || this.#variable(name) === undefined) this.#setVariable(name, value);
        lua.lua_pushnumber(s, 0);
        return 1;
      },
      putenv: (s) => {
        const [, name, value] = /^([^=]*)(?:=([^]*))?$/.exec(this.#text(s, 1))!;
        this.#setVariable(name!, value);
        lua.lua_pushnumber(s, 0);
        return 1;
      },
      unsetenv: (s) => {
        this.#setVariable(this.#text(s, 1), undefined);
        return 0;
      },
      unlink: (s) => this.#remove(s, 'unlink', () => lua.lua_pushnumber(s, 0)),
      access: (s) => {
        if (this.#stat(this.#text(s, 1)) === undefined) return this.#noSuchFile(s, this.#text(s, 1));
        lua.lua_pushinteger(s, 0);
        return 1;
      },
      stat: (s) => {
        const path = this.#text(s, 1);
        const stat = this.#stat(path);
        if (stat === undefined) return this.#noSuchFile(s, path);
        const fields: Readonly<Record<string, string | number>> = { type: stat.kind === 'file' ? 'regular' : 'directory', size: stat.size, mtime: Math.floor(stat.modified / 1000) };
        const push = (value: string | number | undefined) => {
          if (typeof value === 'number') lua.lua_pushinteger(s, value);
          else this.#push(s, value);
        };
        if (lua.lua_gettop(s) >= 2) {
          push(fields[this.#text(s, 2)]);
          return 1;
        }
        lua.lua_newtable(s);
        for (const [name, value] of Object.entries(fields)) {
          push(value);
          lua.lua_setfield(s, -2, encode(name));
        }
        return 1;
      },
      dir: (s) => {
        this.#pushList(this.#settings.files.list(lua.lua_gettop(s) >= 1 ? this.#text(s, 1) : '/'));
        return 1;
      },
      files: (s) => {
        const names = this.#settings.files.list(lua.lua_gettop(s) >= 1 ? this.#text(s, 1) : '/');
        let next = 0;
        lua.lua_pushcfunction(s, (inner) => this.#push(inner, names[next++]));
        return 1;
      },
      uname: (s) => {
        const words: Readonly<Record<string, string>> = { s: 'Linux', m: this.#settings.arch, n: 'localhost', r: kernel, v: '#1 SMP' };
        return this.#push(s, (lua.lua_gettop(s) >= 1 ? this.#text(s, 1) : '%s %n %r %v %m').replace(/%([snrvm])/g, (_, letter: string) => words[letter]!));
      },
      getcwd: (s) => this.#push(s, '/'),
    };
    for (const name of ['chdir', 'chmod', 'chown', 'errno_exit', 'kill', 'link', 'mkdir', 'mkfifo', 'rmdir', 'setgid', 'setuid', 'sleep', 'symlink', 'umask', 'utime']) library[name] = this.#refused(name);
    for (const name of ['exec', 'fork', 'wait']) library[name] = this.#outdated(name, `posix.${name}`);
    library['redirect2null'] = this.#outdated('redirect2null', 'rpm.redirect2null');
    return library;
  }

  /** A file of the host, or one that code has written. */
  #stat(path: string): FileStat | undefined {
    const size = this.#files.sizeOfWritten(path);
    return size === undefined ? this.#settings.files.stat(path) : { kind: 'file', size, modified: this.#settings.clock.now() };
  }

  /** Only what code has written can be taken away. */
  #remove(state: State, name: string, pushDone: () => void): number {
    const path = this.#text(state, 1);
    if (this.#files.remove(path)) pushDone();
    else if (this.#settings.files.stat(path) === undefined) return this.#noSuchFile(state, path);
    else return this.#refused(name)(state);
    return 1;
  }

  #noSuchFile(state: State, path: string): number {
    lua.lua_pushnil(state);
    this.#push(state, `${path}: No such file or directory`);
    lua.lua_pushinteger(state, 2);
    return 3;
  }

  #os(): Record<string, fengari.CFunction> {
    const library: Record<string, fengari.CFunction> = {
      time: (s) => {
        const field = (name: string, missing: number | undefined) => {
          lua.lua_getfield(s, 1, encode(name));
          const value = lua.lua_isnil(s, -1) ? missing : lua.lua_tonumber(s, -1);
          lua.lua_pop(s, 1);
          return value ?? this.#fail(s, `field '${name}' missing in date table`);
        };
        const time = lua.lua_istable(s, 1) ? Date.UTC(field('year', undefined), field('month', undefined) - 1, field('day', undefined), field('hour', 12), field('min', 0), field('sec', 0)) : this.#settings.clock.now();
        lua.lua_pushinteger(s, Math.floor(time / 1000));
        return 1;
      },
      clock: (s) => {
        lua.lua_pushnumber(s, 0);
        return 1;
      },
      date: (s) => {
        const format = lua.lua_gettop(s) >= 1 ? this.#text(s, 1) : '%c';
        const time = lua.lua_gettop(s) >= 2 ? lauxlib.luaL_checkinteger(s, 2) * 1000 : this.#settings.clock.now();
        return this.#push(s, formatDate(format.replace(/^!/, ''), new Date(time)));
      },
      getenv: (s) => this.#push(s, this.#variable(this.#text(s, 1))),
      remove: (s) => this.#remove(s, 'remove', () => lua.lua_pushboolean(s, true)),
    };
    for (const name of ['execute', 'exit', 'rename', 'setlocale', 'tmpname']) library[name] = this.#refused(name);
    return library;
  }

  /** Reading of files that the host shows; what is written stays in memory. */
  #io(): Record<string, fengari.CFunction> {
    const open = (state: State, path: string, mode: string): LuaStream | undefined => {
      const stream = this.#files.open(path, mode);
      if (stream === undefined) this.#noSuchFile(state, path);
      return stream;
    };
    const library: Record<string, fengari.CFunction> = {
      open: (s) => {
        const mode = lua.lua_gettop(s) >= 2 ? this.#text(s, 2) : 'r';
        if (!/^[rwa]\+?b?$/.test(mode)) return lauxlib.luaL_argerror(s, 2, encode('invalid mode'));
        const stream = open(s, this.#text(s, 1), mode);
        if (stream === undefined) return 3;
        this.#pushFile(s, stream);
        return 1;
      },
      lines: (s) => {
        const path = this.#text(s, 1);
        const stream = open(s, path, 'r');
        if (stream === undefined) return this.#fail(s, `${path}: No such file or directory`);
        lua.lua_pushcfunction(s, (inner) => this.#pushRead(inner, readStream(stream, 'l')));
        return 1;
      },
      tmpfile: (s) => {
        this.#pushFile(s, this.#files.unnamed(new Bytes(0), true));
        return 1;
      },
      // No process: the command is answered for as one in `%(...)` is.
      popen: (s) => {
        const mode = lua.lua_gettop(s) >= 2 ? this.#text(s, 2) : 'r';
        const output = mode === 'r' ? this.#macros!.shell(this.#text(s, 1)) : undefined;
        if (output === undefined) return this.#fail(s, 'popen not permitted in this context');
        this.#pushFile(s, this.#files.unnamed(encode(output), false), true);
        return 1;
      },
      write: (s) => {
        this.#writeOut(s, 1, false);
        lua.lua_getglobal(s, encode('io'));
        lua.lua_getfield(s, -1, encode('stdout'));
        return 1;
      },
    };
    for (const name of ['close', 'input', 'output']) library[name] = this.#refused(name);
    return library;
  }

  /** `io.stdout` and `io.stderr`: what is written to them goes past what the chunk prints. */
  #standardFiles(): void {
    const state = this.#state;
    lua.lua_getglobal(state, encode('io'));
    for (const [name, toError] of [['stdout', false], ['stderr', true]] as const) {
      this.#pushMethods(state, {
        write: (s) => {
          this.#writeOut(s, 2, toError);
          lua.lua_settop(s, 1);
          return 1;
        },
        flush: () => 1,
        setvbuf: (s) => {
          lua.lua_pushboolean(s, true);
          return 1;
        },
      });
      lua.lua_setfield(state, -2, encode(name));
    }
    lua.lua_pop(state, 1);
  }

  #writeOut(state: State, first: number, toError: boolean): void {
    const count = lua.lua_gettop(state);
    for (let index = first; index <= count; index++) {
      this.#left -= printFuel;
      this.#macros!.write(this.#text(state, index), toError);
    }
  }

  #pushMethods(state: State, methods: Readonly<Record<string, fengari.CFunction>>): void {
    lua.lua_newtable(state);
    for (const [name, method] of Object.entries(methods)) {
      lua.lua_pushcfunction(state, method);
      lua.lua_setfield(state, -2, encode(name));
    }
  }

  #pushRead(state: State, bytes: Uint8Array | undefined): number {
    if (bytes === undefined) lua.lua_pushnil(state);
    else lua.lua_pushstring(state, bytes);
    return 1;
  }

  #pushFile(state: State, stream: LuaStream, isProcess = false): void {
    const badFile = (s: State): number => {
      lua.lua_pushnil(s);
      this.#push(s, 'Bad file descriptor');
      lua.lua_pushinteger(s, 9);
      return 3;
    };
    this.#pushMethods(state, {
      read: (s) => {
        if (!stream.mode.readable) return badFile(s);
        const count = Math.max(lua.lua_gettop(s), 2);
        for (let index = 2; index <= count; index++) {
          const format = lua.lua_gettop(s) < index ? 'l' : lua.lua_type(s, index) === lua.LUA_TNUMBER ? lauxlib.luaL_checkinteger(s, index) : this.#text(s, index).replace(/^\*/, '');
          this.#pushRead(s, readStream(stream, format));
        }
        return count - 1;
      },
      lines: (s) => {
        lua.lua_pushcfunction(s, (inner) => this.#pushRead(inner, readStream(stream, 'l')));
        return 1;
      },
      write: (s) => {
        if (!stream.mode.writable) return badFile(s);
        const count = lua.lua_gettop(s);
        for (let index = 2; index <= count; index++) if (!stream.write(lauxlib.luaL_checkstring(s, index))) return this.#fail(s, 'No space left on device');
        lua.lua_settop(s, 1);
        return 1;
      },
      seek: (s) => {
        const from = lua.lua_gettop(s) < 2 ? 'cur' : this.#text(s, 2);
        const offset = this.#integer(s, 3) ?? 0;
        if ((from !== 'set' && from !== 'cur' && from !== 'end') || !stream.seek(from, offset)) return badFile(s);
        lua.lua_pushinteger(s, stream.at);
        return 1;
      },
      flush: () => 1,
      setvbuf: (s) => {
        lua.lua_pushboolean(s, true);
        return 1;
      },
      close: (s) => {
        lua.lua_pushboolean(s, true);
        if (!isProcess) return 1;
        this.#push(s, 'exit');
        lua.lua_pushinteger(s, 0);
        return 3;
      },
    });
  }

  /** `rpm.open(path, mode)`: the mode is C's, with the name of a way to pack behind a dot. */
  #openStream(state: State): number {
    const path = this.#text(state, 1);
    const mode = lua.lua_gettop(state) >= 2 ? this.#text(state, 2) : 'r';
    const [, access, way = ''] = /^([rwa]\+?)[^.]*(?:\.(.*))?$/.exec(mode) ?? [];
    const isPlain = way === '' || way === 'ufdio' || way === 'fdio' || way === 'fpio';
    if (access === undefined || !(isPlain || gzipNames.has(way))) return this.#fail(state, `${path} open failed: Invalid argument`);
    const stream = this.#files.open(path, access) ?? (this.#stat(path)?.kind === 'directory' ? this.#files.unnamed(new Bytes(0), false) : undefined);
    if (stream === undefined) return this.#fail(state, `${path} open failed: No such file or directory`);
    if (!isPlain && !stream.unpack()) return this.#fail(state, `${path} open failed: Invalid argument`);
    lua.lua_newuserdata(state, 0).data = { path, stream } satisfies RpmFile;
    lauxlib.luaL_getmetatable(state, encode(streamClass));
    lua.lua_setmetatable(state, -2);
    return 1;
  }

  /** What `rpm.open` gives. */
  #streamClass(): void {
    const state = this.#state;
    const fileAt = (s: State): RpmFile => lauxlib.luaL_checkudata(s, 1, encode(streamClass)).data as RpmFile;
    const closed = (s: State, what: string): never => this.#fail(s, `error ${what} [none]: Bad file descriptor`);
    lauxlib.luaL_newmetatable(state, encode(streamClass));
    const methods: Readonly<Record<string, fengari.CFunction>> = {
      read: (s) => {
        const { path, stream } = fileAt(s);
        if (stream === undefined) return closed(s, 'reading');
        if (this.#stat(path)?.kind === 'directory') return this.#fail(s, `error reading ${path}: Is a directory`);
        if (!stream.mode.readable) return this.#fail(s, `error reading ${path}: Bad file descriptor`);
        const most = this.#integer(s, 2) ?? -1;
        return this.#pushRead(s, stream.read(most < 0 ? Number.MAX_SAFE_INTEGER : most));
      },
      write: (s) => {
        const { path, stream } = fileAt(s);
        const bytes = lauxlib.luaL_checkstring(s, 2);
        const count = this.#integer(s, 3) ?? bytes.length;
        if (stream === undefined) return closed(s, 'writing');
        if (!stream.mode.writable) return this.#fail(s, `error writing ${path}: Bad file descriptor`);
        if (!stream.write(bytes.slice(0, count))) return this.#fail(s, `error writing ${path}: No space left on device`);
        lua.lua_pushinteger(s, Math.min(count, bytes.length));
        return 1;
      },
      flush: (s) => {
        lua.lua_pushinteger(s, fileAt(s).stream === undefined ? -1 : 0);
        return 1;
      },
      close: (s) => {
        const file = fileAt(s);
        lua.lua_pushinteger(s, file.stream === undefined ? -1 : 0);
        file.stream?.close();
        file.stream = undefined;
        return 1;
      },
      seek: (s) => {
        const { path, stream } = fileAt(s);
        const from = lua.lua_gettop(s) < 2 || lua.lua_isnil(s, 2) ? 'cur' : this.#text(s, 2);
        if (from !== 'set' && from !== 'cur' && from !== 'end') return lauxlib.luaL_argerror(s, 2, encode(`invalid option '${from}'`));
        const offset = this.#integer(s, 3) ?? 0;
        if (stream === undefined || !stream.seek(from, offset)) return this.#fail(s, `${stream === undefined ? '[none]' : path}: seek failed: Invalid argument`);
        lua.lua_pushinteger(s, stream.at);
        return 1;
      },
      reopen: (s) => {
        const { path, stream } = fileAt(s);
        const way = /\.(.*)$/.exec(this.#text(s, 2))?.[1];
        if (stream === undefined || way === undefined || !gzipNames.has(way) || !stream.unpack()) return this.#fail(s, `${stream === undefined ? '[none]' : path} stream reopen failed (invalid mode?)`);
        lua.lua_pushvalue(s, 1);
        return 1;
      },
      __tostring: (s) => this.#push(s, '[none]'),
    };
    for (const [name, method] of Object.entries(methods)) {
      lua.lua_pushcfunction(state, method);
      lua.lua_setfield(state, -2, encode(name));
    }
    lua.lua_pushvalue(state, -1);
    lua.lua_setfield(state, -2, encode('__index'));
    lua.lua_pop(state, 1);
  }

  #versionClass(): void {
    const state = this.#state;
    lauxlib.luaL_newmetatable(state, encode(versionClass));
    const compare = (test: (order: number) => boolean): fengari.CFunction => (s) => {
      lua.lua_pushboolean(s, test(compareVersions(versionAt(s, 1), versionAt(s, 2))));
      return 1;
    };
    const methods: Readonly<Record<string, fengari.CFunction>> = {
      __index: (s) => {
        const key = this.#text(s, 2);
        const { epoch, version, release } = versionAt(s, 1);
        if (key !== 'e' && key !== 'v' && key !== 'r') return this.#fail(s, `invalid attribute: ${key}`);
        return this.#push(s, { e: epoch, v: version, r: release }[key]);
      },
      __tostring: (s) => this.#push(s, formatVersion(versionAt(s, 1))),
      __eq: compare((order) => order === 0),
      __lt: compare((order) => order < 0),
      __le: compare((order) => order <= 0),
    };
    for (const [name, method] of Object.entries(methods)) {
      lua.lua_pushcfunction(state, method);
      lua.lua_setfield(state, -2, encode(name));
    }
    lua.lua_pop(state, 1);
  }

  #newVersion(state: State): number {
    const optional = (index: number) => (lua.lua_isnil(state, index) ? undefined : this.#text(state, index));
    const count = lua.lua_gettop(state);
    if (count !== 1 && count !== 3) return this.#fail(state, `invalid number of arguments: ${count}`);
    const version: RpmVersion | undefined = count === 1 ? parseVersion(this.#text(state, 1)) : { epoch: optional(1), version: this.#text(state, 2), release: optional(3) };
    if (version === undefined) return 0;
    lua.lua_newuserdata(state, 0).data = version;
    lauxlib.luaL_getmetatable(state, encode(versionClass));
    lua.lua_setmetatable(state, -2);
    return 1;
  }

  /** `macros.name`, `macros.name = body`, `macros.name(argument or table)`. */
  #macrosTable(): void {
    const state = this.#state;
    lua.lua_newtable(state);
    lua.lua_newtable(state);
    lua.lua_pushcfunction(state, (s) => {
      const name = this.#text(s, 2);
      const found = this.#macros!.lookup(name);
      if (found === undefined) return 0;
      if (!found.parametric) return this.#expand(s, `%{${name}}`);
      lua.lua_pushcfunction(s, (inner) => {
        if (lua.lua_gettop(inner) > 1) this.#fail(inner, 'too many arguments');
        if (lua.lua_isstring(inner, 1)) return this.#expand(inner, `%{${name} ${this.#text(inner, 1)}}`);
        if (!lua.lua_istable(inner, 1)) lauxlib.luaL_argerror(inner, 1, encode('string or table expected'));
        const args = Array.from({ length: lua.lua_rawlen(inner, 1) }, (_, item) => {
          lua.lua_rawgeti(inner, 1, item + 1);
          const text = lua.lua_tostring(inner, -1);
          lua.lua_pop(inner, 1);
          return text === null ? lauxlib.luaL_argerror(inner, item + 1, encode('cannot convert to string')) : decode(text);
        });
        const value = this.#macros!.call(name, args);
        if (value !== undefined) return this.#push(inner, value);
        // Older versions give nothing where the macro fails.
        return this.#knows(firstToFail) ? this.#fail(inner, 'error expanding macro') : 0;
      });
      return 1;
    });
    lua.lua_setfield(state, -2, encode('__index'));
    lua.lua_pushcfunction(state, (s) => {
      const name = this.#text(s, 2);
      if (lua.lua_isnil(s, 3)) {
        if (!this.#macros!.undefine(name)) this.#fail(s, `error undefining macro ${name}`);
      } else if (!this.#macros!.define(`${name} ${this.#text(s, 3)}`)) this.#fail(s, `error defining macro ${name}`);
      return 0;
    });
    lua.lua_setfield(state, -2, encode('__newindex'));
    lua.lua_setmetatable(state, -2);
    lua.lua_setglobal(state, encode('macros'));
  }
}

/**
 * Runs something that makes strings, with a limit on their bytes. Concatenation doubles a string in three instructions, so
 * neither fuel nor a hook can see it in time, and the interpreter has no allocator to ask: its strings are byte arrays,
 * whose constructor is replaced while it runs. Nothing else runs meanwhile, since the interpreter never waits.
 */
function withinMemory<T>(work: () => T): T {
  const real = globalThis.Uint8Array;
  let left = memory;
  globalThis.Uint8Array = new Proxy(real, {
    construct(target, args: [unknown]) {
      if (typeof args[0] === 'number') {
        left -= args[0];
        if (left < 0 || args[0] > longest) throw new RangeError('not enough memory');
      }
      return Reflect.construct(target, args) as Uint8Array;
    },
  });
  try {
    return work();
  } finally {
    globalThis.Uint8Array = real;
  }
}

/** What rpm fills as it reads Source and Patch tags. */
const sourceTables: ReadonlySet<string> = new Set(['sources', 'source_nums', 'patches', 'patch_nums']);

/** Code that names these tables, or may reach any global variable by a name that is not written out. */
const mayChangeSources = /\b(?:sources|source_nums|patches|patch_nums|_G|_ENV|load|require|pairs|next)\b/;

/** Code that may leave something else behind than global variables: it uses a library for more than to call a function of it, or what changes any table or the state of a library. */
const mayChangeLibraries = /\b(?:coroutine|table|string|utf8|math|rpm|posix|os|io|package|debug)\b(?!\s*\.\s*\w+\s*[({"'[])|\b(?:_G|_ENV|load|require|setmetatable|getmetatable|rawset|randomseed|collectgarbage)\b/;

/** Names that are there before the first chunk: what is in those that are tables is not looked at. */
const builtinGlobals = new Set(['_G', '_VERSION', 'assert', 'collectgarbage', 'error', 'getmetatable', 'ipairs', 'load', 'next', 'pairs', 'pcall', 'print', 'rawequal', 'rawget', 'rawlen', 'rawset', 'require', 'select', 'setmetatable', 'tonumber', 'tostring', 'type', 'xpcall', 'coroutine', 'table', 'string', 'utf8', 'math', 'rpm', 'posix', 'os', 'io', 'macros', 'package', 'debug']);

/** The versions in which rpm's library got what it did not have from the start. */
const firstWith: Readonly<Record<string, string>> = { vercmp: '4.16', isdefined: '4.17', ver: '4.17', open: '4.17', splitargs: '4.18', unsplitargs: '4.18', glob: '4.19', spawn: '4.20' };

/** The first version in which a macro that fails fails the Lua code that called it by `macros.name({...})`. */
const firstToFail = '4.18.2';

const versionClass = 'rpm.ver';
const streamClass = 'rpm.fd';

/** What `rpm.open` opened; without a stream once it is closed. */
interface RpmFile {
  readonly path: string;
  stream: LuaStream | undefined;
}

/** What rpm calls gzip behind the dot of a mode. The other ways to pack are not read here. */
const gzipNames: ReadonlySet<string> = new Set(['gzip', 'gzdio']);

/** A kernel that builds packages: which one is not known, but that it is no older than specs ask for. */
const kernel = '6.0.0';

/** What rpm puts around arguments so that blanks in them survive. */
const separator = '\x1f';

function versionAt(state: State, index: number): RpmVersion {
  return lauxlib.luaL_checkudata(state, index, encode(versionClass)).data as RpmVersion;
}

function splitQuoted(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (const character of text) {
    if (character === separator) {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Lua's read formats: `a` all, `l` a line, `L` with its break, a number of bytes; undefined at the end. */
function readStream(stream: LuaStream, format: string | number): Uint8Array | undefined {
  if (format === 'a' || format === 'all') return stream.read(Number.MAX_SAFE_INTEGER);
  if (typeof format !== 'number') return stream.readLine(format === 'L');
  const bytes = stream.read(Math.max(0, format));
  return bytes.length === 0 ? undefined : bytes;
}

/** Base64 with a line break every `length` characters (64 for none given below zero, none for zero), one at the end too, as rpm writes it. */
function encodeBase64(bytes: Uint8Array, length: number): string {
  const text = Buffer.from(bytes).toString('base64');
  const width = length < 0 ? 64 : length;
  if (width === 0) return text;
  return text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n');
}

function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/\s/g, '');
  return packed.length > 0 && packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed) ? new Uint8Array(Buffer.from(packed, 'base64')) : undefined;
}
