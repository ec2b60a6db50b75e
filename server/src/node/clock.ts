import type { Clock } from '../core/host.js';

export const systemClock: Clock = { now: () => Date.now() };
