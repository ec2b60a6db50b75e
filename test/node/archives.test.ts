import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { nodeArchives } from '#server/node/index.js';
import { skipWithout } from '../support/commands.js';

const text = Buffer.from(Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join(''));

function check(kind: 'gzip' | 'zstd', packed: Uint8Array): void {
  assert.deepEqual(Buffer.from(nodeArchives.decompress(packed, kind, text.length)!), text);
  assert.equal(nodeArchives.decompress(packed, kind, text.length - 1), undefined, 'grows beyond the limit');
  assert.equal(nodeArchives.decompress(packed.subarray(0, packed.length - 20), kind, 1 << 20), undefined, 'ends early');
  assert.equal(nodeArchives.decompress(text, kind, 1 << 20), undefined, 'is something else');
  assert.equal(nodeArchives.decompress(new Uint8Array(), kind, 1 << 20), undefined, 'is empty');
}

test('gzip is decompressed within limits', () => check('gzip', gzipSync(text)));

test('zstd is decompressed within limits', { skip: skipWithout('zstd') }, () => check('zstd', execFileSync('zstd', ['-c', '-q'], { input: text })));
