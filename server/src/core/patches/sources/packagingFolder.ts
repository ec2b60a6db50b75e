/**
 * Patches without a spec: what stands beside them says in which order they are applied, which package they belong to and
 * where its upstream is. Texts in, data out; nothing is read here, and nothing is believed that would have to be run.
 */

import type { ProposedUpstream } from './proposedUpstreams.js';
import { forgeRepository } from './repositoryOf.js';

/** One line of a quilt series. */
export interface SeriesEntry {
  /** Path from the folder of the series. */
  readonly name: string;
  /** Of `-p1` or `-p ab`; undefined where the usual 1 is meant. */
  readonly strip: number | undefined;
  /** Applied backwards (`-R`). */
  readonly reverse: boolean;
}

/** A quilt `series` (also Debian's, and dpatch's `00list`): a patch a line, options behind it, comments after `#`. A name that leads out of the folder is passed over. */
export function parseSeries(text: string): SeriesEntry[] {
  const entries: SeriesEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [name, ...options] = line.replace(/(^|\s)#.*$/, '').trim().split(/\s+/);
    if (name === undefined || name === '' || name.startsWith('-') || leadsOut(name)) continue;
    const strip = /(?:^|\s)-p\s*(ab|\d+)(?:\s|$)/.exec(options.join(' '))?.[1];
    entries.push({ name, strip: strip === undefined ? undefined : strip === 'ab' ? 1 : Number(strip), reverse: options.includes('-R') });
  }
  return entries;
}

function leadsOut(name: string): boolean {
  return /^[\\/]|^[A-Za-z]:[\\/]/.test(name) || name.split(/[\\/]/).includes('..') || name.includes('\0');
}

export interface FolderFacts {
  readonly name: string | undefined;
  /** Upstream's, without what a distribution adds. */
  readonly version: string | undefined;
  /** Repositories that may be upstream, the likeliest first. */
  readonly upstreams: readonly ProposedUpstream[];
}

export const noFolderFacts: FolderFacts = { name: undefined, version: undefined, upstreams: [] };

/** What a `debian` folder says of its package; undefined texts are not there. */
export function debianFacts({ changelog = '', control = '', watch = '', metadata = '' }: { readonly changelog?: string | undefined; readonly control?: string | undefined; readonly watch?: string | undefined; readonly metadata?: string | undefined }): FolderFacts {
  const entry = /^(\S+) \(([^)\s]+)\)/.exec(changelog);
  const version = entry?.[2]!
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~.](?:dfsg|ds|repack|really)[\d.]*.*$/, '');
  const found = new Upstreams();
  found.add(/^Repository:\s*["']?([^\s"']+)/m.exec(metadata)?.[1], 'debian/upstream/metadata');
  // A comment is no place, and a line goes on behind a backslash.
  for (const url of watch.replace(/^\s*#.*$/gm, '').match(/\b(?:https?|git):\/\/[^\s"',]+/g) ?? []) found.add(url, 'debian/watch');
  found.add(/^Homepage:\s*(\S+)/im.exec(control)?.[1], 'Homepage in debian/control');
  return { name: entry?.[1] ?? /^Source:\s*(\S+)/m.exec(control)?.[1], version: version === '' ? undefined : version, upstreams: found.list };
}

const gentooForges: Readonly<Record<string, string>> = {
  github: 'https://github.com/',
  gitlab: 'https://gitlab.com/',
  codeberg: 'https://codeberg.org/',
  'freedesktop-gitlab': 'https://gitlab.freedesktop.org/',
  'gnome-gitlab': 'https://gitlab.gnome.org/',
  'kde-invent': 'https://invent.kde.org/',
  sourcehut: 'https://git.sr.ht/',
  savannah: 'https://git.savannah.gnu.org/git/',
};

/** What a folder of ebuilds says of its package: `name` is the folder's, `files` the names in it. */
export function gentooFacts({ name, files, metadata = '' }: { readonly name: string; readonly files: readonly string[]; readonly metadata?: string | undefined }): FolderFacts {
  const versions = files.flatMap((file) => (file.startsWith(`${name}-`) && file.endsWith('.ebuild') ? [file.slice(name.length + 1, -'.ebuild'.length).replace(/-r\d+$/, '')] : []));
  // 9999 stands for the newest commit.
  const released = versions.filter((version) => !/^9{4,}/.test(version)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const found = new Upstreams();
  for (const [, type, id] of metadata.replace(/<!--[^]*?-->/g, '').matchAll(/<remote-id\s+type="([\w-]+)"\s*>\s*([\w.~/+-]+)\s*<\/remote-id>/g)) {
    const forge = gentooForges[type!];
    if (forge !== undefined) found.add(`${forge}${id}`, 'metadata.xml');
  }
  return { name, version: released.at(-1), upstreams: found.list };
}

class Upstreams {
  readonly list: ProposedUpstream[] = [];

  add(url: string | undefined, why: string): void {
    const location = url === undefined ? undefined : forgeRepository(url);
    if (location !== undefined && !this.list.some((each) => each.location === location)) this.list.push({ location, why });
  }
}
