/** Dates of changelog entries (parseChangelog.c). */
import { skipNonSpace, skipSpace } from './characters.js';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export interface ChangelogDate {
  /** Seconds since 1970-01-01. Noon UTC for a date without a time. */
  readonly time: number;
  /** The day of the week is not that of the date, or the day is not in the month: rpm warns of a bogus date. */
  readonly bogus: boolean;
  /** How many words of the line the date takes: 4, or 6 with a time and a zone. */
  readonly words: 4 | 6;
}

/** `Mon Jun 6 2016 ...` or `Thu Oct 6 06:48:39 CEST 2016 ...`; undefined where rpm cannot read it. */
export function parseChangelogDate(text: string): ChangelogDate | undefined {
  let at = 0;
  const next = (): string => {
    const start = skipSpace(text, at);
    at = skipNonSpace(text, start);
    return text.slice(start, at);
  };
  const weekday = days.indexOf(next());
  if (weekday < 0) return undefined;
  const month = months.indexOf(next());
  if (month < 0) return undefined;
  const dayWord = next();
  if (!/^[+-]?\d+$/.test(dayWord)) return undefined;
  const day = Number(dayWord);
  if (day < 0 || day > lengths[month]!) return undefined;
  let word = next();
  if (word === '') return undefined;
  let seconds = 12 * 3600;
  let words: 4 | 6 = 4;
  if (word[1] === ':' || word[2] === ':') {
    const match = /^(\d+):(\d+):(\d+)$/.exec(word);
    if (match === null) return undefined;
    const [hours, minutes, rest] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (hours! > 23 || minutes! > 59 || rest! > 59) return undefined;
    const zone = next();
    if (zone === '' || zone.length > 8) return undefined;
    seconds = hours! * 3600 + minutes! * 60 + rest! - zoneOffset(zone);
    words = 6;
    word = next();
    if (word === '') return undefined;
  }
  if (!/^[+-]?\d+$/.test(word)) return undefined;
  const year = Number(word);
  if (year < 1990 || year >= 3000) return undefined;
  const midnight = Date.UTC(year, month, day);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const isInMonth = day > 0 && (month !== 1 || day < 29 || isLeap);
  // The epoch was a Thursday.
  return { time: midnight / 1000 + seconds, bogus: !isInMonth || (midnight / 86_400_000 + 4) % 7 !== weekday, words };
}

/**
 * Seconds east of UTC for a zone as rpm sets it in TZ. The C library knows a bare abbreviation only where a zone file
 * has that name; all others count as UTC.
 */
function zoneOffset(zone: string): number {
  const hours: Readonly<Record<string, number>> = { EST: -5, MST: -7, HST: -10, CET: 1, MET: 1, EET: 2, WET: 0 };
  return (hours[zone] ?? 0) * 3600;
}
