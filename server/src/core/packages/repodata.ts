/** Repository metadata as createrepo_c writes it: where the list of packages is, and which packages it has. */

export interface RepositoryPackage {
  readonly name: string;
  readonly arch: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  /** Relative to the repository's folder. */
  readonly location: string;
  /** Digest of the package file, by which the other lists name it; undefined where the entry has none. */
  readonly checksum: { readonly kind: string; readonly value: string } | undefined;
  /** Bytes of the package file; undefined where the entry does not say. */
  readonly size: number | undefined;
}

/** A list of the metadata, as `repodata/repomd.xml` names it. */
export interface MetadataFile {
  /** Relative to the repository's folder. */
  readonly location: string;
  readonly checksum: { readonly kind: string; readonly value: string } | undefined;
}

/** The list of that type (`primary`, `filelists`); undefined where there is none. */
export function metadataFile(repomd: string, type: string): MetadataFile | undefined {
  const body = [...repomd.matchAll(/<data\s+type="([^"]*)"[^>]*>([\s\S]*?)<\/data>/g)].find((found) => found[1] === type)?.[2];
  const href = body === undefined ? undefined : /<location\s[^>]*href="([^"]*)"/.exec(body)?.[1];
  return href === undefined ? undefined : { location: unescapeXml(href), checksum: checksumIn(body!) };
}

/** Each `<package>` of a list, as it comes; the lists of a distribution are too large to be held. An element beyond 64 MB is none. */
export async function* packageElements(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  /** Up to here the end of the element that `held` begins with is known not to be. */
  let searched = 0;
  for await (const piece of source) {
    held += decoder.decode(piece, { stream: true });
    let at = 0;
    for (;;) {
      const start = held.indexOf('<package ', at);
      const end = start < 0 ? -1 : held.indexOf('</package>', Math.max(start, searched));
      searched = 0;
      if (end < 0) {
        held = start < 0 ? held.slice(Math.max(at, held.length - 10)) : held.slice(start);
        if (start >= 0) searched = Math.max(held.length - 10, 0);
        break;
      }
      yield held.slice(start, end);
      at = end;
    }
    if (held.length > 64 << 20) return;
  }
}

export interface PackageOfFiles {
  /** Digest of the package file, as the list of packages has it. */
  readonly checksum: string;
  readonly files: readonly string[];
}

/** An element of `filelists.xml` with those of its files that are wanted; undefined where there are none. */
export function readFilesElement(body: string, wanted: (path: string) => boolean): PackageOfFiles | undefined {
  const checksum = /^<package\s[^>]*pkgid="([^"]*)"/.exec(body)?.[1];
  if (checksum === undefined) return undefined;
  const files: string[] = [];
  for (const [, path] of body.matchAll(/<file>([^<]*)<\/file>/g)) if (wanted(unescapeXml(path!))) files.push(unescapeXml(path!));
  return files.length === 0 ? undefined : { checksum, files };
}

/** Path of the list of packages, as `repodata/repomd.xml` has it; undefined where it names none. */
export function primaryLocation(repomd: string): string | undefined {
  const data = /<data\s+type="primary"[^>]*>([\s\S]*?)<\/data>/.exec(repomd)?.[1];
  const href = data === undefined ? undefined : /<location\s[^>]*href="([^"]*)"/.exec(data)?.[1];
  return href === undefined ? undefined : unescapeXml(href);
}

/**
 * The packages of `primary.xml`. The file is made by programs, one shape only, and can be tens of megabytes: the few
 * fields wanted are picked out of each `<package>` rather than a tree built. Entries that lack one are left out.
 */
export function* readPrimary(xml: string): Generator<RepositoryPackage> {
  for (let at = xml.indexOf('<package '); at >= 0; at = xml.indexOf('<package ', at)) {
    const end = xml.indexOf('</package>', at);
    if (end < 0) return;
    const body = xml.slice(at, end);
    at = end;
    const entry = readPrimaryElement(body);
    if (entry !== undefined) yield entry;
  }
}

/** One `<package>` element of `primary.xml`; undefined where a field is lacking. */
export function readPrimaryElement(body: string): RepositoryPackage | undefined {
  const name = /<name>([^<]*)<\/name>/.exec(body)?.[1];
  const arch = /<arch>([^<]*)<\/arch>/.exec(body)?.[1];
  const version = /<version\s([^>]*)\/?>/.exec(body)?.[1];
  const href = /<location\s[^>]*href="([^"]*)"/.exec(body)?.[1];
  if (name === undefined || arch === undefined || version === undefined || href === undefined) return undefined;
  const attribute = (key: string): string => unescapeXml(new RegExp(`\\b${key}="([^"]*)"`).exec(version)?.[1] ?? '');
  const size = Number(/<size\s[^>]*package="(\d+)"/.exec(body)?.[1] ?? Number.NaN);
  return { name: unescapeXml(name), arch, epoch: Number(attribute('epoch')) || 0, version: attribute('ver'), release: attribute('rel'), location: unescapeXml(href), checksum: checksumIn(body), size: Number.isNaN(size) ? undefined : size };
}

function checksumIn(body: string): { readonly kind: string; readonly value: string } | undefined {
  const [, kind, value] = /<checksum\s[^>]*type="([^"]*)"[^>]*>\s*([0-9A-Fa-f]+)\s*<\/checksum>/.exec(body) ?? [];
  return kind === undefined ? undefined : { kind: kind === 'sha' ? 'sha1' : kind, value: value!.toLowerCase() };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name]!);
}
