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
  /** The macros are a whole imported set, rpm's own macro file among them: our facts about rpm are left out. */
  readonly complete?: boolean;
}

export interface TargetMacro {
  readonly name: string;
  readonly options?: string;
  readonly body: string;
  /** Macro file it came from (absolute path or `package:path`) and its zero-based line, for an imported set. */
  readonly file?: string;
  readonly line?: number;
}
