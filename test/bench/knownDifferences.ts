/**
 * Specs whose expansion differs from rpm's for a cause that is known. The list shall shrink: an entry that no longer
 * differs makes the check fail, and so does a difference that is not here. Held-out specs are never listed.
 */
export interface KnownDifference {
  /** Under `specs/` of the corpus. */
  readonly spec: string;
  /** What the difference comes of. What depends on the clock or the kernel may come out equal. */
  readonly cause: 'clock' | 'kernel of the host' | 'Lua version';
  /** The rpm that it differs from, as its version begins; without it, every one. */
  readonly rpm?: string;
  readonly why: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  { spec: 'fedora/libvirt.spec', cause: 'clock', why: 'prints the time at which it is read' },
  { spec: 'fedora/libkcapi.spec', cause: 'kernel of the host', why: 'skips its tests where `posix.uname` names a kernel before 5.1; no machine of ours is asked' },
  { spec: 'fedora/glibc.spec', cause: 'Lua version', rpm: '6', why: 'adds a number to a text that holds one: an integer in Lua 5.4, a float in 5.3, which is the Lua that runs here' },
];

/** The entry for a spec that holds for this version of rpm. */
export function knownDifference(spec: string, rpmVersion: string): KnownDifference | undefined {
  return knownDifferences.find((known) => known.spec === spec && rpmVersion.startsWith(known.rpm ?? ''));
}
