/** Every rule, one alphabetical line each. */
import type { Rule } from '../rule.js';
import { bogusChangelogDate } from './bogus-changelog-date.js';
import { buildarchInsteadOfExclusivearch } from './buildarch-instead-of-exclusivearch.js';
import { changelogOrder } from './changelog-order.js';
import { changelogVersionMismatch } from './changelog-version-mismatch.js';
import { comparisonOperatorInDependency } from './comparison-operator-in-dependency.js';
import { constantCondition } from './constant-condition.js';
import { defineInCondition } from './define-in-condition.js';
import { deprecatedGrep } from './deprecated-grep.js';
import { descriptionLineTooLong } from './description-line-too-long.js';
import { duplicateDependency } from './duplicate-dependency.js';
import { hardcodedLibraryPath } from './hardcoded-library-path.js';
import { hardcodedPackagerTag } from './hardcoded-packager-tag.js';
import { hardcodedPrefixTag } from './hardcoded-prefix-tag.js';
import { invalidLicense } from './invalid-license.js';
import { invalidSuppression } from './invalid-suppression.js';
import { libdirMacroInNoarchPackage } from './libdir-macro-in-noarch-package.js';
import { macroInChangelog } from './macro-in-changelog.js';
import { macroInComment } from './macro-in-comment.js';
import { makeCheckOutsideCheckSection } from './make-check-outside-check-section.js';
import { missingSection } from './missing-section.js';
import { missingSystemdScriptlets } from './missing-systemd-scriptlets.js';
import { mixedUseOfSpacesAndTabs } from './mixed-use-of-spaces-and-tabs.js';
import { nonBreakSpace } from './non-break-space.js';
import { nonUtf8SpecFile } from './non-utf8-spec-file.js';
import { obsoleteTag } from './obsolete-tag.js';
import { patchAlreadyInVersion } from './patch-already-in-version.js';
import { patchAppliedTwice } from './patch-applied-twice.js';
import { patchClaimContradicted } from './patch-claim-contradicted.js';
import { patchFileMissing } from './patch-file-missing.js';
import { patchFollowupMissing } from './patch-followup-missing.js';
import { patchFuzzIsChanged } from './patch-fuzz-is-changed.js';
import { patchNotApplied } from './patch-not-applied.js';
import { patchOldSyntax } from './patch-old-syntax.js';
import { patchOriginReverted } from './patch-origin-reverted.js';
import { patchOriginUnknown } from './patch-origin-unknown.js';
import { releaseWithoutDist } from './release-without-dist.js';
import { rpmBuildrootUsage } from './rpm-buildroot-usage.js';
import { rpmError } from './rpm-error.js';
import { rpmWarning } from './rpm-warning.js';
import { selfObsoletion } from './self-obsoletion.js';
import { setupNotQuiet } from './setup-not-quiet.js';
import { setupOutsidePrep } from './setup-outside-prep.js';
import { sourceFileMissing } from './source-file-missing.js';
import { summaryEndedWithDot } from './summary-ended-with-dot.js';
import { summaryTooLong } from './summary-too-long.js';
import { superfluousCleanSection } from './superfluous-clean-section.js';
import { trailingWhitespace } from './trailing-whitespace.js';
import { undefinedMacroInTag } from './undefined-macro-in-tag.js';
import { unusedMacroDefinition } from './unused-macro-definition.js';
import { unusedSuppression } from './unused-suppression.js';
import { unversionedExplicitObsoletes } from './unversioned-explicit-obsoletes.js';
import { unversionedExplicitProvides } from './unversioned-explicit-provides.js';
import { useOfRpmSourceDir } from './use-of-rpm-source-dir.js';

export const rules: readonly Rule[] = [
  bogusChangelogDate,
  buildarchInsteadOfExclusivearch,
  changelogOrder,
  changelogVersionMismatch,
  comparisonOperatorInDependency,
  constantCondition,
  defineInCondition,
  deprecatedGrep,
  descriptionLineTooLong,
  duplicateDependency,
  hardcodedLibraryPath,
  hardcodedPackagerTag,
  hardcodedPrefixTag,
  invalidLicense,
  invalidSuppression,
  libdirMacroInNoarchPackage,
  macroInChangelog,
  macroInComment,
  makeCheckOutsideCheckSection,
  missingSection,
  missingSystemdScriptlets,
  mixedUseOfSpacesAndTabs,
  nonBreakSpace,
  nonUtf8SpecFile,
  obsoleteTag,
  patchAlreadyInVersion,
  patchAppliedTwice,
  patchClaimContradicted,
  patchFileMissing,
  patchFollowupMissing,
  patchFuzzIsChanged,
  patchNotApplied,
  patchOldSyntax,
  patchOriginReverted,
  patchOriginUnknown,
  releaseWithoutDist,
  rpmBuildrootUsage,
  rpmError,
  rpmWarning,
  selfObsoletion,
  setupNotQuiet,
  setupOutsidePrep,
  sourceFileMissing,
  summaryEndedWithDot,
  summaryTooLong,
  superfluousCleanSection,
  trailingWhitespace,
  undefinedMacroInTag,
  unusedMacroDefinition,
  unusedSuppression,
  unversionedExplicitObsoletes,
  unversionedExplicitProvides,
  useOfRpmSourceDir,
];
