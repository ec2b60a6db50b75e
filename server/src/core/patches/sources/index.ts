/** The kinds of places that carry patches, in the order they are tried. One file a kind, one line here. */
import type { CarrierSource } from './carrierSource.js';
import { distGit } from './distGit.js';
import { patchFolder } from './patchFolder.js';
import { sourceRepository } from './sourceRepository.js';

export const carrierSources: readonly CarrierSource[] = [distGit, sourceRepository, patchFolder];
