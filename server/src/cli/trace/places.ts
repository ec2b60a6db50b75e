import type { GitOpenOptions } from '../../core/host.js';
import { type Location, type PlaceFor, type TraceRequest, knownPlaces, resolveLocation } from '../../core/patches/index.js';
import { type CommandIo, UsageError } from '../command.js';
import type { ReadPackage } from './readPackage.js';

/** Places that a command line names, and what it allows. */
export interface AskedPlaces {
  readonly upstream: readonly string[];
  readonly carrier: readonly string[];
  readonly offline: boolean;
  readonly refresh: boolean;
  /** Also for places that only a file of the package names. */
  readonly fetch: boolean;
}

/** What to ask about a package: the places of the command line, else of its settings. */
export function requestFor(io: CommandIo, read: ReadPackage, asked: AskedPlaces): TraceRequest {
  const given = new Set<Location>();
  const files = io.host.files();
  const wanted: PlaceFor = { package: read.package.name, release: read.release };
  const network: GitOpenOptions['network'] = asked.offline ? 'never' : asked.refresh ? 'refresh' : 'missing';
  const locations = (named: readonly string[], set: readonly string[]): Location[] =>
    (named.length > 0 ? named : set).map((text) => {
      const { location, error } = resolveLocation(text, named.length > 0 ? io.cwd : read.settingsFolder, wanted);
      if (error !== undefined) throw new UsageError(`${text}: ${error}`);
      if (named.length > 0) given.add(location);
      // A bare word that is no folder was meant as the name of a place.
      const word = text.slice(text.indexOf('=') + 1);
      if (location.kind === 'local' && /^[\w-]+$/.test(word) && files.stat(location.location) === undefined) {
        throw new UsageError(`${text}: neither a folder nor a known place; known places are ${knownPlaces.map(({ name }) => name).join(', ')}`);
      }
      return location;
    });
  const upstreams = locations(asked.upstream, read.settings.trace.upstream);
  return {
    patches: read.patches,
    isPart: read.isPart,
    package: read.package,
    upstreams: upstreams.length > 0 ? upstreams : foundUpstream(io, read, asked),
    carriers: locations(asked.carrier, read.settings.trace.carriers),
    network: (location) => (given.has(location) || asked.fetch ? network : 'never'),
  };
}

/** The upstream that a file of the package names, where nobody gave one: its copy in the cache, or with `--fetch` the place itself. Which it is, and why, is said. */
function foundUpstream(io: CommandIo, { upstreams, package: named }: ReadPackage, { fetch, offline }: AskedPlaces): Location[] {
  for (const { location: text, why } of upstreams) {
    const { location } = resolveLocation(`upstream=${text}`, io.cwd, { package: named.name, release: undefined });
    if (location === undefined) continue;
    if (io.host.git.locate(location) === undefined && (!fetch || offline)) {
      io.err(`spectrail: ${why} names ${text} as upstream; add --fetch to copy it into the cache, or give --upstream\n`);
      return [];
    }
    io.err(`spectrail: upstream is ${text}, as ${why} says\n`);
    return [location];
  }
  return [];
}
