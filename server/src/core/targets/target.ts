/** What an evaluation assumes of the distribution it is for. Plain data: it crosses threads. */
export interface Target {
  /** `el9`, `fedora-41`, `opensuse-tumbleweed`, ... */
  readonly id: string;
  /** For people: `Enterprise Linux 9`. */
  readonly label: string;
  /** Version of rpm there, as `4.16.1.3`: decides which features exist. */
  readonly rpmVersion: string;
  /** `x86_64`, `aarch64`, ... as `%{_target_cpu}`. */
  readonly arch: string;
  /** Macros the target defines beyond rpm's own built-in facts, in order: name with its parameter list, if any, and body. */
  readonly macros: readonly TargetMacro[];
  /** A whole set of macro files, rpm's own among them, in place of our facts about rpm; undefined for built-in facts. */
  readonly set?: TargetMacroSet;
}

export interface TargetMacro {
  readonly name: string;
  readonly options?: string;
  readonly body: string;
  /** File it came from and its zero-based line, where it came from one. */
  readonly file?: string;
  readonly line?: number;
}

/** Macro files with the names they have on the machine they are of. */
export interface TargetMacroSet {
  /** Changes whenever a file of the set does: equal revisions of one target are the same set. */
  readonly revision: string;
  readonly files: readonly MacroSetFile[];
  /** Where rpm looks for them, in its own words: patterns, separated by colons. */
  readonly path: string;
  /** Paths of the macro files in the order rpm reads them. */
  readonly order: readonly string[];
  /** What rpm defines once its macro files are read: names of the architecture, compiler flags out of rpmrc. */
  readonly last: readonly TargetMacro[];
}

export interface MacroSetFile {
  /** Absolute, as installed: `/usr/lib/rpm/macros.d/macros.python`. */
  readonly path: string;
  readonly text: string;
  /** The package that brings it, with version and architecture; undefined where that is not known. */
  readonly package?: string;
}
