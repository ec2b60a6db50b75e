/**
 * Patches and commits: reading them, telling what they are, finding where they come from, judging what they say of
 * themselves. This room knows nothing of specs, targets or editors: whoever has a spec passes in the files and their order.
 */
export * from './patch.js';
export { type ChangeIdentity, type Fingerprint, IDENTITY_FORMAT, identifyChange, normalPatchId } from './identity.js';
export * from './candidateIndex.js';
export { CommitStream, type CommitRecord, type CommitStreamOptions, commitFormat, readCommits } from './commitStream.js';
export { type ChangeClaims, type ClaimContext, type CommitReference, readClaims } from './claims.js';
export { type Comparison, type PreparedChange, compareChanges, isBenignPath, prepareChange, relationOf } from './compare.js';
export { type MatchInput, type MatchOptions, type ObservedCandidate, matchChanges, subjectFingerprint } from './match.js';
export { isTelling, lineFingerprint, oppositeFingerprint, textFingerprint } from './fingerprint.js';
export { gitPatchIds } from './gitPatchId.js';
export { type ParsePatchOptions, lineText, parsePatch } from './parsePatch.js';
export { partWords, seriesParts } from './seriesParts.js';
export { blobId } from './sha1.js';
export { type Decision, type DecisionKind, dayOf, decisionError, decisionKinds, decisionWords, isDay, isInForce } from './lock/decision.js';
export { type LockFile, type LockProblem, type LockedChange, type LockedVerdict, LOCK_FORMAT, type ReadLock, emptyLock, lockFileName, parseLock, writeLock } from './lock/lockFile.js';
export { type CurrentPatch, type LockDifference, type LockKnowledge, type PatchDecisions, compareWithLock, currentPatch, lockKnowledge, recordDecision, renewLock } from './lock/lockPatches.js';
export { cycloneDx } from './reports/cycloneDx.js';
export { type HeaderStyle, type WrittenHeader, writeHeader } from './reports/patchHeader.js';
export { type ReportedPatch, type TraceReport, summaryOf, traceJson } from './reports/traceReport.js';
export { type JsonSchema, traceSchema } from './reports/traceSchema.js';
export { type GitTask, type LogPatchOptions, logPatchTask } from './git/logPatchTask.js';
export * from './verdict.js';
export { type Location, type ParsedLocation, locationKind, parseLocation, refError, resolveLocation } from './sources/location.js';
export { forgivingStore } from './store/forgivingStore.js';
export { MemoryStore } from './store/memoryStore.js';
export { type KnownPlace, type PlaceFor, knownLocation, knownPlaces } from './sources/knownPlaces.js';
export { type CarriedFile, type CarrierContent, type CarrierHost, type CarrierRequest, type CarrierSource, isPatchName } from './sources/carrierSource.js';
export { type FolderFacts, type SeriesEntry, debianFacts, gentooFacts, noFolderFacts, parseSeries } from './sources/packagingFolder.js';
export { carrierSources } from './sources/index.js';
export { type ProposedUpstream, type UpstreamHints, proposedUpstreams, upstreamMacros } from './sources/proposedUpstreams.js';
export { forgeRepository, repositoryOf } from './sources/repositoryOf.js';
export { type TraceHost, type TraceOptions, type TraceRequest, type TracedPatch, knownTraces, tracePatches } from './trace.js';
export { commitText, comparableText } from './comparableText.js';
export { commitUrl } from './commitUrl.js';
export { type OriginTexts, originTexts } from './originTexts.js';
export { type IndexOptions, type IndexProgress, type IndexedRepository, compactIndex, indexHistory, indexedRepositories, postingState, verifyIndex } from './upstream/indexHistory.js';
