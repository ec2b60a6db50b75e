import { type Target, type TargetCatalogue, targetCatalogue, userFolders } from '../core/targets/index.js';
import { type CommandIo, UsageError } from './command.js';

/** Targets as this machine knows them: built-in facts, imported sets, its own rpm. */
export function catalogueOf({ host, env }: CommandIo): TargetCatalogue {
  return targetCatalogue({ files: host.files(), cache: host.cacheFiles.folder, arch: host.machine.arch, user: userFolders(env) });
}

/** The target that `--for` names, for another architecture where one is asked for. Throws a UsageError that names the command. */
export function targetNamed(io: CommandIo, command: string, name: string, arch?: string): Target {
  const catalogue = catalogueOf(io);
  const found = catalogue.find(name);
  if ('message' in found) throw new UsageError(`${command}: ${found.message}`);
  if (arch === undefined) return found.target;
  // A set has files for each architecture.
  const other = found.target.set === undefined ? undefined : catalogue.find(`${name.split('/')[0]}/${arch}`);
  return other !== undefined && 'target' in other ? other.target : { ...found.target, arch };
}
