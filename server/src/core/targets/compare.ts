/** Macros of a target looked at, and held against those of another. */
import type { DefinitionSite, Expander } from '../macros/index.js';
import { packageOfFile } from './macroSet.js';
import type { Target } from './target.js';

export interface MacroInTarget {
  readonly name: string;
  /** getopt letters of a macro with parameters. */
  readonly options: string | undefined;
  readonly body: string;
  /** What a use gives without arguments; undefined for one with parameters. */
  readonly value: string | undefined;
  readonly site: DefinitionSite;
  /** Package that brings the file it is defined in, where that is known. */
  readonly package: string | undefined;
}

/** A macro as a target defines it; undefined where it does not. */
export function describeMacroIn(target: Target, expander: Expander, name: string): MacroInTarget | undefined {
  const definition = expander.table.get(name);
  if (definition === undefined) return undefined;
  const { options, body, site } = definition;
  const value = options === undefined && site.kind !== 'builtin' ? expander.expand(`%{${name}}`).text : undefined;
  expander.takeMessages();
  return { name, options, body, value, site, package: site.kind === 'file' ? packageOfFile(target, site.file) : undefined };
}

export interface MacroDifference {
  readonly name: string;
  readonly left: MacroInTarget | undefined;
  readonly right: MacroInTarget | undefined;
}

/** Macros that are defined differently: their bodies or parameters, or with `byValue` what a use gives. Sorted by name. */
export function diffTargets(left: { readonly target: Target; readonly expander: Expander }, right: { readonly target: Target; readonly expander: Expander }, byValue: boolean): MacroDifference[] {
  const names = [...new Set([...left.expander.table.names(), ...right.expander.table.names()])].sort();
  const differences: MacroDifference[] = [];
  for (const name of names) {
    const [a, b] = [left.expander.table.get(name), right.expander.table.get(name)];
    // Builtins come with the version of rpm, which is said once.
    if ((a === undefined || a.site.kind === 'builtin') && (b === undefined || b.site.kind === 'builtin')) continue;
    if (!byValue && a !== undefined && b !== undefined && a.options === b.options && a.body === b.body) continue;
    const one: MacroDifference = { name, left: describeMacroIn(left.target, left.expander, name), right: describeMacroIn(right.target, right.expander, name) };
    if (byValue && one.left !== undefined && one.right !== undefined && one.left.options === one.right.options && (one.left.value ?? one.left.body) === (one.right.value ?? one.right.body)) continue;
    differences.push(one);
  }
  return differences;
}
