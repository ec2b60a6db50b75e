import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { dateCommand } from '#server/node/dates.js';
import { skipWithout } from '../support/commands.js';

/** What GNU's `date` prints for the same arguments; both count from a day that is named. */
const calls: readonly (readonly string[])[] = [
  ['-d', '2024-02-29', '+%s'],
  ['-d2024-02-29 12:34:56', '+%c|%C|%D|%e|%F|%G-%V|%g|%H|%I|%j|%k|%l|%-d|%-m|%M|%p|%P|%R|%r|%S|%T|%u|%w|%y|%Y|%n%t%%|%b %B %h %a %A'],
  ['--date=2024-12-30', '+%G-W%V'],
  ['-d', '2021-01-03', '+%G-W%V'],
  ['-d', '@86400'],
  ['-u', '-d', '@0', '-R'],
  ['-I', '-d', '20240229'],
  ['-Iseconds', '--date', '2024-02-29 01:02'],
  ['-d', '2024-02-29 1 year ago', '+%F'],
  ['-d', '2024-03-31 +2 days', '+%F'],
  ['-d', '2024-03-01 - 3 weeks', '+%F'],
  ['-d', '2024-03-01 yesterday', '+%F'],
  ['-d', '2024-05-15 last month', '+%F'],
  ['-d', '2024-05-15 2 hours ago', '+%F %T'],
];

test('writes dates as GNU\'s date does', { skip: skipWithout('date') }, () => {
  for (const args of calls) assert.equal(`${dateCommand(args, 0)}\n`, spawnSync('date', args, { encoding: 'utf8', env: { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' } }).stdout, args.join(' '));
});

test('counts from the clock where no day is named', () => {
  const now = Date.UTC(2024, 1, 29, 12);
  for (const [text, day] of [['1 year ago', '2023-03-01'], ['yesterday', '2024-02-28'], ['next week', '2024-03-07'], ['now', '2024-02-29']] as const) assert.equal(dateCommand(['-d', text, '+%F'], now), day);
});

test('says nothing where it is not known how a date is read', () => {
  for (const args of [['-d', 'third monday'], ['-r', '/etc/passwd'], ['-s', 'now'], ['-d', '2024-02-29 EST']]) assert.equal(dateCommand(args, 0), undefined);
});
