/** Writes small source packages and their repository metadata, for the demonstration and for tests, without rpm. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Types of header entries (rpm's rpmtag.h). */
const INT16 = 3;
const INT32 = 4;
const STRING = 6;
const BINARY = 7;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

/**
 * The bytes of a `.src.rpm` with a gzip payload.
 * @param {{ name: string, version: string, release: string, epoch?: number, summary?: string, license?: string, payload?: Buffer, payloadCompressor?: string }} description
 *   `payload` replaces the archive made of `files`, for tests of damaged ones.
 * @param {Readonly<Record<string, string | Uint8Array>>} files Contents by name.
 * @returns {Buffer}
 */
export function sourcePackage(description, files) {
  return packageOf(description, files, true);
}

/**
 * The bytes of a binary package; the names of its files are paths without the leading slash.
 * @param {{ name: string, version: string, release: string, arch?: string, epoch?: number, summary?: string, license?: string, payload?: Buffer, payloadCompressor?: string }} description
 * @param {Readonly<Record<string, string | Uint8Array>>} files
 * @returns {Buffer}
 */
export function binaryPackage(description, files) {
  return packageOf(description, files, false);
}

function packageOf({ name, version, release, epoch, arch = 'noarch', summary = name, license = 'MIT', payload, payloadCompressor = 'gzip' }, files, isSource) {
  const names = Object.keys(files).sort();
  const contents = names.map((file) => Buffer.from(files[file]));
  const folderOf = (file) => (isSource ? '' : `/${file.slice(0, file.lastIndexOf('/') + 1)}`);
  const folders = [...new Set(names.map(folderOf))];
  const archive = cpio(names.map((file, i) => ({ name: isSource ? file : `./${file}`, bytes: contents[i] })));
  const body = payload ?? gzipSync(archive, { level: 9 });
  const header = headerOf(
    [
      [100, STRING_ARRAY, ['C']],
      [1000, STRING, name],
      [1001, STRING, version],
      [1002, STRING, release],
      ...(epoch === undefined ? [] : [[1003, INT32, [epoch]]]),
      [1004, I18N_STRING, [summary]],
      [1005, I18N_STRING, [summary]],
      [1006, INT32, [1577880000]],
      [1007, STRING, 'builder.example.org'],
      [1009, INT32, [contents.reduce((sum, bytes) => sum + bytes.length, 0)]],
      [1014, STRING, license],
      [1016, I18N_STRING, ['Unspecified']],
      [1021, STRING, 'linux'],
      [1022, STRING, arch],
      [1028, INT32, contents.map((bytes) => bytes.length)],
      [1030, INT16, names.map(() => 0o100644)],
      [1034, INT32, names.map(() => 1577880000)],
      [1035, STRING_ARRAY, contents.map((bytes) => createHash('sha256').update(bytes).digest('hex'))],
      [1036, STRING_ARRAY, names.map(() => '')],
      [1037, INT32, names.map((file) => (file.endsWith('.spec') ? 32 : 0))],
      [1039, STRING_ARRAY, names.map(() => 'root')],
      [1040, STRING_ARRAY, names.map(() => 'root')],
      ...(isSource ? [] : [[1044, STRING, `${name}-${version}-${release}.src.rpm`]]),
      [1095, INT32, names.map(() => 1)],
      [1096, INT32, names.map((_, i) => i + 1)],
      [1097, STRING_ARRAY, names.map(() => '')],
      ...(isSource ? [[1106, INT32, [1]]] : []),
      [1116, INT32, names.map((file) => folders.indexOf(folderOf(file)))],
      [1117, STRING_ARRAY, names.map((file) => file.slice(file.lastIndexOf('/') + 1))],
      [1118, STRING_ARRAY, folders],
      [1124, STRING, 'cpio'],
      [1125, STRING, payloadCompressor],
      [1126, STRING, '9'],
      [5011, INT32, [8]],
    ],
    63,
  );
  const signature = headerOf(
    [
      [269, STRING, createHash('sha1').update(header).digest('hex')],
      [273, STRING, createHash('sha256').update(header).digest('hex')],
      [1000, INT32, [header.length + body.length]],
      [1004, BINARY, createHash('md5').update(header).update(body).digest()],
      [1007, INT32, [archive.length]],
    ],
    62,
  );
  return Buffer.concat([lead(`${name}-${version}-${release}`, isSource), signature, Buffer.alloc(-signature.length & 7), header, body]);
}

/**
 * Writes source packages into a folder, with the metadata that dnf and createrepo_c know.
 * @param {string} folder
 * @param {readonly { name: string, version: string, release: string, epoch?: number, files: Readonly<Record<string, string | Uint8Array>> }[]} packages
 * @param {{ repodata?: boolean }} [options]
 */
export function writeSourceRepository(folder, packages, { repodata = true } = {}) {
  mkdirSync(folder, { recursive: true });
  const entries = packages.map(({ files, ...description }) => {
    const fileName = `${description.name}-${description.version}-${description.release}.src.rpm`;
    const bytes = sourcePackage(description, files);
    writeFileSync(join(folder, fileName), bytes);
    return `<package type="rpm"><name>${description.name}</name><arch>src</arch><version epoch="${description.epoch ?? 0}" ver="${description.version}" rel="${description.release}"/><checksum type="sha256" pkgid="YES">${createHash('sha256').update(bytes).digest('hex')}</checksum><summary>${description.name}</summary><location href="${fileName}"/></package>`;
  });
  if (!repodata) return;
  const primary = gzipSync(`<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${entries.length}">\n${entries.join('\n')}\n</metadata>\n`);
  const digest = createHash('sha256').update(primary).digest('hex');
  mkdirSync(join(folder, 'repodata'), { recursive: true });
  writeFileSync(join(folder, 'repodata', `${digest}-primary.xml.gz`), primary);
  writeFileSync(join(folder, 'repodata', 'repomd.xml'), `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo">\n<data type="primary"><checksum type="sha256">${digest}</checksum><location href="repodata/${digest}-primary.xml.gz"/></data>\n</repomd>\n`);
}

/**
 * Writes binary packages into a folder, with lists of packages and of files.
 * @param {string} folder
 * @param {readonly { name: string, version: string, release: string, arch?: string, epoch?: number, files: Readonly<Record<string, string | Uint8Array>> }[]} packages
 */
export function writeBinaryRepository(folder, packages) {
  mkdirSync(join(folder, 'Packages'), { recursive: true });
  const lists = { primary: [], filelists: [] };
  for (const { files, ...description } of packages) {
    const { name, version, release, arch = 'noarch', epoch = 0 } = description;
    const location = `Packages/${name}-${version}-${release}.${arch}.rpm`;
    const bytes = binaryPackage(description, files);
    writeFileSync(join(folder, location), bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const versionElement = `<version epoch="${epoch}" ver="${version}" rel="${release}"/>`;
    lists.primary.push(`<package type="rpm"><name>${name}</name><arch>${arch}</arch>${versionElement}<checksum type="sha256" pkgid="YES">${digest}</checksum><summary>${name}</summary><size package="${bytes.length}" installed="0" archive="0"/><location href="${location}"/></package>`);
    lists.filelists.push(`<package pkgid="${digest}" name="${name}" arch="${arch}">${versionElement}${Object.keys(files).map((file) => `<file>/${file}</file>`).join('')}</package>`);
  }
  mkdirSync(join(folder, 'repodata'), { recursive: true });
  const data = Object.entries(lists).map(([type, elements]) => {
    const bytes = gzipSync(`<?xml version="1.0" encoding="UTF-8"?>\n<list packages="${elements.length}">\n${elements.join('\n')}\n</list>\n`);
    const digest = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, 'repodata', `${digest}-${type}.xml.gz`), bytes);
    return `<data type="${type}"><checksum type="sha256">${digest}</checksum><location href="repodata/${digest}-${type}.xml.gz"/></data>`;
  });
  writeFileSync(join(folder, 'repodata', 'repomd.xml'), `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo">\n${data.join('\n')}\n</repomd>\n`);
}

/**
 * A cpio archive of the "new ASCII" kind.
 * @param {readonly { name: string, bytes: Uint8Array, mode?: number }[]} files
 * @returns {Buffer}
 */
export function cpio(files) {
  const parts = [];
  let inode = 1;
  const entry = (name, bytes, mode) => {
    const fields = [inode++, mode, 0, 0, 1, 1577880000, bytes.length, 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0];
    const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`);
    parts.push(head, Buffer.alloc(-head.length & 3), bytes, Buffer.alloc(-bytes.length & 3));
  };
  for (const { name, bytes, mode = 0o100644 } of files) entry(name, bytes, mode);
  entry('TRAILER!!!', Buffer.alloc(0), 0);
  return Buffer.concat(parts);
}

function lead(name, isSource) {
  const bytes = Buffer.alloc(96);
  bytes.writeUInt32BE(0xedabeedb, 0);
  bytes[4] = 3;
  bytes.writeUInt16BE(isSource ? 1 : 0, 6);
  bytes.writeUInt16BE(1, 8);
  bytes.write(name.slice(0, 65), 10, 'latin1');
  bytes.writeUInt16BE(1, 76);
  bytes.writeUInt16BE(5, 78);
  return bytes;
}

/** A header of entries in ascending order of their tags, framed by the region entry that rpm 4 wants. */
function headerOf(entries, region) {
  const data = [];
  let size = 0;
  const add = (bytes, alignment = 1) => {
    const pad = -size & (alignment - 1);
    if (pad > 0) data.push(Buffer.alloc(pad));
    const at = size + pad;
    data.push(bytes);
    size = at + bytes.length;
    return at;
  };
  const index = entries.map(([tag, type, value]) => {
    let at;
    let count;
    if (type === INT32) {
      const bytes = Buffer.alloc(4 * value.length);
      value.forEach((number, i) => bytes.writeUInt32BE(number, 4 * i));
      [at, count] = [add(bytes, 4), value.length];
    } else if (type === INT16) {
      const bytes = Buffer.alloc(2 * value.length);
      value.forEach((number, i) => bytes.writeUInt16BE(number, 2 * i));
      [at, count] = [add(bytes, 2), value.length];
    } else if (type === BINARY) [at, count] = [add(value), value.length];
    else if (type === STRING) [at, count] = [add(Buffer.from(`${value}\0`)), 1];
    else [at, count] = [add(Buffer.from(value.map((text) => `${text}\0`).join(''))), value.length];
    return indexEntry(tag, type, at, count);
  });
  // The region's trailer lies behind the data and points back over the whole index.
  const trailer = indexEntry(region, BINARY, -16 * (entries.length + 1), 16);
  const at = add(trailer);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(0x8eade801, 0);
  head.writeUInt32BE(entries.length + 1, 8);
  head.writeUInt32BE(size, 12);
  return Buffer.concat([head, indexEntry(region, BINARY, at, 16), ...index, ...data]);
}

function indexEntry(tag, type, offset, count) {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(tag, 0);
  bytes.writeUInt32BE(type, 4);
  bytes.writeInt32BE(offset, 8);
  bytes.writeUInt32BE(count, 12);
  return bytes;
}
