import type { PatchChange } from './patch.js';
import type { PartFact } from './verdict.js';

/** No series is longer: what counts further counts something else. */
const LONGEST = 999;

/** Of so many patches with other parts the names are said. */
const SHOWN_FILES = 3;

/** So much of a subject is looked at. */
const SUBJECT_LIMIT = 300;

/** Parts that one author wrote within so many days are of one series. */
const ONE_TIME = 60 * 86400;

/** So many series before are looked at for one that a part goes on with. */
const LOOK_BACK = 100;

interface Part {
  readonly number: number;
  readonly of: number;
  /** The rest of what stands in brackets, which all parts share: `PATCH v2`. */
  readonly label: string;
}

/** Parts that belong together, as far as they have been seen. */
interface Series {
  readonly parts: Map<number, { readonly at: Member; readonly fileName: string }>;
  /** Places of the files among the package's, the last one last. */
  last: number;
}

interface Member {
  readonly file: number;
  readonly change: number;
  readonly part: Part;
  readonly author: string | undefined;
  readonly date: number | undefined;
}

/**
 * What the changes of a package say of the series they are parts of (`[PATCH 2/5]`), by file and change, and which other
 * parts the package has; undefined for one that counts nothing. Mails of one file belong together, as do parts that one
 * author wrote at one time, and files beside one another that go on counting; the nearest first, each number once.
 */
export function seriesParts(files: readonly { readonly fileName: string; readonly changes: readonly PatchChange[] }[]): readonly (readonly (PartFact | undefined)[])[] {
  const open = new Map<string, Series[]>();
  const seriesOf = new Map<Member, Series>();
  const members: Member[] = [];
  for (const [file, { fileName, changes }] of files.entries()) {
    const own = new Map<string, Series[]>();
    for (const [change, patchChange] of changes.entries()) {
      const part = partOf(patchChange);
      if (part === undefined) continue;
      const member: Member = { file, change, part, author: patchChange.author, date: patchChange.date };
      members.push(member);
      const key = `${part.label}/${part.of}`;
      const mine = own.get(key) ?? own.set(key, []).get(key)!;
      let series = mine.at(-1);
      if (series === undefined || series.parts.has(part.number)) mine.push((series = { parts: new Map(), last: file }));
      series.parts.set(part.number, { at: member, fileName });
    }
    for (const [key, mine] of own) {
      const before = open.get(key) ?? open.set(key, []).get(key)!;
      for (const series of mine) {
        const earlier = before.slice(-LOOK_BACK).filter((other) => belong(other, series));
        const nearest = earlier.reduce<Series | undefined>((near, other) => (near === undefined || other.last >= near.last ? other : near), undefined);
        const whole = nearest ?? series;
        if (nearest === undefined) before.push(series);
        else {
          for (const [number, entry] of series.parts) nearest.parts.set(number, entry);
          nearest.last = file;
        }
        for (const { at } of series.parts.values()) seriesOf.set(at, whole);
      }
    }
  }
  const facts = files.map(({ changes }) => changes.map((): PartFact | undefined => undefined));
  for (const member of members) {
    const { number, of } = member.part;
    const { parts } = seriesOf.get(member)!;
    const has = [...parts].filter(([other]) => other !== number).sort(([a], [b]) => a - b).map(([other, { fileName }]) => ({ number: other, fileName }));
    const lacks = Array.from({ length: of }, (_, i) => i + 1).filter((other) => !parts.has(other));
    facts[member.file]![member.change] = { number, of, has, lacks };
  }
  return facts;
}

/** Whether parts of a later file go on with a series. */
function belong(earlier: Series, later: Series): boolean {
  const before = [...earlier.parts.values()].map(({ at }) => at);
  const after = [...later.parts.values()].map(({ at }) => at);
  if (after.some(({ part }) => earlier.parts.has(part.number))) return false;
  if (before.some((one) => after.some((other) => one.author !== undefined && one.author === other.author && one.date !== undefined && other.date !== undefined && Math.abs(one.date - other.date) <= ONE_TIME))) return true;
  return after[0]!.file - earlier.last === 1 && earlier.parts.has(Math.min(...later.parts.keys()) - 1);
}

/** The first bracket of a subject that counts parts. */
function partOf({ fields }: PatchChange): Part | undefined {
  const subject = fields.find(({ key }) => key.toLowerCase() === 'subject')?.value.slice(0, SUBJECT_LIMIT) ?? '';
  const [, before, number, of, behind] = /^(?:(?:re|fwd?):\s*|\[[^\]\d]*\]\s*)*\[([^\]]*\b(?:PATCH|RFC)\b[^\]]*?)\b(\d{1,3})\/(\d{1,3})(?!\d)\s*([^\]]*)\]/i.exec(subject) ?? [];
  const part = { number: Number(number), of: Number(of), label: `${before} ${behind}`.replace(/\s+/g, ' ').trim().toLowerCase() };
  return number !== undefined && part.number >= 1 && part.of >= 2 && part.number <= part.of && part.of <= LONGEST ? part : undefined;
}

/** `part 2 of 5 by its subject; the package has 1 (a.patch), and lacks 3 to 5`. */
export function partWords({ number, of, has, lacks }: PartFact): string {
  const files = [...new Set(has.map(({ fileName }) => fileName))];
  const named = files.map((file) => `${ranges(has.filter(({ fileName }) => fileName === file).map((part) => part.number))} (${file})`);
  const owns = files.length > SHOWN_FILES ? `has ${ranges(has.map((part) => part.number))} in ${files.length} files` : files.length > 0 ? `has ${named.join(', ')}` : '';
  const without = lacks.length === 0 ? '' : `lacks ${ranges(lacks)}`;
  return `part ${number} of ${of} by its subject; the package ${[owns, without].filter((words) => words !== '').join(', and ')}`;
}

/** `1, 3 to 5`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`)).join(', ');
}
