import type { GitTask } from './logPatchTask.js';

export interface CommitMessage {
  readonly id: string;
  /** Subject, blank line and body, as they were written. */
  readonly message: string;
}

/**
 * The whole messages of every commit that a branch or tag reaches, newest first: no tree and no blob is opened.
 * `since`, in seconds since 1970-01-01 UTC, leaves out what was committed before.
 */
export function messagesTask({ since }: { readonly since?: number | undefined } = {}): GitTask<AsyncGenerator<CommitMessage>> {
  return {
    args: ['log', '--branches', '--tags', '--remotes', '--no-color', '--no-decorate', '--no-show-signature', '--no-notes', '--no-mailmap', '--no-patch', '--encoding=UTF-8', ...(since === undefined ? [] : [`--since=@${Math.floor(since)}`]), '--format=%x00%H%x00%B%x00'],
    parse: readMessages,
  };
}

async function* readMessages(output: AsyncIterable<Uint8Array>): AsyncGenerator<CommitMessage> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\0\n\0');
    if (end < 0) continue;
    yield* readRecords(text.slice(0, end + 1));
    text = text.slice(end + 2);
  }
  yield* readRecords(text + decoder.decode());
}

function* readRecords(text: string): Generator<CommitMessage> {
  // Between the NUL that ends a message and the one that begins the next commit stands a line break.
  for (const match of text.matchAll(/\0([0-9a-f]{40}(?:[0-9a-f]{24})?)\0([^\0]*)\0/g)) yield { id: match[1]!, message: match[2]! };
}
