/** The architecture of this machine in rpm's words, as `%{_target_cpu}`. */
export const machineArch: string = ({ x64: 'x86_64', arm64: 'aarch64', ppc64: 'ppc64le', ia32: 'i686', arm: 'armv7hl', loong64: 'loongarch64' } as Readonly<Record<string, string>>)[process.arch] ?? process.arch;
