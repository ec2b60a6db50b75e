/** An entry of a tar archive; one with a link is a symbolic link unless its kind says otherwise. */
export interface TarMember {
  readonly path: string;
  readonly bytes?: string | Uint8Array;
  readonly link?: string;
  readonly kind?: 'directory' | 'hardlink' | 'device';
  /** Size that the header claims, where it lies. */
  readonly claimedSize?: number;
}

/** The bytes of a tar archive; names beyond a hundred bytes get a pax header. */
export function tarOf(members: readonly TarMember[]): Buffer {
  const parts: Buffer[] = [];
  const add = (path: string, type: string, bytes: Uint8Array, link = '', size = bytes.length) => {
    const head = Buffer.alloc(512);
    head.write(path.slice(0, 100), 0);
    head.write('0000644\x000000000\x000000000\x00', 100);
    head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0        ', 136);
    head.write(type, 156);
    head.write(link.slice(0, 100), 157);
    head.write('ustar\x0000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(head, Buffer.from(bytes), Buffer.alloc(-bytes.length & 511));
  };
  for (const { path, bytes = '', link, kind, claimedSize } of members) {
    if (path.length > 100) {
      let record = ` path=${path}\n`;
      record = `${record.length + String(record.length + 3).length}${record}`;
      add('pax', 'x', Buffer.from(record));
    }
    const content = Buffer.from(bytes as string);
    add(path, kind === 'directory' ? '5' : kind === 'hardlink' ? '1' : kind === 'device' ? '3' : link !== undefined ? '2' : '0', content, link, claimedSize ?? content.length);
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
