import type { Command } from '../command.js';

/** Every command, loaded only when it is called: starting must not cost what the other commands need. */
export const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  lint: { summary: 'Report what rpm would refuse and what packagers would miss', load: async () => (await import('./lint.js')).lint },
  lsp: { summary: 'Start the language server (for editors)', load: async () => (await import('./lsp.js')).lsp },
  rpm: { summary: "Expand macros, as rpm's --eval", load: async () => (await import('./rpm.js')).rpm },
  rpmspec: { summary: 'Print what rpm makes of a spec, as rpmspec', load: async () => (await import('./rpmspec.js')).rpmspec },
  target: { summary: 'List, show, compare and import targets', load: async () => (await import('./target.js')).target },
  trace: { summary: 'Tell where the patches of a package come from', load: async () => (await import('./trace.js')).trace },
  decide: { summary: 'Record what a person settled about a patch', load: async () => (await import('./decide.js')).decide },
  index: { summary: 'Read the histories of upstream repositories ahead of time', load: async () => (await import('./indexHistory.js')).index },
};
