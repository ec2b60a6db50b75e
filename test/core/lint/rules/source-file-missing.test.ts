import { sourceFileMissing as rule } from '#server/core/lint/rules/source-file-missing.js';
import { check } from '../../../support/lint.js';

check(rule, 'a local file that is not there is reported, an archive or a URL is not', `
Source0: https://example.org/%{name}.conf
Source1: example-1.tar.xz
Source2: example.sysusers
         ^^^^^^^^^^^^^^^^ Source2 names 'example.sysusers', which is not there.
==> x.patch <==
x
`);
