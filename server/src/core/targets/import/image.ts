import { type Archives, HostError } from '../../host.js';
import { type TarEntry, installedPath, readTar } from '../../packages/index.js';
import { fileLimit, isMacroSetPath } from '../macroSet.js';
import { type Collected, Collection, type Progress } from './collected.js';

/** One change that a layer makes to what lies below it, in order. */
type LayerChange =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string };

interface Layer {
  readonly changes: readonly LayerChange[];
}

/** Documents that say which blobs are layers are small; larger ones are none. */
const documentLimit = 4 << 20;
/** Bytes of one layer, decompressed, and entries in it, beyond which it is given up: nothing that is a system is larger. */
const layerLimit = 64 * 2 ** 30;
const entryLimit = 5_000_000;
const layersLimit = 512;

/** Folders on the way to macro files: removing one removes what is in it. */
const ancestors = ['/usr', '/usr/lib', '/usr/lib/rpm', '/etc', '/etc/rpm'];
const concerns = (path: string): boolean => isMacroSetPath(path) || ancestors.includes(path) || path.startsWith('/usr/lib/rpm/') || path.startsWith('/etc/rpm');

/**
 * The macro files in an image: a tar of an OCI layout (`index.json`), one that `docker save` or `podman save` wrote (`manifest.json`), or
 * the plain tar of a root folder. Layers are read as they come, in one go through the file; then put upon each other in the order
 * that the manifest gives, whiteouts taking away what lies below.
 */
export async function collectImage(stream: AsyncIterable<Uint8Array>, archives: Archives, { arch, progress = () => {} }: { readonly arch: string; readonly progress?: Progress }): Promise<Collected> {
  const layers = new Map<string, Layer>();
  const documents = new Map<string, unknown>();
  /** Names that stand for another: `docker save` links layers that several images share. */
  const aliases = new Map<string, string>();
  const own: LayerChange[] = [];
  for await (const entry of readTar(archives.inflate(stream))) {
    const path = installedPath(entry.path)?.slice(1);
    if (path === undefined) continue;
    if (entry.kind === 'symlink' || entry.kind === 'hardlink') {
      const target = installedPath(entry.kind === 'symlink' ? joined(path, entry.link) : entry.link)?.slice(1);
      if (target !== undefined && /(?:layer\.tar|\.tar)$|^blobs\//.test(path)) aliases.set(path, target);
    }
    if (entry.kind === 'file' && /^(?:blobs\/|[0-9a-f]{16,}(?:\/|\.)|[^/]+\.json$|oci-layout$)/.test(path)) {
      const { first, all } = await sniff(entry);
      if (first[0] === 0x7b || first[0] === 0x5b) {
        if (entry.size <= documentLimit) documents.set(path, parsed(await whole(all)));
      } else if (isLayer(first)) {
        progress(`layer ${layers.size + 1}: ${path}`);
        if (layers.size >= layersLimit) throw new HostError('archive-unreadable', `the image has more than ${layersLimit} layers`);
        layers.set(path, await readLayer(readTar(archives.inflate(all))));
      } else for await (const _ of all);
      continue;
    }
    const change = await changeOf(entry);
    if (change !== undefined) own.push(...change);
  }
  const order = layerOrder(documents, arch);
  const collection = new Collection();
  if (order === undefined) {
    if (own.length === 0 && layers.size > 0) throw new HostError('archive-unreadable', 'the archive has layers but no manifest that says their order');
    apply(collection, own);
  } else {
    for (const path of order) {
      const layer = layers.get(path) ?? layers.get(aliases.get(path) ?? '');
      if (layer === undefined) throw new HostError('archive-unreadable', `the image is incomplete: the layer ${path} is not in it`);
      apply(collection, layer.changes);
    }
  }
  return collection.done();
}

async function readLayer(entries: AsyncIterable<TarEntry>): Promise<Layer> {
  const changes: LayerChange[] = [];
  let count = 0;
  let size = 0;
  for await (const entry of entries) {
    size += entry.size;
    if (++count > entryLimit || size > layerLimit) throw new HostError('archive-unreadable', 'a layer is larger than any system; it is not read');
    const change = await changeOf(entry);
    if (change !== undefined) changes.push(...change);
  }
  return { changes };
}

async function changeOf(entry: TarEntry): Promise<LayerChange[] | undefined> {
  const path = installedPath(entry.path);
  if (path === undefined) return undefined;
  const cut = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (name === '.wh..wh..opq') return concerns(folder) || folder === '' ? [{ kind: 'remove', path: `${folder}/` }] : undefined;
  if (name.startsWith('.wh.')) {
    const removed = `${folder}/${name.slice(4)}`;
    return concerns(removed) ? [{ kind: 'remove', path: removed }] : undefined;
  }
  if (!concerns(path) || entry.kind === 'directory') return undefined;
  // Whatever is no folder takes the place of what was there before, a whole folder too.
  const changes: LayerChange[] = [{ kind: 'remove', path }];
  if (entry.kind === 'file' && isMacroSetPath(path) && entry.size <= fileLimit) changes.push({ kind: 'file', path, bytes: await whole(entry.data()) });
  else if (entry.kind === 'symlink') changes.push({ kind: 'link', path, to: installedPath(joined(path, entry.link)) ?? '' });
  else if (entry.kind === 'hardlink') changes.push({ kind: 'link', path, to: installedPath(entry.link) ?? '' });
  return changes;
}

function apply(collection: Collection, changes: readonly LayerChange[]): void {
  // An opaque folder hides what lies below it, never what its own layer brings, in whatever order that stands.
  for (const change of changes) if (change.kind === 'remove') collection.remove(change.path.endsWith('/') ? change.path.slice(0, -1) || '/' : change.path);
  for (const change of changes) if (change.kind === 'file') collection.add(change.path, change.bytes);
  for (const change of changes) {
    if (change.kind !== 'link' || !isMacroSetPath(change.path)) continue;
    const target = collection.get(change.to);
    if (target !== undefined) collection.put({ ...target, path: change.path });
    else collection.leftOut.push(`${change.path}: a link to ${change.to === '' ? 'outside' : change.to}, which is no macro file of the image`);
  }
}

/** Paths of the layers, lowest first; undefined where no document tells them. */
function layerOrder(documents: ReadonlyMap<string, unknown>, arch: string): readonly string[] | undefined {
  const saved = documents.get('manifest.json');
  if (Array.isArray(saved)) {
    const layers = (saved[0] as { readonly Layers?: unknown } | undefined)?.Layers;
    if (isTexts(layers)) return layers.map((path) => installedPath(path)?.slice(1) ?? path);
  }
  const wanted = { x86_64: 'amd64', aarch64: 'arm64', armv7hl: 'arm', i686: '386' }[arch] ?? arch;
  // An index may lead to further indexes, one for each architecture.
  let current = documents.get('index.json');
  for (let depth = 0; depth < 8 && isRecord(current); depth++) {
    const { layers, manifests } = current as { readonly layers?: unknown; readonly manifests?: unknown };
    if (Array.isArray(layers)) return layers.flatMap((layer) => blobPath(layer) ?? []);
    if (!Array.isArray(manifests)) return undefined;
    const candidates = manifests.filter(isRecord).filter((one) => documents.has(blobPath(one) ?? ''));
    const platform = (one: Record<string, unknown>) => (isRecord(one['platform']) ? one['platform']['architecture'] : undefined);
    current = documents.get(blobPath(candidates.find((one) => platform(one) === wanted) ?? candidates[0]) ?? '');
  }
  return undefined;
}

function blobPath(descriptor: unknown): string | undefined {
  const digest = isRecord(descriptor) ? descriptor['digest'] : undefined;
  return typeof digest === 'string' && /^[a-z0-9]+:[0-9a-f]+$/.test(digest) ? `blobs/${digest.replace(':', '/')}` : undefined;
}

/** Gzip, zstd, xz, bzip2, or a tar that begins with a name. */
function isLayer(first: Uint8Array): boolean {
  const [a, b] = [first[0], first[1]];
  return (a === 0x1f && b === 0x8b) || (a === 0x28 && b === 0xb5) || (a === 0xfd && b === 0x37) || (a === 0x42 && b === 0x5a) || (first.length >= 262 && String.fromCharCode(...first.subarray(257, 262)) === 'ustar');
}

async function sniff(entry: TarEntry): Promise<{ readonly first: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = entry.data()[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < 262) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    held.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* held;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  return { first: concat(held), all: all() };
}

/** A link's target, counted from where the link stands; one that climbs above the root stays there, as in a root of its own. */
function joined(path: string, link: string): string {
  const parts = link.startsWith('/') ? [] : path.split('/').slice(0, -1);
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  for await (const piece of pieces) held.push(piece.slice());
  return concat(held);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
