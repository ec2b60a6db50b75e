const ascii = new TextDecoder('utf-8');

/** A byte range as text where every byte is one code unit; for what is known to be ASCII or only compared. */
export function byteString(bytes: Uint8Array, start: number, end: number): string {
  let i = start;
  while (i < end && bytes[i]! < 128) i++;
  // The decoder is several times as fast as putting code units together, but not for bytes beyond ASCII.
  if (i >= end) return ascii.decode(bytes.subarray(start, end));
  let text = '';
  // A call takes only so many arguments; this size is safe in every engine.
  for (i = start; i < end; i += 8192) text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 8192, end)));
  return text;
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/**
 * Takes git's C-style quoting off a path given as a byte string: `"a/gr\303\274n"` to the bytes it stands for. What is
 * not quoted comes back unchanged; `length` is how many code units of the text were used.
 */
export function unquotePath(text: string): { readonly path: string; readonly length: number } | undefined {
  if (text[0] !== '"') return undefined;
  let path = '';
  for (let i = 1; i < text.length; i++) {
    const unit = text[i]!;
    if (unit === '"') return { path, length: i + 1 };
    if (unit !== '\\') {
      path += unit;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(i + 1, i + 4));
    if (octal) {
      path += String.fromCharCode(Number.parseInt(octal[0], 8));
      i += 3;
      continue;
    }
    const escaped = escapes[text[++i] ?? ''];
    if (escaped === undefined) return undefined;
    path += String.fromCharCode(escaped);
  }
  return undefined;
}

const letters = new Map(Object.entries(escapes).map(([letter, byte]) => [byte, letter]));

/** A path behind its prefix as git writes it in headers: quoted where it holds anything but plain ASCII. */
export function quotePath(path: string): string {
  if (!/[^ !#-\[\]-~]/.test(path)) return path;
  let quoted = '"';
  const bytes = new TextEncoder().encode(path);
  for (const [i, byte] of bytes.entries()) {
    // What `decodePath` could not decode stands in git's spelling already.
    if (byte === 92 && isOctalByte(bytes, i + 1)) {
      quoted += '\\';
      continue;
    }
    const letter = letters.get(byte);
    if (letter !== undefined) quoted += `\\${letter}`;
    else if (byte < 32 || byte > 126) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return `${quoted}"`;
}

function isOctalByte(bytes: Uint8Array, at: number): boolean {
  const digit = (i: number, low: number, high: number): boolean => bytes[i] !== undefined && bytes[i] >= low && bytes[i] <= high;
  return digit(at, 50, 51) && digit(at + 1, 48, 55) && digit(at + 2, 48, 55);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte string as UTF-8 text where it is that, otherwise as it stands. */
export function decodeByteString(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return utf8.decode(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));
  } catch {
    return text;
  }
}

/**
 * A path given as bytes: UTF-8 text where it is that. Otherwise each byte beyond ASCII is spelled as git does, `\377`: so it
 * can be told from a letter, printed and stored.
 */
export function decodePath(bytes: string): string {
  const text = decodeByteString(bytes);
  return text !== bytes || !/[\x80-\xff]/.test(bytes) ? text : text.replace(/[\x80-\xff]/g, (unit) => `\\${unit.charCodeAt(0).toString(8)}`);
}
