import { releaseWithoutDist as rule } from '#server/core/lint/rules/release-without-dist.js';
import { check } from '../../../support/lint.js';

check(rule, 'without %{?dist} it is reported', `
Release: 3
         ^ The release '3' does not say what it was built for.
`);
check(rule, '%{?dist} anywhere in it, also through a macro, is enough', '%global rel 3%{?dist}\nRelease: %{rel}.1\n');
check(rule, 'a distribution without a tag asks for none', 'Release: 3\n', { targets: ['opensuse-tumbleweed'] });
