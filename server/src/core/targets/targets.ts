import { type Release, releases, unlistedFedora } from './distributions.js';
import { commonMacros } from './commonMacros.js';
import type { Target, TargetMacro } from './target.js';

/** What is asked for when nobody says: the newest stable release of the distribution with the most specs. */
export const defaultTarget = 'fedora-43';

/** Architectures that distributions build for, as `%{_target_cpu}`. */
export const architectures = ['x86_64', 'aarch64', 'ppc64le', 's390x', 'riscv64', 'i686', 'armv7hl', 'loongarch64'] as const;

/** Every known target, for lists and completion. */
export function listTargets(): readonly { readonly id: string; readonly label: string; readonly rpmVersion: string }[] {
  return releases.map(({ id, label, rpmVersion }) => ({ id, label, rpmVersion }));
}

/** A target that was found, or why not, with the nearest known name. */
export type FoundTarget = { readonly target: Target } | { readonly message: string; readonly nearest: string | undefined };

/**
 * The target of a name: an id or one of its other spellings, `/` and an architecture behind it if it is not x86_64
 * (`el9`, `alma9`, `fedora-41/aarch64`).
 */
export function findTarget(name: string): FoundTarget {
  const [id = '', arch = 'x86_64', ...rest] = name.toLowerCase().split('/');
  if (rest.length > 0 || !(architectures as readonly string[]).includes(arch)) {
    return { message: `unknown architecture in target '${name}'; known are ${architectures.join(', ')}`, nearest: undefined };
  }
  const release = releases.find((one) => one.id === id || one.aliases.includes(id)) ?? unlistedFedora(id);
  if (release === undefined) {
    const nearest = nearestName(id);
    return { message: `unknown target '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`, nearest };
  }
  return { target: targetOf(release, arch) };
}

/** What the release of that name is called: name, number, vendor; nothing where no release has the name. */
export function baseMacros(name: string): readonly TargetMacro[] {
  const release = releases.find((one) => one.id === name || one.aliases.includes(name)) ?? unlistedFedora(name);
  return release?.macros ?? [];
}

function targetOf(release: Release, arch: string): Target {
  return {
    id: arch === 'x86_64' ? release.id : `${release.id}/${arch}`,
    label: arch === 'x86_64' ? release.label : `${release.label} (${arch})`,
    rpmVersion: release.rpmVersion,
    arch,
    macros: [...commonMacros(release), ...release.macros],
  };
}

/** The known id that takes the fewest changes to reach, if it is near enough to be a slip. */
function nearestName(id: string): string | undefined {
  let best: { readonly id: string; readonly distance: number } | undefined;
  for (const release of releases) {
    for (const spelling of [release.id, ...release.aliases]) {
      const distance = editDistance(id, spelling);
      if (best === undefined || distance < best.distance) best = { id: release.id, distance };
    }
  }
  return best !== undefined && best.distance <= Math.max(2, Math.floor(id.length / 3)) ? best.id : undefined;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) next.push(Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    row = next;
  }
  return row[b.length]!;
}
