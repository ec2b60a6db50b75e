import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostError } from '#server/core/host.js';
import { MemoryStore, forgivingStore } from '#server/core/patches/index.js';

const value = new Uint8Array([1]);

test('a store that cannot be opened, or fails later, is warned of once and replaced by memory', async () => {
  for (const failsAt of ['open', 'write'] as const) {
    const warnings: string[] = [];
    const fail = async (): Promise<never> => {
      throw new HostError('store-locked', 'another program holds it');
    };
    const store = forgivingStore(failsAt === 'open' ? fail : async () => Object.assign(new MemoryStore(), { write: fail }), (reason) => void warnings.push(reason));
    assert.deepEqual(await store.get('t', ['k']), [undefined]);
    assert.equal(await store.write([{ table: 't', key: 'k', value }]), true);
    assert.deepEqual(await store.get('t', ['k']), [value]);
    assert.deepEqual(warnings, ['another program holds it. What is learned now is not kept.']);
  }
});

test('a bug is not mistaken for a failing store', async () => {
  const store = forgivingStore(
    async () => {
      throw new TypeError('a bug');
    },
    () => assert.fail('no warning'),
  );
  await assert.rejects(store.get('t', ['k']), TypeError);
});
