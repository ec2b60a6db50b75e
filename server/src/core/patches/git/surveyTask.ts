import { decodePath, unquotePath } from '../unquotePath.js';
import type { GitTask } from './logPatchTask.js';

/** A commit as a survey of a history sees it: without its diff. */
export interface SurveyedCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Author date, seconds since 1970-01-01 UTC. */
  readonly date: number;
  readonly commitDate: number;
  readonly author: string;
  readonly subject: string;
  /** Paths it touches; none for a merge, or where names were not asked for. */
  readonly paths: readonly string[];
}

/**
 * Every commit that a branch or tag reaches, with the names of the files it touches: a tenth of what reading the diffs
 * costs, since no file's content is opened. Newest first.
 */
export function surveyTask(options: { readonly names: boolean }): GitTask<AsyncGenerator<SurveyedCommit>> {
  return {
    args: ['log', '--branches', '--tags', '--remotes', '--no-color', '--no-decorate', '--no-show-signature', '--no-notes', '--no-mailmap', '--encoding=UTF-8', '--no-renames', '--no-relative', '--no-ext-diff', '--no-textconv', '--ignore-submodules=none', '-O/dev/null', ...(options.names ? ['--name-only'] : ['--no-patch']), '--format=%x00%H%x00%P%x00%at%x00%ct%x00%an <%ae>%x00%s%x00'],
    parse: readSurvey,
  };
}

async function* readSurvey(output: AsyncIterable<Uint8Array>): AsyncGenerator<SurveyedCommit> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n\0');
    if (end < 0) continue;
    yield* readRecords(text.slice(0, end + 1));
    text = text.slice(end + 1);
  }
  yield* readRecords(text + decoder.decode());
}

function* readRecords(text: string): Generator<SurveyedCommit> {
  const fields = text.split('\0');
  for (let i = 1; i + 6 < fields.length; i += 7) {
    const names = fields[i + 6]!;
    yield {
      id: fields[i]!,
      parents: fields[i + 1] === '' ? [] : fields[i + 1]!.split(' '),
      date: Number(fields[i + 2]) || 0,
      commitDate: Number(fields[i + 3]) || 0,
      author: fields[i + 4]!,
      subject: fields[i + 5]!,
      paths: names.length < 2 ? [] : names.split('\n').filter((name) => name !== '').map((name) => (name.startsWith('"') ? decodePath(unquotePath(name)?.path ?? name) : name)),
    };
  }
}
