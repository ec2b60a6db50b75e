import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseLocation } from '#server/core/patches/index.js';

function check(text: string, expected: string): void {
  const { location, error } = parseLocation(text);
  assert.equal(error ?? `${location!.name} | ${location!.location} | ${location!.kind}${location!.branch === undefined ? '' : ` | ${location!.branch}`}`, expected);
}

test('name, location and branch are told apart', () => {
  check('stream=https://gitlab.com/redhat/centos-stream/rpms/curl.git#c9s', 'stream | https://gitlab.com/redhat/centos-stream/rpms/curl.git | remote | c9s');
  check('mine=../curl', 'mine | ../curl | local');
  check('../curl/', 'curl | ../curl/ | local');
  check('https://github.com/curl/curl.git', 'curl | https://github.com/curl/curl.git | remote');
  check('https://example.org/x?a=b#imports/c8s', 'x-a-b | https://example.org/x?a=b | remote | imports/c8s');
  check('git@example.org:rpms/curl', 'curl | git@example.org:rpms/curl | remote');
  check('file:///srv/git/curl.git#main', 'curl | file:///srv/git/curl.git | local | main');
  check('C:\\src\\curl', 'curl | C:\\src\\curl | local');
});

test('what git would take for an option or a command is refused', () => {
  check('--upload-pack=/bin/sh', "'--upload-pack' cannot be a name: letters, digits, '.', '_', '+' and '-' only");
  check('x=--upload-pack=/bin/sh', "'--upload-pack=/bin/sh' looks like an option, not like a location; write ./--upload-pack=/bin/sh for a folder of that name");
  check('ext::sh -c id', "'ext::sh -c id' asks git to run a transport command, which is refused");
  check('x=git://example.org/x', "'git' is not among the protocols that are spoken (https, ssh, file)");
  check('x=http://example.org/x', "'http://example.org/x' is unencrypted http; use https");
  check('x=ssh://-oProxyCommand=id/x', "the host of 'ssh://-oProxyCommand=id/x' looks like an option");
  check('x=user@-oProxyCommand:y', "the host of 'user@-oProxyCommand:y' looks like an option");
  check('x=../curl#--output=y', "'--output=y' is no name of a branch or tag");
  check('x=../curl#a..b', "'a..b' is no name of a branch or tag");
  check('x=../curl#', 'the branch behind # is empty');
  check('x=a\nb', 'the location has a line break or a NUL in it');
  check('', 'the location is empty');
});

test('whatever the text, no option and no transport command comes out', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z=:\-/#@.]{0,20}$/)), (text) => {
      const { location } = parseLocation(text);
      if (location === undefined) return;
      assert.ok(!location.location.startsWith('-') && !/^[A-Za-z0-9+.-]+::/.test(location.location));
      assert.ok(!location.branch?.startsWith('-'));
    }),
  );
});
