import { type GitTask } from './logPatchTask.js';
import { textOf } from './refsTask.js';

export interface TreeEntry {
  readonly path: string;
  /** Blob id, hex. */
  readonly blob: string;
}

/** The plain files of a branch, tag or commit, with their blob ids. */
export function treeTask(ref: string): GitTask<Promise<TreeEntry[]>> {
  return {
    args: ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', ref],
    async parse(output) {
      const entries: TreeEntry[] = [];
      for (const line of (await textOf(output)).split('\0')) {
        // Symbolic links (120000) and submodules (160000) hold no patch.
        const match = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line);
        if (match !== null) entries.push({ blob: match[1]!, path: match[2]! });
      }
      return entries;
    },
  };
}

/** Which commit a ref stands at, and its commit date in seconds. */
export function tipTask(ref: string): GitTask<Promise<{ readonly commit: string; readonly date: number } | undefined>> {
  return {
    args: ['log', '-1', '--no-show-signature', '--no-color', '--format=%H %ct', '--end-of-options', ref, '--'],
    async parse(output) {
      const match = /^([0-9a-f]{40,64}) (\d+)/.exec(await textOf(output));
      return match === null ? undefined : { commit: match[1]!, date: Number(match[2]) };
    },
  };
}

export interface Blob {
  readonly id: string;
  /** Undefined for what is beyond the limit, is no blob or is not there. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The contents of blobs, by id, those beyond `limit` bytes and those that are not there left out. The whole answer is in
 * memory at once: it is for patch files, not for histories.
 */
export function blobsTask(ids: readonly string[], limit: number): GitTask<Promise<Map<string, Uint8Array>>> {
  const { args, input, parse } = blobStreamTask(ids, limit);
  return {
    args,
    input: input!,
    async parse(output) {
      const found = new Map<string, Uint8Array>();
      for await (const { id, bytes } of parse(output)) if (bytes !== undefined) found.set(id, bytes);
      return found;
    },
  };
}

/** The same, one blob at a time in the order they were asked for: what came before git failed is not lost. */
export function blobStreamTask(ids: readonly string[], limit: number): GitTask<AsyncGenerator<Blob>> {
  return {
    args: ['cat-file', '--batch'],
    input: ids.map((id) => `${id}\n`).join(''),
    async *parse(output) {
      let buffer = new Uint8Array(1 << 16);
      let start = 0;
      let end = 0;
      for await (const chunk of output) {
        if (end + chunk.length > buffer.length) {
          const larger = new Uint8Array(Math.max(2 * (end - start + chunk.length), buffer.length));
          larger.set(buffer.subarray(start, end));
          buffer = larger;
          end -= start;
          start = 0;
        }
        buffer.set(chunk, end);
        end += chunk.length;
        for (;;) {
          const line = buffer.subarray(start, end).indexOf(10);
          if (line < 0) break;
          const header = new TextDecoder().decode(buffer.subarray(start, start + line));
          const match = /^([0-9a-f]+) (\w+) (\d+)$/.exec(header);
          if (match === null) {
            const missing = /^([0-9a-f]+) missing$/.exec(header)?.[1];
            if (missing !== undefined) yield { id: missing, bytes: undefined };
            start += line + 1;
            continue;
          }
          const size = Number(match[3]);
          const from = start + line + 1;
          if (from + size + 1 > end) break;
          yield { id: match[1]!, bytes: match[2] === 'blob' && size <= limit ? buffer.slice(from, from + size) : undefined };
          start = from + size + 1;
        }
      }
    },
  };
}
