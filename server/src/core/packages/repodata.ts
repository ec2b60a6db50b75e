/** Repository metadata as createrepo_c writes it: where the list of packages is, and which packages it has. */

export interface RepositoryPackage {
  readonly name: string;
  readonly arch: string;
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
  /** Relative to the repository's folder. */
  readonly location: string;
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
    const name = /<name>([^<]*)<\/name>/.exec(body)?.[1];
    const arch = /<arch>([^<]*)<\/arch>/.exec(body)?.[1];
    const version = /<version\s([^>]*)\/?>/.exec(body)?.[1];
    const href = /<location\s[^>]*href="([^"]*)"/.exec(body)?.[1];
    if (name === undefined || arch === undefined || version === undefined || href === undefined) continue;
    const attribute = (key: string): string => unescapeXml(new RegExp(`\\b${key}="([^"]*)"`).exec(version)?.[1] ?? '');
    yield { name: unescapeXml(name), arch, epoch: Number(attribute('epoch')) || 0, version: attribute('ver'), release: attribute('rel'), location: unescapeXml(href) };
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name]!);
}
