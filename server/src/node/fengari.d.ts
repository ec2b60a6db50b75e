/** The part of fengari's C-like interface that we use; the package brings no types of its own. */
declare namespace fengari {
  /** Opaque. */
  interface State {
    readonly _lua_State: never;
  }
  type LuaString = Uint8Array;
  type CFunction = (state: State) => number;
  interface Core {
    readonly LUA_OK: number;
    readonly LUA_MULTRET: number;
    readonly LUA_MASKCOUNT: number;
    readonly LUA_TNIL: number;
    readonly LUA_TFUNCTION: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TTABLE: number;
    readonly LUA_TUSERDATA: number;
    readonly LUA_TLIGHTUSERDATA: number;
    readonly LUA_REGISTRYINDEX: number;
    lua_gettop(state: State): number;
    lua_settop(state: State, top: number): void;
    lua_pop(state: State, count: number): void;
    lua_insert(state: State, index: number): void;
    lua_pushnil(state: State): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushinteger(state: State, value: number): void;
    lua_pushnumber(state: State, value: number): void;
    lua_pushstring(state: State, value: LuaString): void;
    lua_pushlightuserdata(state: State, value: unknown): void;
    lua_pushvalue(state: State, index: number): void;
    lua_pushglobaltable(state: State): void;
    lua_pushcclosure(state: State, fn: CFunction, upvalues: number): void;
    lua_pushcfunction(state: State, fn: CFunction): void;
    lua_upvalueindex(index: number): number;
    lua_newtable(state: State): void;
    lua_next(state: State, index: number): number;
    lua_rawlen(state: State, index: number): number;
    lua_rawequal(state: State, a: number, b: number): boolean;
    lua_rawgeti(state: State, index: number, key: number): number;
    lua_rawseti(state: State, index: number, key: number): void;
    lua_setfield(state: State, index: number, key: LuaString): void;
    lua_getfield(state: State, index: number, key: LuaString): number;
    lua_getglobal(state: State, name: LuaString): number;
    lua_setglobal(state: State, name: LuaString): void;
    lua_setmetatable(state: State, index: number): void;
    lua_type(state: State, index: number): number;
    lua_isstring(state: State, index: number): boolean;
    lua_isnumber(state: State, index: number): boolean;
    lua_istable(state: State, index: number): boolean;
    lua_isnil(state: State, index: number): boolean;
    lua_tostring(state: State, index: number): LuaString | null;
    lua_toboolean(state: State, index: number): boolean;
    lua_tonumber(state: State, index: number): number;
    lua_topointer(state: State, index: number): unknown;
    lua_toproxy(state: State, index: number): (state: State) => void;
    lua_touserdata(state: State, index: number): unknown;
    lua_newuserdata(state: State, size: number): { data?: unknown };
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_call(state: State, args: number, results: number): void;
    lua_error(state: State): never;
    lua_sethook(state: State, hook: ((state: State, info: unknown) => void) | null, mask: number, count: number): void;
  }
  interface Auxiliary {
    luaL_newstate(): State;
    luaL_requiref(state: State, name: LuaString, open: CFunction, global: number): void;
    luaL_loadbuffer(state: State, code: LuaString, size: number, name: LuaString): number;
    luaL_ref(state: State, table: number): number;
    luaL_unref(state: State, table: number, reference: number): void;
    luaL_checkstring(state: State, index: number): LuaString;
    luaL_checkinteger(state: State, index: number): number;
    luaL_checktype(state: State, index: number, type: number): void;
    luaL_checkudata(state: State, index: number, name: LuaString): { data?: unknown };
    luaL_newmetatable(state: State, name: LuaString): number;
    luaL_getmetatable(state: State, name: LuaString): number;
    luaL_tolstring(state: State, index: number): LuaString;
    luaL_error(state: State, format: LuaString, ...args: readonly unknown[]): never;
    luaL_argerror(state: State, index: number, message: LuaString): never;
  }
  interface Libraries {
    luaopen_base: CFunction;
    luaopen_coroutine: CFunction;
    luaopen_table: CFunction;
    luaopen_string: CFunction;
    luaopen_utf8: CFunction;
    luaopen_math: CFunction;
  }
}
declare module 'fengari' {
  const all: {
    readonly lua: fengari.Core;
    readonly lauxlib: fengari.Auxiliary;
    readonly lualib: fengari.Libraries;
    to_luastring(text: string, cache?: boolean): fengari.LuaString;
  };
  export default all;
}
