/** Dates as C's strftime and GNU's `date` write them, in the C locale and in UTC. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** strftime in the C locale, in UTC, with what GNU's `date` adds. */
export function formatDate(format: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = days[date.getUTCDay()]!;
  const month = months[date.getUTCMonth()]!;
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const parts: Readonly<Record<string, () => string>> = {
    C: () => two(Math.floor(date.getUTCFullYear() / 100)),
    G: () => String(isoWeek(date).year),
    g: () => two(isoWeek(date).year % 100),
    V: () => two(isoWeek(date).week),
    k: () => String(date.getUTCHours()).padStart(2),
    l: () => String(((date.getUTCHours() + 11) % 12) + 1).padStart(2),
    N: () => `${String(date.getTime() % 1000).padStart(3, '0')}000000`,
    P: () => (date.getUTCHours() < 12 ? 'am' : 'pm'),
    r: () => formatDate('%I:%M:%S %p', date),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    c: () => formatDate('%a %b %e %H:%M:%S %Y', date),
    d: () => two(date.getUTCDate()),
    D: () => formatDate('%m/%d/%y', date),
    e: () => String(date.getUTCDate()).padStart(2),
    F: () => formatDate('%Y-%m-%d', date),
    H: () => two(date.getUTCHours()),
    I: () => two(((date.getUTCHours() + 11) % 12) + 1),
    j: () => String(Math.floor((date.getTime() - yearStart) / 86_400_000) + 1).padStart(3, '0'),
    m: () => two(date.getUTCMonth() + 1),
    M: () => two(date.getUTCMinutes()),
    n: () => '\n',
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    R: () => formatDate('%H:%M', date),
    s: () => String(Math.floor(date.getTime() / 1000)),
    S: () => two(date.getUTCSeconds()),
    t: () => '\t',
    T: () => formatDate('%H:%M:%S', date),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    x: () => formatDate('%m/%d/%y', date),
    X: () => formatDate('%H:%M:%S', date),
    y: () => two(date.getUTCFullYear() % 100),
    Y: () => String(date.getUTCFullYear()),
    z: () => '+0000',
    Z: () => 'UTC',
    '%': () => '%',
  };
  return format.replace(/%(-?)(.)/gs, (whole, unpadded: string, letter: string) => {
    const text = parts[letter]?.();
    return text === undefined ? whole : unpadded === '' ? text : text.replace(/^[0 ]+(?=\d)/, '');
  });
}

/** The week of ISO 8601, which begins on a Monday and belongs to the year of its Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000)) + 1 };
}

/** What `date` prints; undefined for options and dates that it is not known here how GNU's would read. */
export function dateCommand(args: readonly string[], now: number): string | undefined {
  let format = '%a %b %e %H:%M:%S UTC %Y';
  let date: Date | undefined = new Date(now);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const given = /^(?:-d|--date=)([^]*)$/.exec(arg);
    if (arg.startsWith('+')) format = arg.slice(1);
    else if (['-u', '--utc', '--universal'].includes(arg)) continue;
    else if (arg === '-R') format = '%a, %d %b %Y %H:%M:%S +0000';
    else if (arg === '-I' || arg === '-Idate') format = '%Y-%m-%d';
    else if (arg === '-Iseconds') format = '%Y-%m-%dT%H:%M:%S+00:00';
    else if (given !== null) date = parseDate(given[1] !== '' || arg !== '-d' ? given[1]! : (args[++i] ?? ''), now);
    else if (arg === '--date') date = parseDate(args[++i] ?? '', now);
    else return undefined;
    if (date === undefined) return undefined;
  }
  return formatDate(format, date);
}

const units: Readonly<Record<string, number>> = { sec: 1000, second: 1000, min: 60_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000, fortnight: 1_209_600_000 };
const named: Readonly<Record<string, number>> = { now: 0, today: 0, yesterday: -1, tomorrow: 1 };

/** A date as people give it to `date -d`: one day or moment, and what is counted from it. */
function parseDate(text: string, now: number): Date | undefined {
  let rest = text.trim().toLowerCase();
  const date = new Date(now);
  const seconds = /^@(-?\d+)$/.exec(rest);
  if (seconds !== null) return new Date(Number(seconds[1]) * 1000);
  const absolute = /^(\d{4})-?(\d{2})-?(\d{2})(?:[t ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: *(?:utc|z|\+00:?00)\b)?/.exec(rest);
  if (absolute !== null) {
    const [, year, month, day, hours = '0', minutes = '0', second = '0'] = absolute;
    date.setTime(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(second)));
    rest = rest.slice(absolute[0].length).trim();
  }
  while (rest !== '') {
    const word = /^(now|today|yesterday|tomorrow)\b/.exec(rest);
    const step = /^([+-]?) *(\d+|last|next|a) *(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b(?: *(ago)\b)?/.exec(rest);
    if (word !== null) date.setTime(date.getTime() + named[word[1]!]! * units['day']!);
    else if (step !== null) {
      const [, sign, count, unit, ago] = step;
      const by = (count === 'last' ? -1 : count === 'next' || count === 'a' ? 1 : Number(count)) * (sign === '-' ? -1 : 1) * (ago === undefined ? 1 : -1);
      if (unit === 'year') date.setUTCFullYear(date.getUTCFullYear() + by);
      else if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + by);
      else date.setTime(date.getTime() + by * units[unit!]!);
    } else return undefined;
    rest = rest.slice((word ?? step)![0].length).trim();
  }
  return Number.isNaN(date.getTime()) ? undefined : date;
}
