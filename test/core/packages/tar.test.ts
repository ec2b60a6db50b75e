import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HostError } from '#server/core/host.js';
import { installedPath, readTar } from '#server/core/packages/index.js';
import { type TarMember, tarOf } from '../../support/tar.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads the archive in pieces of that size into lines: kind, path, link or contents. */
async function read(bytes: Uint8Array, size: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { kind, path, link, data } of readTar(pieces(bytes, size))) {
    const held: Uint8Array[] = [];
    if (kind === 'file' && !path.includes('skipped')) for await (const piece of data()) held.push(piece);
    lines.push([kind, path, link === '' ? Buffer.concat(held).toString() : `-> ${link}`].filter((part) => part !== '').join(' '));
  }
  return lines;
}

async function check(members: readonly TarMember[], expected: readonly string[]) {
  for (const size of [1, 100, 512, 1 << 20]) assert.deepEqual(await read(tarOf(members), size), expected, `pieces of ${size}`);
}

test('entries in their order, whatever pieces they come in', () =>
  check(
    [{ path: 'a/', kind: 'directory' }, { path: 'a/b', bytes: 'text' }, { path: 'skipped', bytes: 'x'.repeat(2000) }, { path: 'a/c', link: '../b' }, { path: 'a/d', kind: 'hardlink', link: 'a/b' }, { path: 'null', kind: 'device' }, { path: 'empty' }],
    ['directory a/', 'file a/b text', 'file skipped', 'symlink a/c -> ../b', 'hardlink a/d -> a/b', 'other null', 'file empty'],
  ));

test('long names', () => check([{ path: `${'folder/'.repeat(30)}x`, bytes: 'y' }], [`file ${'folder/'.repeat(30)}x y`]));

async function checkRefused(bytes: Uint8Array, message: RegExp) {
  await assert.rejects(read(bytes, 512), (error) => error instanceof HostError && error.code === 'archive-unreadable' && message.test(error.message));
}

test('what is no archive, and what ends early, is said so', async () => {
  await checkRefused(Buffer.from('x'.repeat(600)), /no tar archive/);
  await checkRefused(tarOf([{ path: 'a', bytes: 'x'.repeat(2000) }]).subarray(0, 1024), /cut short/);
  await checkRefused(tarOf([{ path: 'a', claimedSize: 8 ** 11 - 1 }]), /cut short/);
});

test('arbitrary bytes end in entries or an error of ours', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 0, max: 1500 }), async (noise, at) => {
      const bytes = tarOf([{ path: 'a', bytes: 'text' }, { path: 'b', bytes: 'more' }]);
      bytes.set(noise.subarray(0, bytes.length - at), at);
      await read(bytes, 300).catch((error: unknown) => assert.ok(error instanceof HostError, String(error)));
    }),
  ));

test('paths of packages and layers are made absolute; those that climb are none', () => {
  assert.deepEqual(['./usr/lib/a', 'usr//lib/./a', '/usr/lib/a', '../a', 'usr/../../a', '.', 'a\0b'].map(installedPath), ['/usr/lib/a', '/usr/lib/a', '/usr/lib/a', undefined, undefined, undefined, undefined]);
});
