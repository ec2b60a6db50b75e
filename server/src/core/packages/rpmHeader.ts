/** The frame of an .rpm file: lead, signature, header; what rpm's lib/header.c and rpmtag.h describe. */

export interface RpmHeader {
  readonly name: string;
  readonly epoch: number | undefined;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly isSource: boolean;
  /** `gzip`, `bzip2`, `xz`, `lzma`, `zstd`, or `none`. */
  readonly payloadCompressor: string;
  /** Offset of the payload in the file. */
  readonly payload: number;
}

/** Either the header, or a sentence that says why the bytes are none. */
export type ReadHeader = { readonly header: RpmHeader; readonly error?: undefined } | { readonly error: string; readonly header?: undefined };

const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, arch: 1022, sourcePackage: 1106, payloadCompressor: 1125 } as const;

/** rpm itself refuses headers beyond these (HEADER_DATA_MAX, HEADER_TAGS_MAX). */
const DATA_LIMIT = 0x10000000;
const TAG_LIMIT = 0x10000;

export function readRpmHeader(bytes: Uint8Array): ReadHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 96 + 16 || view.getUint32(0) !== 0xedabeedb) return { error: 'no rpm package: its first bytes are not those of one' };
  const signature = frameAt(view, 96);
  if (typeof signature === 'string') return { error: signature };
  // The signature is padded to eight bytes, the header is not.
  const main = frameAt(view, (signature.end + 7) & ~7);
  if (typeof main === 'string') return { error: main };
  const found = new Map<number, string | number>();
  for (let i = 0; i < main.count; i++) {
    const entry = main.index + 16 * i;
    const tag = view.getUint32(entry);
    const type = view.getUint32(entry + 4);
    const at = main.data + view.getUint32(entry + 8);
    if (at >= main.end) continue;
    // INT32 is type 4; STRING, STRING_ARRAY and I18NSTRING are 6, 8 and 9: their first string is wanted.
    if (type === 4 && at + 4 <= main.end) found.set(tag, view.getUint32(at));
    else if (type === 6 || type === 8 || type === 9) {
      let end = at;
      while (end < main.end && bytes[end] !== 0) end++;
      found.set(tag, new TextDecoder().decode(bytes.subarray(at, end)));
    }
  }
  const text = (tag: number): string => String(found.get(tag) ?? '');
  const epoch = found.get(tags.epoch);
  return {
    header: {
      name: text(tags.name),
      epoch: typeof epoch === 'number' ? epoch : undefined,
      version: text(tags.version),
      release: text(tags.release),
      arch: text(tags.arch),
      isSource: found.has(tags.sourcePackage) || view.getUint16(6) === 1,
      payloadCompressor: text(tags.payloadCompressor) || compressorOf(bytes, main.end),
      payload: main.end,
    },
  };
}

interface Frame {
  readonly count: number;
  readonly index: number;
  readonly data: number;
  readonly end: number;
}

function frameAt(view: DataView, at: number): Frame | string {
  if (at + 16 > view.byteLength || view.getUint32(at) !== 0x8eade801) return 'the rpm package is damaged: no header where one must be';
  const count = view.getUint32(at + 8);
  const size = view.getUint32(at + 12);
  if (count > TAG_LIMIT || size > DATA_LIMIT) return 'the rpm package is damaged: its header claims an impossible size';
  const index = at + 16;
  const data = index + 16 * count;
  if (data + size > view.byteLength) return 'the rpm package is cut short';
  return { count, index, data, end: data + size };
}

function compressorOf(bytes: Uint8Array, at: number): string {
  const [a, b] = [bytes[at], bytes[at + 1]];
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x42 && b === 0x5a) return 'bzip2';
  if (a === 0xfd && b === 0x37) return 'xz';
  if (a === 0x28 && b === 0xb5) return 'zstd';
  return a === 0x30 ? 'none' : 'unknown';
}
