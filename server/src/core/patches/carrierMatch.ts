import type { ChangeClaims } from './claims.js';
import { type PreparedChange, compareChanges, haveSameId, prepareChange, relationOf } from './compare.js';
import { type ChangeIdentity, type Fingerprint, identifyChange } from './identity.js';
import type { Decompressor, ParsedPatch, PatchChange } from './patch.js';
import { parsePatch } from './parsePatch.js';
import type { CarriedFile } from './sources/carrierSource.js';
import { blobId } from './sha1.js';
import type { CarrierFact, Relation } from './verdict.js';

/** A patch as it is held against carriers. */
export interface OwnPatch {
  readonly blob: string;
  readonly patch: ParsedPatch;
  readonly identities: readonly ChangeIdentity[];
  readonly claims: readonly ChangeClaims[];
}

interface CarriedChange {
  readonly file: CarriedFile;
  readonly patch: ParsedPatch;
  readonly change: PatchChange;
  readonly identity: ChangeIdentity;
  prepared: PreparedChange | undefined;
}

/** Best first. `same-file` is for whole files; `none` is no fact at all. */
const order: readonly Relation[] = ['same-file', 'same-change', 'rebased', 'combined', 'adapted', 'partial', 'none'];

/** The weaker of two relations. */
export function weakerRelation(a: Relation, b: Relation): Relation {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** How strong a relation is: the larger, the stronger; `none` is nought. */
export function relationStrength(relation: Relation): number {
  return order.length - 1 - order.indexOf(relation);
}

/** A carrier's file must share this much of a change, and the change of it, to be another form of the same. */
const FORM_SHARE = 0.6;

/** Changes with fewer telling lines than this are only called the same where they are equal. */
const LEAST_LINES = 4;

/** The patches of one carrier, ready to be asked whether one of ours is among them. */
export class CarrierIndex {
  readonly #name: string;
  readonly #byBlob = new Map<string, CarriedFile>();
  readonly #byId = new Map<string, CarriedChange>();
  readonly #byContent = new Map<Fingerprint, CarriedChange>();
  readonly #byLine = new Map<Fingerprint, CarriedChange[]>();

  constructor(name: string, files: readonly CarriedFile[], decompressor: Decompressor) {
    this.#name = name;
    for (const file of files) {
      const blob = blobId(file.bytes);
      if (!this.#byBlob.has(blob)) this.#byBlob.set(blob, file);
      const patch = parsePatch(file.bytes, { decompressor });
      for (const change of patch.changes) {
        const carried: CarriedChange = { file, patch, change, identity: identifyChange(patch, change), prepared: undefined };
        for (const id of [carried.identity.patchId, carried.identity.normalPatchId]) if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, carried);
        if (carried.identity.content !== undefined && !this.#byContent.has(carried.identity.content)) this.#byContent.set(carried.identity.content, carried);
        for (const line of carried.identity.lines) {
          const changes = this.#byLine.get(line);
          if (changes === undefined) this.#byLine.set(line, [carried]);
          else changes.push(carried);
        }
      }
    }
  }

  /** How the carrier ships a patch of ours; undefined where it does not. */
  find(own: OwnPatch): CarrierFact | undefined {
    const same = this.#byBlob.get(own.blob);
    if (same !== undefined) return { name: this.#name, place: same.place, relation: 'same-file' };
    let weakest: Relation | undefined;
    let place: CarriedFile | undefined;
    for (const [i, identity] of own.identities.entries()) {
      const found = this.#findChange(own.patch, own.patch.changes[i]!, identity);
      // A patch of several changes is carried only where all of them are.
      if (found === undefined) return undefined;
      weakest = weakest === undefined ? found.relation : weakerRelation(weakest, found.relation);
      place ??= found.carried.file;
    }
    return weakest === undefined || place === undefined ? undefined : { name: this.#name, place: place.place, relation: weakest };
  }

  #findChange(patch: ParsedPatch, change: PatchChange, identity: ChangeIdentity): { readonly carried: CarriedChange; readonly relation: Relation } | undefined {
    for (const id of [identity.patchId, identity.normalPatchId]) {
      const carried = id === undefined ? undefined : this.#byId.get(id);
      if (carried !== undefined) return { carried, relation: 'same-change' };
    }
    const equal = identity.content === undefined ? undefined : this.#byContent.get(identity.content);
    if (equal !== undefined) return { carried: equal, relation: 'rebased' };
    if (identity.lines.length < LEAST_LINES) return undefined;
    const votes = new Map<CarriedChange, number>();
    for (const line of identity.lines) for (const carried of this.#byLine.get(line) ?? []) votes.set(carried, (votes.get(carried) ?? 0) + 1);
    const [best] = [...votes].sort((a, b) => b[1] / (b[0].identity.lines.length + identity.lines.length - b[1]) - a[1] / (a[0].identity.lines.length + identity.lines.length - a[1]))[0] ?? [];
    if (best === undefined) return undefined;
    best.prepared ??= prepareChange(best.patch, best.change);
    const comparison = compareChanges(prepareChange(patch, change), best.prepared);
    if (comparison.coverOfPatch < FORM_SHARE || comparison.coverOfCommit < FORM_SHARE) return undefined;
    const relation = relationOf(comparison, identity, best.identity);
    return { carried: best, relation: haveSameId(identity, best.identity) ? 'same-change' : relation };
  }
}
