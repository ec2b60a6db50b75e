import { decodeHeader, parseDate } from './mailText.js';
import type { ChangeStyle, HeaderField, PatchChange } from './patch.js';

export interface HeaderLine {
  readonly text: string;
  readonly line: number;
}

type Message = Pick<PatchChange, 'style' | 'commitId' | 'author' | 'date' | 'subject' | 'body' | 'fields' | 'trailers'>;

const fieldLine = /^([A-Za-z][A-Za-z0-9_-]*):[ \t]*(.*)$/;
const trailerLine = /^([A-Za-z][A-Za-z0-9-]*):[ \t]+(\S.*)$/;

/** What the lines before a change's first diff say, by the way they are written. */
export function readMessage(lines: readonly HeaderLine[], style: ChangeStyle): Message {
  if (style === 'git-show') return readShow(lines);
  let start = 0;
  while (start < lines.length && lines[start]!.text.trim() === '') start++;
  if (style === 'mail' || /^(?:From|Subject|Date): /.test(lines[start]?.text ?? '')) return readMail(lines.slice(start));
  return readPlain(lines);
}

function readMail(lines: readonly HeaderLine[]): Message {
  const mbox = /^From ([0-9a-f]{40}(?:[0-9a-f]{24})?) /.exec(lines[0]?.text ?? '');
  let at = /^From /.test(lines[0]?.text ?? '') ? 1 : 0;
  const fields: HeaderField[] = [];
  at = readFields(lines, at, fields);
  while (at < lines.length && lines[at]!.text.trim() === '') at++;
  // A `From:` in the body, as `git am` reads it: the author of a mail that another person sent.
  const inBody: HeaderField[] = [];
  if (/^(?:From|Date|Subject|Author): /.test(lines[at]?.text ?? '')) at = readFields(lines, at, inBody);
  const field = (name: string): string | undefined => {
    const found = [...inBody, ...fields].find((each) => each.key.toLowerCase() === name);
    return found?.value;
  };
  const rest = lines.slice(at);
  const dashes = rest.findIndex((line) => /^---\s*$/.test(line.text));
  const message = dashes === -1 ? rest : rest.slice(0, dashes);
  const subject = field('subject');
  const date = field('date');
  return {
    style: 'mail',
    commitId: mbox?.[1],
    author: field('from') ?? field('author'),
    date: date === undefined ? undefined : parseDate(date),
    subject: subject === undefined ? undefined : cleanSubject(subject),
    body: joinLines(message),
    fields: [...fields, ...inBody],
    trailers: readTrailers(message),
  };
}

/** Reads fields with their folded lines; returns where they end. */
function readFields(lines: readonly HeaderLine[], start: number, fields: HeaderField[]): number {
  let at = start;
  while (at < lines.length) {
    const found = fieldLine.exec(lines[at]!.text);
    if (!found) break;
    const line = lines[at]!.line;
    const parts = [found[2]!.trim()];
    at++;
    while (at < lines.length && /^[ \t]+\S/.test(lines[at]!.text)) parts.push(lines[at++]!.text.trim());
    fields.push({ key: found[1]!, value: decodeHeader(parts.join(' ')).trim(), line });
  }
  return at;
}

/** Without `[PATCH 2/3]` and `Re:`, as the commit's subject stood. */
function cleanSubject(text: string): string {
  let subject = text.replace(/\s+/g, ' ').trim();
  for (;;) {
    const next = subject.replace(/^(?:re|fwd?):\s*/i, '').replace(/^\[[^\]]*\b(?:PATCH|RFC)\b[^\]]*\]\s*/i, '');
    if (next === subject) return subject;
    subject = next;
  }
}

function readShow(lines: readonly HeaderLine[]): Message {
  const fields: HeaderField[] = [];
  let at = 1;
  at = readFields(lines, at, fields);
  const field = (...names: string[]): string | undefined => fields.find((each) => names.includes(each.key.toLowerCase()))?.value;
  const rest: HeaderLine[] = [];
  let hasMessage = false;
  for (const line of lines.slice(at)) {
    if (line.text.startsWith('    ')) {
      rest.push({ text: line.text.slice(4), line: line.line });
      hasMessage ||= line.text.trim() !== '';
    } else if (line.text.trim() === '') rest.push({ text: '', line: line.line });
    else if (hasMessage) break;
  }
  const { subject, message } = splitSubject(rest);
  const date = field('date', 'authordate');
  return {
    style: 'git-show',
    commitId: /^commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)/.exec(lines[0]?.text ?? '')?.[1],
    author: field('author'),
    date: date === undefined ? undefined : parseDate(date),
    subject,
    body: joinLines(message),
    fields,
    trailers: readTrailers(message),
  };
}

function readPlain(lines: readonly HeaderLine[]): Message {
  const fields: HeaderField[] = [];
  for (const { text, line } of lines) {
    const found = fieldLine.exec(text.replace(/^# ?/, ''));
    if (found && found[2] !== '') fields.push({ key: found[1]!, value: decodeHeader(found[2]!.trim()), line });
  }
  const field = (...names: string[]): string | undefined => fields.find((each) => names.includes(each.key.toLowerCase()))?.value;
  const isMercurial = lines.some((line) => line.text.startsWith('# HG changeset patch'));
  if (isMercurial) {
    const user = lines.find((line) => line.text.startsWith('# User '))?.text.slice(7).trim();
    const date = /^# Date (\d+)/m.exec(lines.map((line) => line.text).join('\n'))?.[1];
    const { subject, message } = splitSubject(lines.filter((line) => !line.text.startsWith('# ')));
    return { style: 'plain', commitId: undefined, author: user, date: date === undefined ? undefined : Number(date), subject, body: joinLines(message), fields, trailers: readTrailers(message) };
  }
  const date = field('date', 'last-update');
  const subject = field('subject', 'description');
  return {
    style: 'plain',
    commitId: undefined,
    author: field('from', 'author'),
    date: date === undefined ? undefined : parseDate(date),
    subject: subject === undefined ? undefined : cleanSubject(subject),
    body: joinLines(lines),
    fields,
    trailers: readTrailers(lines),
  };
}

function splitSubject(lines: readonly HeaderLine[]): { readonly subject: string | undefined; readonly message: readonly HeaderLine[] } {
  let at = 0;
  while (at < lines.length && lines[at]!.text.trim() === '') at++;
  const parts: string[] = [];
  while (at < lines.length && lines[at]!.text.trim() !== '') parts.push(lines[at++]!.text.trim());
  return { subject: parts.length > 0 ? cleanSubject(parts.join(' ')) : undefined, message: lines.slice(at) };
}

function joinLines(lines: readonly HeaderLine[]): string {
  return lines
    .map((line) => line.text.trimEnd())
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd();
}

/** `Key: value` lines of the last paragraphs that hold nothing else (but `(cherry picked from ...)`). */
function readTrailers(lines: readonly HeaderLine[]): HeaderField[] {
  const trailers: HeaderField[] = [];
  let paragraph: HeaderField[] = [];
  let isPure = true;
  for (let i = lines.length - 1; i >= -1; i--) {
    const text = lines[i]?.text.trim() ?? '';
    if (text === '') {
      if (!isPure) break;
      trailers.unshift(...paragraph);
      paragraph = [];
      continue;
    }
    const found = trailerLine.exec(text);
    if (found) paragraph.unshift({ key: found[1]!, value: found[2]!.trim(), line: lines[i]!.line });
    else if (!/^\((?:cherry|backported|back-ported|\[)/i.test(text)) isPure = false;
  }
  return trailers;
}
