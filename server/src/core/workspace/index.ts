/**
 * One text read both ways, joined by offset, with the facts around it, as immutable snapshots. It decides nothing about
 * the spec (that is `lint`), shows nothing (that is `ide`) and fetches nothing.
 */
export { type PackageFacts, decisionOn, newsOf, isSettled, noFacts } from './facts.js';
export type { Snapshot } from './snapshot.js';
export { AnswerBook, settle } from './answerBook.js';
export { type SnapshotInput, type SnapshotReaders, createSnapshot, liveSnapshots } from './createSnapshot.js';
export { type AutoRelease, type HistoryCommit, type PackageHistory, autoRelease, autoReleaseDefinitions, readHistory, usesHistory } from './packageHistory.js';
export type { ParseSpec } from './lazyTree.js';
export { type PackageFiles, lockPath, packageFile, placeFrom, readPackageFiles, specsAround } from './packageLayout.js';
export { isEvaluated } from './unevaluated.js';
export { type PackagePatch, packagePatches } from './packagePatches.js';
export { type PackageKnowledge, type DecisionWish, PackageTracer, type PackageTracerOptions, nothingKnown } from './packageTracer.js';
export { type PackageTracing, type TracingPlaces, packageTracing, traceRequest, upstreamsOf } from './traceRequest.js';
