/** What %setup and %patch stand for (parsePrep.c). */
import { type SpecExpander, cleanPath } from './macroPort.js';
import { parseUnsigned } from './characters.js';
import { lineMark } from './chunk.js';
import { type OptionKind, parseInteger, parseOptions, poptError, splitArguments } from './popt.js';
import type { SourceState } from './state.js';
import type { Severity, Span } from '../text/index.js';

export interface PrepWorld {
  readonly expander: SpecExpander;
  knows(since: string): boolean;
  find(kind: 'source' | 'patch', number: number): SourceState | undefined;
  /** Every patch declared, in order. */
  patches(): readonly SourceState[];
  /** Undefined where the file is not there. */
  isCompressed(path: string): boolean | undefined;
  /** Of the main package. */
  readonly name: string;
  readonly version: string;
  /** Where the macro is written. */
  readonly span: Span;
}

export interface PrepCommands {
  /** What goes into the script; where rpm stopped at an error, what it had written by then. */
  readonly text: string;
  /** `fatal`: where these are macros (since 4.20), the expansion of the line fails. */
  readonly problems: readonly { readonly severity: Severity; readonly code: string; readonly template: string; readonly fatal: boolean }[];
  readonly applications: readonly { readonly number: number; readonly strip: number | undefined; readonly reverse: boolean }[];
}

type Problems = { severity: Severity; code: string; template: string; fatal: boolean }[];

const setupOptions: Readonly<Record<string, OptionKind>> = { a: 'string', b: 'string', c: 'flag', D: 'flag', n: 'string', T: 'flag', q: 'flag' };
const patchOptions: Readonly<Record<string, OptionKind>> = { P: 'string', p: 'int', R: 'flag', E: 'flag', b: 'string', z: 'string', F: 'int', d: 'string', o: 'string', Z: 'flag' };

/** `%setup` as commands. */
export function setupCommands(line: string, world: PrepWorld): PrepCommands {
  const { expander } = world;
  const problems: Problems = [];
  let text = '';
  const done = (): PrepCommands => ({ text, problems, applications: [] });
  const fail = (code: string, template: string): PrepCommands => {
    problems.push({ severity: 'error', code, template, fatal: true });
    return done();
  };
  const macros = world.knows('4.20');
  let quiet = line.slice(macros ? 5 : 6).includes(' -q');
  const words = splitArguments(line);
  if (words === undefined) return fail('bad-setup', `Error parsing %setup: ${poptError.quoting}`);
  if (!macros && expander.numeric('%{_build_in_place}') !== 0) return done();
  const parsed = parseOptions(words, macros ? { ...setupOptions, C: 'flag' } : setupOptions);
  let before = '';
  let after = '';
  let create = false;
  let leave = false;
  let skip = false;
  let automatic = false;
  let folder: string | undefined;
  const unpack = (number: number, into: boolean): string | undefined => {
    const source = world.find('source', number);
    if (source === undefined) {
      problems.push({ severity: 'error', code: 'no-source', template: `No source number ${number}`, fatal: world.knows('6.0') });
      return undefined;
    }
    const path = macros ? `%{shescape:${source.path}}` : source.path;
    return `${expander.value(`%{__rpmuncompress} -x ${quiet ? '' : '-v '}${into ? '-C %{buildsubdir} ' : ''}${path}`)}\nSTATUS=$?\nif [ $STATUS -ne 0 ]; then\n  exit $STATUS\nfi`;
  };
  for (const { letter, value } of parsed.options) {
    switch (letter) {
      case 'a':
      case 'b': {
        const number = parseUnsigned(value!);
        if (number === undefined) return fail('bad-setup', `line ${lineMark}: Bad arg to %setup: ${value!}`);
        const commands = unpack(number, false);
        if (commands === undefined) return done();
        if (letter === 'a') after += `${commands}\n`;
        else before += `${commands}\n`;
        break;
      }
      case 'c':
        create = true;
        break;
      case 'D':
        leave = true;
        break;
      case 'n':
        folder = value;
        break;
      case 'T':
        skip = true;
        break;
      case 'C':
        automatic = true;
        break;
      default:
        quiet = true;
    }
  }
  if (parsed.error !== undefined) return fail('bad-setup', `line ${lineMark}: Bad %setup option ${parsed.error.word}: ${parsed.error.message}`);
  expander.defineTag('buildsubdir', folder ?? `${world.name}-${world.version}`, world.span, world.span);
  text += `cd '${cleanPath(expander.value('%{_builddir}'))}'\n`;
  if (!leave) text += `${expander.value("rm -rf '%{buildsubdir}'")}\n`;
  text += before;
  const makeFolder = () => {
    text += `${expander.value("%{__mkdir_p} '%{buildsubdir}'\ncd '%{buildsubdir}'")}\n`;
  };
  const enter = () => {
    text += `${expander.value("cd '%{buildsubdir}'")}\n`;
  };
  const unpackDefault = (): boolean => {
    const commands = unpack(0, automatic);
    if (commands !== undefined) text += `${commands}\n`;
    return commands !== undefined;
  };
  if (create) makeFolder();
  // Since 4.20 an archive is unpacked beside the folder, not in it, also where the folder was made.
  if (macros) {
    if (!skip && !unpackDefault()) return done();
    if (!create) enter();
  } else {
    if (!create && !skip && !unpackDefault()) return done();
    if (!create) enter();
    if (create && !skip && !unpackDefault()) return done();
  }
  text += after;
  const fix = expander.value('%{_fixperms} .');
  if (fix !== '' && fix[0] !== '%') text += `${fix}\n`;
  return done();
}

/** `%patch` in all its spellings as commands. */
export function patchCommands(line: string, world: PrepWorld): PrepCommands {
  const { expander } = world;
  const problems: Problems = [];
  const applications: { number: number; strip: number | undefined; reverse: boolean }[] = [];
  let text = '';
  const done = (): PrepCommands => ({ text, problems, applications });
  const macros = world.knows('4.20');
  // %patchN is %patch -P N.
  const words = splitArguments(!macros && !/^[ \t\n]?$/.test(line.slice(6, 7)) ? `%patch -P ${line.slice(6)}` : line) ?? [];
  const parsed = parseOptions(words, patchOptions);
  const numbers: string[] = [];
  let level = 0;
  let reverse = false;
  let removeEmpty = false;
  let utc = false;
  let fuzz = expander.numeric('%{_default_patch_fuzz}');
  let backup: string | undefined;
  let folder: string | undefined;
  let output: string | undefined;
  for (const { letter, value } of parsed.options) {
    switch (letter) {
      case 'P':
        numbers.push(value!);
        break;
      case 'p':
        level = parseInteger(value!)!;
        break;
      case 'R':
        reverse = true;
        break;
      case 'E':
        removeEmpty = true;
        break;
      case 'b':
      case 'z':
        backup = value;
        break;
      case 'F':
        fuzz = parseInteger(value!)!;
        break;
      case 'd':
        folder = value;
        break;
      case 'o':
        output = value;
        break;
      default:
        utc = true;
    }
  }
  if (parsed.error !== undefined) {
    problems.push({ severity: 'error', code: 'bad-patch-option', template: `${parsed.error.message}: ${parsed.error.word}: ${line}`, fatal: true });
    return done();
  }
  numbers.push(...parsed.rest);
  if (numbers.length === 0) {
    problems.push({ severity: macros ? 'error' : 'warning', code: 'no-patch-number', template: `Patch number not specified: ${line}`, fatal: macros });
    if (macros) return done();
    numbers.push('0');
  }
  for (const word of numbers) {
    const number = parseUnsigned(word);
    if (number === undefined) {
      problems.push({ severity: 'error', code: 'bad-patch-number', template: `Invalid patch number ${word}: ${line}`, fatal: true });
      return done();
    }
    const flags = expander.value('%{?_default_patch_flags}');
    const patch = world.find('patch', number);
    if (patch === undefined) {
      problems.push({ severity: 'error', code: 'no-patch', template: `No patch number ${number}`, fatal: world.knows('6.0') });
      return done();
    }
    const args = `${flags} -p${level} ${backup === undefined ? '' : `-b --suffix ${backup}`}${fuzz >= 0 ? ` --fuzz=${fuzz}` : ''}${folder === undefined ? '' : ` -d ${folder}`}${output === undefined ? '' : ` -o ${output}`}${reverse ? ' -R' : ''}${removeEmpty ? ' -E' : ''}${utc ? ' -Z' : ''}`;
    // rpm pipes what it cannot tell to be uncompressed: also a file that is not there.
    const command =
      world.isCompressed(patch.path) === false
        ? expander.value(`%{__patch} ${args} < ${patch.path}`)
        : expander.value(`{ %{__rpmuncompress} ${patch.path} || echo patch_fail ; } | %{__patch} ${args}`);
    text += `echo "Patch #${number} (${patch.fileName}):"\n${command}\n\n`;
    applications.push({ number, strip: level, reverse });
  }
  return done();
}

/**
 * `%autopatch` where no macro file defines it: our facts about rpm cannot, as rpm's own is written in Lua. The commands
 * are those of its plain form, without a source control tool.
 */
export function autopatchCommands(line: string, world: PrepWorld): PrepCommands {
  const { expander } = world;
  const { options, rest } = parseOptions(splitArguments(line) ?? [], { v: 'flag', q: 'flag', p: 'int', m: 'int', M: 'int' });
  const valueOf = (letter: string): number | undefined => {
    const value = options.findLast((option) => option.letter === letter)?.value;
    return value === undefined ? undefined : parseInteger(value);
  };
  const [least = 0, most = Infinity, level] = [valueOf('m'), valueOf('M'), valueOf('p')];
  const named = rest.flatMap((word) => parseUnsigned(word) ?? []);
  const patches = world.patches().filter(({ number }) => (named.length > 0 ? named.includes(number) : number >= least && number <= most));
  const quiet = options.some(({ letter }) => letter === 'v') ? '' : ' -s';
  const text = patches.map(({ path }) => `${expander.value(`%{__patch}${level === undefined ? '' : ` -p${level}`}${quiet} --fuzz=%{_default_patch_fuzz} %{_default_patch_flags}`)} < ${path}\n`).join('');
  return { text, problems: [], applications: patches.map(({ number }) => ({ number, strip: level, reverse: false })) };
}
