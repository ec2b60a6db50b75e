import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MacroTable } from '#server/core/macros/index.js';

type Step = { readonly kind: 'push' | 'pop'; readonly name: number; readonly body: string } | { readonly kind: 'copy' } | { readonly kind: 'switch'; readonly to: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('push' as const, 'push' as const, 'pop' as const), name: fc.nat(90), body: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), to: fc.nat(8) }) },
);

/** What a table means, as plain data. */
type Model = Map<string, string[]>;

function stacks(table: MacroTable): Model {
  const model: Model = new Map();
  for (const name of table.names()) {
    const stack: string[] = [];
    for (let entry = table.get(name); entry !== undefined; entry = entry.previous) stack.push(entry.body);
    model.set(name, stack);
  }
  return model;
}

const sorted = (model: Model) => new Map([...model].sort(([a], [b]) => (a < b ? -1 : 1)));

test('copies are independent, and every table means what a plain map of stacks means', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const tables = [{ table: new MacroTable(), model: new Map() as Model }];
      let at = 0;
      for (const one of steps) {
        const { table, model } = tables[at]!;
        if (one.kind === 'copy') tables.push({ table: table.copy(), model: new Map([...model].map(([name, stack]) => [name, [...stack]])) });
        else if (one.kind === 'switch') at = one.to % tables.length;
        else {
          const name = `m${one.name}`;
          const stack = model.get(name) ?? [];
          if (one.kind === 'push') {
            table.push(name, one.body);
            model.set(name, [one.body, ...stack]);
          } else {
            assert.equal(table.pop(name)?.body, stack[0]);
            if (stack.length <= 1) model.delete(name);
            else model.set(name, stack.slice(1));
          }
        }
      }
      for (const { table, model } of tables) {
        assert.deepEqual(stacks(table), sorted(model));
        assert.equal(table.size, model.size);
      }
      for (const a of tables)
        for (const b of tables) {
          let same = true;
          try {
            assert.deepEqual(sorted(a.model), sorted(b.model));
          } catch {
            same = false;
          }
          assert.equal(a.table.equals(b.table), same);
        }
    }),
  );
});

test('tables that share nothing are equal where they mean the same', () => {
  const a = new MacroTable();
  const b = new MacroTable();
  for (let i = 0; i < 2000; i++) a.push(`m${i}`, String(i));
  for (let i = 1999; i >= 0; i--) b.push(`m${i}`, String(i), { site: { kind: 'command-line' } });
  assert.equal(a.equals(b), true);
  b.push('m7', '7');
  assert.equal(a.equals(b), false);
  b.pop('m7');
  assert.equal(a.equals(b), true);
  assert.equal(a.get('m1999')?.body, '1999');
  assert.equal(a.get('m2000'), undefined);
});
