/** Finds targets by name: imported sets in the cache, this machine, the built-in facts. */
import type { FileReader } from '../host.js';
import { decodeText } from '../text/index.js';
import { type KeptMacroSet, type UserFolders, fileLimit, macroSetFor, parseKeptSet, rpmVersionIn, userMacroFile } from './macroSet.js';
import { collectFolder } from './import/folder.js';
import type { Target } from './target.js';
import { type FoundTarget, architectures, baseMacros, findTarget, listTargets } from './targets.js';

export interface ListedTarget {
  readonly id: string;
  readonly label: string;
  readonly rpmVersion: string;
  readonly kind: 'built-in' | 'imported' | 'machine';
  /** Of an imported set: what it was read from, when (milliseconds since 1970-01-01 UTC), how many files and packages it has. */
  readonly imported?: { readonly source: string; readonly time: number; readonly files: number; readonly packages: number };
}

export interface TargetCatalogue {
  /** By the name of an imported set, `this`, or the name of a known release; each with `/ARCH` behind it, if wanted. The same name gives the same object as long as nothing has changed. */
  find(name: string): FoundTarget;
  list(): readonly ListedTarget[];
}

export interface CatalogueOptions {
  /** Reads anything: the cache folder, and rpm's own folders of this machine. */
  readonly files: FileReader;
  /** Absolute path of the cache folder. */
  readonly cache: string;
  /** Architecture of this machine in rpm's words. */
  readonly arch: string;
  /** Whose own macros this machine's rpm reads too; nobody's without it. */
  readonly user?: UserFolders | undefined;
}

/** Folder of imported sets in the cache, one `NAME.json` each. */
export const setsFolder = 'targets';

/** The name under which rpm's own files of this machine are known. */
export const thisMachine = 'this';

/** Names of imported sets: they become names of files. */
export const setNamePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export function targetCatalogue({ files, cache, arch: machineArch, user }: CatalogueOptions): TargetCatalogue {
  const folder = `${cache}/${setsFolder}`;
  const kept = new Map<string, { readonly stamp: string; readonly set: KeptMacroSet | undefined }>();
  const found = new Map<string, { readonly stamp: string; readonly target: Target }>();
  let machine: { readonly set: KeptMacroSet | undefined; readonly user: ReturnType<typeof userMacroFile> | undefined } | undefined;

  function read(name: string): { readonly stamp: string; readonly set: KeptMacroSet | undefined } | undefined {
    if (!setNamePattern.test(name)) return undefined;
    const path = `${folder}/${name}.json`;
    const stat = files.stat(path);
    if (stat === undefined) return undefined;
    const stamp = `${stat.size}-${stat.modified}`;
    let known = kept.get(name);
    if (known?.stamp !== stamp) {
      const bytes = files.read(path, 256 << 20);
      known = { stamp, set: bytes === undefined ? undefined : parseKeptSet(bytes) };
      kept.set(name, known);
    }
    return known;
  }

  function readMachine(): NonNullable<typeof machine> {
    if (machine !== undefined) return machine;
    const collected = collectFolder(files, '/');
    const rpmVersion = rpmVersionIn(collected.files.map(({ path }) => path)) ?? collected.rpmVersion;
    if (rpmVersion === undefined || collected.files.length === 0) return (machine = { set: undefined, user: undefined });
    const own = user === undefined ? undefined : userMacroFile(files, user, rpmVersion);
    const bytes = own === undefined ? undefined : files.read(own.file, fileLimit);
    const all = bytes === undefined ? collected.files : [...collected.files, { path: own!.file, text: decodeText(bytes).text }];
    return (machine = { set: { version: 1, name: thisMachine, label: 'this machine', rpmVersion, arch: machineArch, source: 'the rpm of this machine', imported: 0, files: all }, user: own });
  }

  return {
    find(name) {
      const [id = '', arch] = name.toLowerCase().split('/');
      const imported = read(id);
      if (imported !== undefined && imported.set === undefined) return { message: `the imported target '${id}' cannot be read; import it again`, nearest: undefined };
      const set = imported?.set ?? (id === thisMachine ? readMachine().set : undefined);
      if (set === undefined) {
        if (id === thisMachine) return { message: 'this machine has no rpm whose macros could be read; name another target', nearest: undefined };
        return findTarget(name);
      }
      if (arch !== undefined && !(architectures as readonly string[]).includes(arch)) return { message: `unknown architecture in target '${name}'; known are ${architectures.join(', ')}`, nearest: undefined };
      const stamp = imported?.stamp ?? '';
      const known = found.get(name);
      if (known?.stamp === stamp) return { target: known.target };
      const target = targetOfSet(set, arch ?? set.arch, stamp, imported === undefined ? readMachine().user : undefined);
      found.set(name, { stamp, target });
      return { target };
    },
    list() {
      const sets = files.list(folder).flatMap((file) => (file.endsWith('.json') ? (read(file.slice(0, -5))?.set ?? []) : []));
      const own = readMachine().set;
      return [
        ...sets.map(({ name, label, rpmVersion, source, imported, files: members }): ListedTarget => ({
          id: name, label, rpmVersion, kind: 'imported', imported: { source, time: imported, files: members.length, packages: new Set(members.flatMap((file) => file.package ?? [])).size },
        })),
        ...(own === undefined || sets.some(({ name }) => name === thisMachine) ? [] : [{ id: thisMachine, label: 'this machine', rpmVersion: own.rpmVersion, kind: 'machine' as const }]),
        ...listTargets().filter(({ id }) => !sets.some(({ name }) => name === id)).map((one): ListedTarget => ({ ...one, kind: 'built-in' })),
      ];
    },
  };
}

/** A set as a target. Where its name is that of a known release, what that release is called stands under its files, as its release package has it. */
export function targetOfSet(set: KeptMacroSet, arch: string, revision: string, user?: { readonly path: string; readonly file: string }): Target {
  return {
    id: arch === set.arch ? set.name : `${set.name}/${arch}`,
    label: arch === set.arch ? set.label : `${set.label} (${arch})`,
    rpmVersion: set.rpmVersion,
    arch,
    macros: baseMacros(set.name),
    set: macroSetFor(set.files, { revision, arch, rpmVersion: set.rpmVersion, user }),
  };
}
