import { parseArgs } from 'node:util';
import { rules } from '../../core/lint/index.js';
import { severities } from '../../core/settings.js';
import { type Severity, nearest } from '../../core/text/index.js';
import { UsageError } from '../command.js';
import { reporters } from '../reporters/index.js';

/** What one linted text depends on besides itself: plain data that crosses threads. */
export interface LintSettings {
  /** Targets named on the command line; empty where the settings decide. */
  readonly targets: readonly string[];
  /** Each as rpm takes it: `NAME BODY`. */
  readonly defines: readonly string[];
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly fix: 'none' | 'safe' | 'unsafe';
}

export interface LintCommandOptions {
  readonly paths: readonly string[];
  readonly settings: LintSettings;
  readonly stdinFileName: string | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly failOn: Severity | undefined;
  readonly jobs: number | undefined;
  readonly listRules: boolean;
  readonly explain: string | undefined;
  readonly color: 'auto' | 'always' | 'never';
}

const options = {
  for: { type: 'string', multiple: true },
  define: { type: 'string', short: 'D', multiple: true },
  with: { type: 'string', multiple: true },
  without: { type: 'string', multiple: true },
  rule: { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  'fix-unsafe': { type: 'boolean' },
  'list-rules': { type: 'boolean' },
  explain: { type: 'string' },
  format: { type: 'string', short: 'f' },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string' },
  jobs: { type: 'string', short: 'j' },
  'stdin-filename': { type: 'string' },
  color: { type: 'string' },
} as const;

export const lintHelp = `usage: spectrail lint [OPTION...] [PATH...]

Lints spec files: what rpm itself would refuse or warn of, and what packagers would miss. A PATH is a spec, a folder (its
specs and those of the folders below), or - for standard input; without one, the folder one stands in. Nothing of a
spec is run.

What is linted for what:
      --for TARGET         distribution to read the specs for, such as el9 or fedora-43; several times for several
  -D, --define 'NAME BODY' define a macro before the spec is read
      --with NAME, --without NAME
                           switch a build conditional on or off
      --stdin-filename PATH
                           what standard input is called; settings and files beside it are looked for there

What is reported:
      --rule ID=SEVERITY   error, warning, information, hint or off, over what spectrail.toml says
      --fail-on SEVERITY   least severity that makes the status 1 (default: warning)
  -f, --format FORMAT      ${Object.keys(reporters).join(', ')} (default: text)
  -o, --output FILE        write the report to a file
      --color WHEN         auto, always, never; auto colours a terminal unless NO_COLOR is set
      --list-rules         list the rules and stop
      --explain RULE       print a rule's page and stop

What is changed:
      --fix                apply the safe fixes: those that leave the built package as it is
      --fix-unsafe         apply all fixes

  -j, --jobs N             threads (default: one a core when there are many specs)
      --help               print this

Status: 0 no finding at or above --fail-on, 1 findings, 2 something could not be looked at.
Settings are read from spectrail.toml in a spec's folder or above it. A comment '# spectrail: ignore RULE -- reason'
silences a rule for the next line, '# spectrail: ignore-file RULE -- reason' for the whole spec.
`;

/** Reads the arguments; throws a {@link UsageError} that says what would be right. */
export function parseLintOptions(args: readonly string[]): LintCommandOptions {
  const { values, positionals } = parse(args);
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1)) throw new UsageError(`--jobs wants a number from 1 on, not '${values.jobs}'`);
  if (values.explain !== undefined) oneOf('--explain', values.explain, rules.map(({ id }) => id), 'rule');
  return {
    paths: positionals,
    settings: {
      targets: (values.for ?? []).flatMap((list) => list.split(',')).filter((id) => id !== ''),
      defines: (values.define ?? []).map(checkDefine),
      with: values.with ?? [],
      without: values.without ?? [],
      rules: Object.fromEntries((values.rule ?? []).map(parseRule)),
      fix: values['fix-unsafe'] === true ? 'unsafe' : values.fix === true ? 'safe' : 'none',
    },
    stdinFileName: values['stdin-filename'],
    format: values.format === undefined ? 'text' : oneOf('--format', values.format, Object.keys(reporters), 'format'),
    output: values.output,
    failOn: values['fail-on'] === undefined ? undefined : (oneOf('--fail-on', values['fail-on'], severities, 'severity') as Severity),
    jobs,
    listRules: values['list-rules'] === true,
    explain: values.explain,
    color: values.color === undefined ? 'auto' : (oneOf('--color', values.color, ['auto', 'always', 'never'], 'choice') as 'auto'),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const unknown = /^Unknown option '(-[^']*)'/.exec((error as Error).message)?.[1];
    if (unknown === undefined) throw new UsageError((error as Error).message.split('\n')[0]!.replace(/\.$/, ''));
    const guess = nearest(unknown, Object.keys(options).map((name) => `--${name}`));
    throw new UsageError(`lint has no option ${unknown}${guess === undefined ? '' : `; did you mean ${guess}?`}`);
  }
}

function parseRule(text: string): [string, Severity | 'off'] {
  const [, id, severity] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (id === undefined || severity === undefined) throw new UsageError(`--rule wants RULE=SEVERITY, such as trailing-whitespace=off, not '${text}'`);
  oneOf('--rule', id, rules.map((rule) => rule.id), 'rule');
  return [id, oneOf('--rule', severity, [...severities, 'off'], 'severity') as Severity | 'off'];
}

function checkDefine(text: string): string {
  if (!/^\s*[A-Za-z_]\w*(\([^)]*\))?\s+\S/.test(text)) throw new UsageError(`--define wants 'NAME BODY', such as 'dist .el9', not '${text}'`);
  return text;
}

function oneOf(option: string, word: string, known: readonly string[], noun: string): string {
  if (known.includes(word)) return word;
  const guess = nearest(word, known);
  throw new UsageError(`${option}: there is no ${noun} '${word}'${guess !== undefined ? `; did you mean '${guess}'?` : known.length < 10 ? ` (there are ${known.join(', ')})` : ''}`);
}
