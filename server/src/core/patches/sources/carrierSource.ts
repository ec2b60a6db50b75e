import type { Archives, Cancellation, FileReader, Git, GitOpenOptions } from '../../host.js';
import type { Coverage, Place } from '../verdict.js';
import type { Location } from './location.js';

/** What a carrier source may ask of the machine. */
export interface CarrierHost {
  readonly git: Git;
  readonly archives: Archives;
  /** Reads within folders, or anywhere where none are given. */
  files(folders?: readonly string[]): FileReader;
}

export interface CarrierRequest {
  /** Name of the package, for places that hold more than one; undefined where nobody knows it. */
  readonly package: string | undefined;
  /** File names of the patches that are looked for: a file of that name counts as a patch whatever its ending. */
  readonly names: ReadonlySet<string>;
  readonly network: GitOpenOptions['network'];
  readonly cancellation: Cancellation;
}

/** A patch file that a carrier ships. */
export interface CarriedFile {
  readonly place: Place;
  readonly bytes: Uint8Array;
}

export interface CarrierContent {
  readonly files: readonly CarriedFile[];
  readonly searched: Coverage['searched'][number];
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
}

/**
 * A kind of place that distributions keep their packages in. A source lists the patch files that are there; it never
 * compares, ranks or stores them. What the world refuses is a HostError, and the other sources go on.
 */
export interface CarrierSource {
  readonly id: string;
  /**
   * A text that changes whenever the place does, learned without git and network; undefined where this is no place of
   * this kind, or nothing is known of it yet.
   */
  state(host: CarrierHost, location: Location): string | undefined;
  /** Whether the place, which need not be reachable yet, is of this kind. */
  accepts(host: CarrierHost, location: Location): boolean;
  read(host: CarrierHost, location: Location, request: CarrierRequest): Promise<CarrierContent>;
}

/** Bytes of a patch beyond which it is not read. */
export const PATCH_LIMIT = 64 << 20;

/** Whether a file is a patch by its name. */
export function isPatchName(name: string): boolean {
  return /\.(?:patch|diff|dpatch)(?:\.(?:gz|bz2|xz|zst))?$/i.test(name);
}
