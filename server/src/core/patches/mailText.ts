import { decodeText } from '../text/index.js';

/** Bytes of a base64 text; what is no base64 is skipped. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const value = base64Value(text.charCodeAt(i));
    if (value === -1) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >> bits) & 255;
    }
  }
  return bytes.subarray(0, length);
}

function base64Value(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit - 65;
  if (unit >= 97 && unit <= 122) return unit - 71;
  if (unit >= 48 && unit <= 57) return unit + 4;
  if (unit === 43) return 62;
  if (unit === 47) return 63;
  return -1;
}

/** Bytes of a charset as text; a charset nobody knows is read as UTF-8, or byte by byte. */
function decodeCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return decodeText(bytes).text;
  }
}

const encodedWord = /=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=/g;

/** Decodes the encoded words of RFC 2047 in a header value; what is none stays as it stands. */
export function decodeHeader(value: string): string {
  // White space between two encoded words is no part of the text.
  const joined = value.replace(/(\?=)[ \t\r\n]+(?==\?[^?\s]{1,40}\?[bBqQ]\?)/g, '$1');
  return joined.replace(encodedWord, (_, charset: string, encoding: string, text: string) => {
    if (encoding === 'b' || encoding === 'B') return decodeCharset(decodeBase64(text), charset);
    const units = text.replace(/_/g, ' ').replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return decodeCharset(
      Uint8Array.from(units, (unit) => Math.min(unit.charCodeAt(0), 255)),
      charset,
    );
  });
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const zones: Readonly<Record<string, number>> = { est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420 };

/**
 * A date as mails (`Mon, 2 Jan 2006 15:04:05 -0700`), git (`Mon Jan 2 15:04:05 2006 -0700`) and ISO 8601 write it, in
 * seconds since 1970-01-01 UTC; undefined where it is none of these. Without a zone, UTC.
 */
export function parseDate(text: string): number | undefined {
  const mail = /(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(.*)$/.exec(text);
  if (mail) return seconds(mail[3]!, months.indexOf(mail[2]!.toLowerCase()), mail[1]!, mail[4]!, mail[5]!, mail[6], mail[7]!);
  const git = /([A-Za-z]{3}) +(\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))? (\d{4})(.*)$/.exec(text);
  if (git) return seconds(git[6]!, months.indexOf(git[1]!.toLowerCase()), git[2]!, git[3]!, git[4]!, git[5], git[7]!);
  const iso = /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(.*))?$/.exec(text);
  if (iso) return seconds(iso[1]!, Number(iso[2]) - 1, iso[3]!, iso[4] ?? '0', iso[5] ?? '0', iso[6], iso[7] ?? '');
  return undefined;
}

function seconds(year: string, month: number, day: string, hour: string, minute: string, second: string | undefined, rest: string): number | undefined {
  if (month < 0 || month > 11) return undefined;
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second ?? '0')) / 1000;
  if (!Number.isFinite(utc)) return undefined;
  const zone = /([+-])(\d{2}):?(\d{2})/.exec(rest);
  if (zone) return utc - (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60;
  const named = zones[rest.trim().slice(0, 3).toLowerCase()];
  return named === undefined ? utc : utc - named * 60;
}

/** A file whose quoted-printable or base64 mails were decoded. */
export interface DecodedMails {
  readonly bytes: Uint8Array;
  /** For each line of `bytes`, the line of the file it came from. */
  readonly lines: Uint32Array;
}

/**
 * Decodes the bodies of mails that travel as quoted-printable or base64; undefined where a file has none, which is
 * nearly always. A mail that says so and is not (lists and archives decode without telling) is left alone.
 */
export function decodeTransferEncodings(bytes: Uint8Array): DecodedMails | undefined {
  if (!namesEncoding(bytes)) return undefined;
  const text = latin1(bytes);
  const out: string[] = [];
  const map: number[] = [];
  const lines = text.split('\n');
  let encoding = '';
  let isInHeader = true;
  let hasChanged = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^From \S+ .*\d{4}\r?$/.test(line)) {
      isInHeader = true;
      encoding = '';
    }
    if (isInHeader) {
      const field = /^content-transfer-encoding:[ \t]*([a-z0-9-]+)/i.exec(line);
      if (field) encoding = field[1]!.toLowerCase();
      if (/^\r?$/.test(line) && i > 0) {
        isInHeader = false;
        const end = nextMail(lines, i + 1);
        if (encoding === 'base64' || (encoding === 'quoted-printable' && looksQuotedPrintable(lines, i + 1, end))) {
          out.push('');
          map.push(i);
          decodeBody(lines, i + 1, end, encoding, out, map);
          hasChanged = true;
          i = end - 1;
          continue;
        }
      }
    }
    out.push(line);
    map.push(i);
  }
  if (!hasChanged) return undefined;
  const decoded = out.join('\n');
  return { bytes: Uint8Array.from(decoded, (unit) => unit.charCodeAt(0) & 255), lines: Uint32Array.from(map) };
}

/** Whether a line begins with `Content-Transfer-Encoding: q` or `b`, in any case. To make text of all bytes first would cost more than all else. */
function namesEncoding(bytes: Uint8Array): boolean {
  const name = 'content-transfer-encoding:';
  for (let start = 0; start >= 0 && start < bytes.length; ) {
    let i = 0;
    while (i < name.length && ((bytes[start + i] ?? 0) | (name.charCodeAt(i) >= 97 ? 32 : 0)) === name.charCodeAt(i)) i++;
    if (i === name.length) {
      let at = start + i;
      while (bytes[at] === 32 || bytes[at] === 9) at++;
      const letter = (bytes[at] ?? 0) | 32;
      if (letter === 113 || letter === 98) return true;
    }
    const feed = bytes.indexOf(10, start);
    start = feed === -1 ? -1 : feed + 1;
  }
  return false;
}

function nextMail(lines: readonly string[], start: number): number {
  let i = start;
  while (i < lines.length && !/^From [0-9a-f]{40} .*\d{4}\r?$/.test(lines[i]!)) i++;
  return i;
}

/** Quoted-printable has no `=` but before two hex digits or at a line's end; real code has others. */
function looksQuotedPrintable(lines: readonly string[], start: number, end: number): boolean {
  let encoded = 0;
  for (let i = start; i < end; i++) {
    const line = lines[i]!;
    for (let at = line.indexOf('='); at !== -1; at = line.indexOf('=', at + 1)) {
      if (!/^=(?:[0-9A-Fa-f]{2}|[ \t]*\r?$)/.test(line.slice(at, at + 8))) return false;
      encoded++;
    }
  }
  return encoded > 0;
}

function decodeBody(lines: readonly string[], start: number, end: number, encoding: string, out: string[], map: number[]): void {
  if (encoding === 'base64') {
    const decoded = latin1(decodeBase64(lines.slice(start, end).join(''))).split('\n');
    for (const line of decoded) {
      out.push(line);
      map.push(start);
    }
    return;
  }
  let open = '';
  let from = start;
  for (let i = start; i < end; i++) {
    const line = lines[i]!;
    if (open === '') from = i;
    const soft = /=[ \t]*\r?$/.exec(line);
    const part = (soft ? line.slice(0, soft.index) : line).replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (soft) {
      open += part;
      continue;
    }
    out.push(open + part);
    map.push(from);
    open = '';
  }
  if (open !== '') {
    out.push(open);
    map.push(from);
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments; this size is safe in every engine.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}
