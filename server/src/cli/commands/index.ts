import type { Command } from '../command.js';

/** Every command, loaded only when it is called: starting must not cost what the other commands need. */
export const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {};
