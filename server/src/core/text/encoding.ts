/** A text with what is needed to write it back byte for byte. */
export interface DecodedText {
  readonly text: string;
  /** `latin-1` where the bytes are not UTF-8: every byte is then one code unit, so that nothing is lost. */
  readonly encoding: 'utf-8' | 'latin-1';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Decodes bytes as UTF-8, or byte by byte where they are not UTF-8; never fails, keeps a byte order mark. */
export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    return { text: utf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: latin1(bytes), encoding: 'latin-1' };
  }
}

/** The bytes of a text; the inverse of {@link decodeText}. Code units above 255 in a latin-1 text become `?`. */
export function encodeText({ text, encoding }: DecodedText): Uint8Array {
  if (encoding === 'utf-8') return utf8Encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 256 ? unit : 63;
  }
  return bytes;
}

/** Not TextDecoder('latin1'): the web's latin1 is windows-1252, which does not keep bytes 0x80 to 0x9f. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments; this size is safe in every engine.
  const step = 8192;
  for (let i = 0; i < bytes.length; i += step) text += String.fromCharCode(...bytes.subarray(i, i + step));
  return text;
}
