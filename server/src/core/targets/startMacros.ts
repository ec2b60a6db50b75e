import { type DefinitionSite, Expander, type MacroContext, type MacroTable, bareTable, macroLevel, rpmTable } from '../macros/index.js';
import type { Target, TargetMacro } from './target.js';

/** The table a target begins with, before any file is read: rpm's builtins, and our facts about rpm where no macro files bring them. */
export function startTable(target: Target, options: { readonly rpmVersion?: string; readonly isBare?: boolean } = {}): MacroTable {
  const { rpmVersion = target.rpmVersion, isBare = target.set !== undefined } = options;
  return (isBare ? bareTable : rpmTable)({ rpmVersion, arch: target.arch });
}

/** Defines what the target defines: its facts, the macro files of its set, what rpm adds behind them. */
export function defineTarget(expander: Expander, target: Target): void {
  const push = ({ name, options, body, file, line }: TargetMacro): void => {
    const site: DefinitionSite = file === undefined ? { kind: 'target', target: target.id } : { kind: 'file', file, line: line ?? 0 };
    expander.table.push(name, body, { options, level: macroLevel.macroFiles, site });
  };
  target.macros.forEach(push);
  for (const file of target.set?.order ?? []) expander.loadFile(file);
  target.set?.last.forEach(push);
}

/** The macros of a target alone, to be looked at. */
export function targetExpander(target: Target, context: MacroContext): Expander {
  const expander = new Expander(startTable(target), context);
  defineTarget(expander, target);
  expander.takeMessages();
  return expander;
}
