/**
 * The one schema of settings, for `spectrail.toml` and for the editor. Settings are input like any other: nothing here
 * can switch on a shell, the network or another git.
 */
import type { Severity } from './text/index.js';

export interface Settings {
  /** Target ids, the primary one first. */
  readonly targets: readonly string[];
  /** Macros to define before anything of the spec is read. */
  readonly define: Readonly<Record<string, string>>;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly lint: {
    /** Per rule id: its severity, or off. */
    readonly rules: Readonly<Record<string, Severity | 'off'>>;
  };
  readonly trace: {
    /** Locations of upstream repositories. */
    readonly upstream: readonly string[];
    /** `name=location#branch`. */
    readonly carriers: readonly string[];
  };
}

export const defaultSettings: Settings = {
  targets: ['fedora-43'],
  define: {},
  with: [],
  without: [],
  lint: { rules: {} },
  trace: { upstream: [], carriers: [] },
};
