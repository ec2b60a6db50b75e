/**
 * Rules over a snapshot: synchronous, without files, processes or network. What a rule needs from outside must already
 * be in the snapshot's facts.
 */
export {};
