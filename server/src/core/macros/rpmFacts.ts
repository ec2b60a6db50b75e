/**
 * What rpm itself defines before any distribution does, written down by us from its documented interface: folders, tools,
 * lists of architectures, build conditions, and the build macros that every spec may use. Where macro files are read, they
 * stand above these.
 */
import { builtinTable } from './expander.js';
import { type DefinitionSite, macroLevel } from './definition.js';
import { rpmVersionNumber } from './features.js';
import type { MacroTable } from './macroTable.js';

export interface RpmFactsOptions {
  readonly rpmVersion: string;
  /** As `%{_target_cpu}`. */
  readonly arch: string;
}

/** Names of an architecture in rpm's words. */
interface ArchFacts {
  /** `%{_arch}`: the family. */
  readonly family: string;
  readonly isa: string;
  readonly bits: 32 | 64;
}

const archFacts: Readonly<Record<string, ArchFacts>> = {
  x86_64: { family: 'x86_64', isa: 'x86', bits: 64 },
  aarch64: { family: 'aarch64', isa: 'aarch', bits: 64 },
  ppc64le: { family: 'ppc64le', isa: 'ppc', bits: 64 },
  s390x: { family: 's390x', isa: 's390', bits: 64 },
  riscv64: { family: 'riscv64', isa: 'riscv', bits: 64 },
  loongarch64: { family: 'loongarch64', isa: 'loongarch', bits: 64 },
  i686: { family: 'i386', isa: 'x86', bits: 32 },
  i586: { family: 'i386', isa: 'x86', bits: 32 },
  i386: { family: 'i386', isa: 'x86', bits: 32 },
  armv7hl: { family: 'arm', isa: 'armv7hl', bits: 32 },
};

/** Folders of a build and of an installed system. */
const folders: Readonly<Record<string, string>> = {
  _usr: '/usr',
  _usrsrc: '%{_usr}/src',
  _var: '/var',
  _topdir: '%{getenv:HOME}/rpmbuild',
  _builddir: '%{_topdir}/BUILD',
  _rpmdir: '%{_topdir}/RPMS',
  _sourcedir: '%{_topdir}/SOURCES',
  _specdir: '%{_topdir}/SPECS',
  _srcrpmdir: '%{_topdir}/SRPMS',
  _buildrootdir: '%{_topdir}/BUILDROOT',
  _tmppath: '%{_var}/tmp',
  _rpmconfigdir: '%{getconfdir}',
  _rpmmacrodir: '%{_rpmconfigdir}/macros.d',
  _rpmluadir: '%{_rpmconfigdir}/lua',
  _fileattrsdir: '%{_rpmconfigdir}/fileattrs',
  _prefix: '/usr',
  _exec_prefix: '%{_prefix}',
  _bindir: '%{_exec_prefix}/bin',
  _sbindir: '%{_exec_prefix}/sbin',
  _libexecdir: '%{_exec_prefix}/libexec',
  _datarootdir: '%{_prefix}/share',
  _datadir: '%{_datarootdir}',
  _sysconfdir: '/etc',
  _sharedstatedir: '/var/lib',
  _localstatedir: '/var',
  _libdir: '%{_prefix}/%{_lib}',
  _includedir: '%{_prefix}/include',
  _oldincludedir: '/usr/include',
  _infodir: '%{_datadir}/info',
  _mandir: '%{_datadir}/man',
  _localedir: '%{_datadir}/locale',
  _initddir: '%{_sysconfdir}/rc.d/init.d',
  _initrddir: '%{_initddir}',
  _rundir: '/run',
  _defaultdocdir: '%{_datadir}/doc',
  _defaultlicensedir: '%{_datadir}/licenses',
  _pkgdocdir: '%{_docdir}/%{name}',
};

/** Programs that macros and specs call by these names. */
const tools: Readonly<Record<string, string>> = {
  __7zip: '/usr/bin/7za', __ar: 'ar', __as: 'as', __awk: 'gawk', __bzip2: '/usr/bin/bzip2', __cat: '/usr/bin/cat', __cc: 'gcc', __chmod: '/usr/bin/chmod', __chown: '/usr/bin/chown', __cp: '/usr/bin/cp', __cpio: '/usr/bin/cpio', __cpp: 'gcc -E', __cxx: 'g++', __file: '/usr/bin/file',
  __git: '/usr/bin/git', __grep: '/usr/bin/grep', __gzip: '/usr/bin/gzip', __id: '/usr/bin/id', __id_u: '%{__id} -u', __install: '/usr/bin/install', __ld: '/usr/bin/ld', __ln_s: 'ln -s', __make: '/usr/bin/make', __mkdir: '/usr/bin/mkdir', __mkdir_p: '/usr/bin/mkdir -p', __mv: '/usr/bin/mv',
  __nm: '/usr/bin/nm', __objcopy: '/usr/bin/objcopy', __objdump: '/usr/bin/objdump', __patch: '/usr/bin/patch', __perl: '/usr/bin/perl', __pgp: '/usr/bin/gpg', __ranlib: 'ranlib', __rm: '/usr/bin/rm', __sed: '/usr/bin/sed', __strip: '/usr/bin/strip', __tar: '/usr/bin/tar', __unzip: '/usr/bin/unzip', __xz: '/usr/bin/xz', __zstd: '/usr/bin/zstd',
  __rpmuncompress: '%{_rpmconfigdir}/rpmuncompress', __find_debuginfo: '/usr/bin/find-debuginfo',
  _buildshell: '/bin/sh', ___build_shell: '%{?_buildshell:%{_buildshell}}%{!?_buildshell:/bin/sh}',
};

/** Architectures that go by one name in `%ifarch`. */
const architectures: Readonly<Record<string, string>> = {
  ix86: 'i386 i486 i586 i686 pentium3 pentium4 athlon geode',
  arm32: 'armv3l armv4b armv4l armv4tl armv5tl armv5tel armv5tejl armv6l armv6hl armv7l armv7hl armv7hnl armv8l armv8hl armv8hnl armv8hcnl',
  arm64: 'aarch64',
  arm: '%{arm32}',
  arml: 'armv3l armv4l armv5tl armv5tel armv5tejl armv6l armv6hl armv7l armv7hl armv7hnl armv8l armv8hl armv8hnl armv8hcnl',
  armx: 'armv3l armv4b armv4l armv4tl armv5tl armv5tel armv5tejl armv6l armv6hl armv7l armv7hl armv7hnl armv8l armv8hl armv8hnl armv8hcnl aarch64',
  mips32: 'mips mipsel mipsr6 mipsr6el',
  mips64: 'mips64 mips64el mips64r6 mips64r6el',
  mipseb: 'mips mipsr6 mips64 mips64r6',
  mipsel: 'mipsel mipsr6el mips64el mips64r6el',
  mips: '%{mips32} %{mips64}',
  sparc: 'sparc sparcv8 sparcv9 sparcv9v sparc64 sparc64v',
  alpha: 'alpha alphaev56 alphaev6 alphaev67',
  power64: 'ppc64 ppc64p7 ppc64le',
  riscv32: 'riscv32',
  riscv64: 'riscv64',
  riscv128: 'riscv128',
  riscv: '%{riscv32} %{riscv64} %{riscv128}',
  loongarch64: 'loongarch64',
  loongarch: '%{loongarch64}',
  e2k: 'e2k e2kv4 e2kv5 e2kv6',
  x86_64_any: 'x86_64 x86_64_v2 x86_64_v3 x86_64_v4 amd64 em64t',
};

/** Settings that specs read or override. */
const settings: Readonly<Record<string, string>> = {
  nil: '%{!?nil}',
  _os: 'linux',
  _host_os: 'linux',
  _build_os: 'linux',
  _gnu: '-gnu',
  _target_platform: '%{_target_cpu}-%{_vendor}-%{_target_os}%{?_gnu}',
  _host: '%{_target_platform}',
  _build: '%{_target_platform}',
  _vendor: 'redhat',
  _build_name_fmt: '%%{ARCH}/%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
  _rpmfilename: '%{_build_name_fmt}',
  buildroot: '%{_buildrootdir}/%{NAME}-%{VERSION}-%{RELEASE}.%{_arch}',
  _isa: '%{?__isa:(%{__isa})}%{!?__isa:%{nil}}',
  _default_patch_fuzz: '0',
  _default_patch_flags: '--no-backup-if-mismatch -f',
  _docdir_fmt: '%%{NAME}',
  _use_internal_dependency_generator: '1',
  _unpackaged_files_terminate_build: '1',
  _missing_doc_files_terminate_build: '1',
  _build_id_links: 'compat',
  _source_filedigest_algorithm: '8',
  _binary_filedigest_algorithm: '8',
  _wrong_version_format_terminate_build: '1',
  _invalid_encoding_terminates_build: '1',
  _empty_manifest_terminate_build: '1',
  _binaries_in_noarch_packages_terminate_build: '1',
  _smp_mflags: '-j%{_smp_build_ncpus}',
  _smp_build_nthreads: '%{_smp_build_ncpus}',
  sources: '%{nil}',
  patches: '%{nil}',
  debug_package: '%{nil}',
};

/** Macros with parameters, in terms that every version knows. */
const parametric: readonly (readonly [name: string, options: string, body: string])[] = [
  ['defined', '', '%{expand:%%{!?%{1}:0}%%{?%{1}:1}}'],
  ['undefined', '', '%{expand:%%{!?%{1}:1}%%{?%{1}:0}}'],
  ['with', '', '%{expand:%%{!?with_%{1}:0}%%{?with_%{1}:1}}'],
  ['without', '', '%{expand:%%{!?with_%{1}:1}%%{?with_%{1}:0}}'],
  ['bcond_with', '', '%{expand:%%{?_with_%{1}:%%global with_%{1} 1}}'],
  ['bcond_without', '', '%{expand:%%{!?_without_%{1}:%%global with_%{1} 1}}'],
];

const plainBodies: Readonly<Record<string, string>> = {
  // Without parameters: what stands behind it goes to the script.
  find_lang: '%{_rpmconfigdir}/find-lang.sh %{buildroot}',
  _make_output_sync: '-O',
  _make_verbose: 'V=1 VERBOSE=1',
  _configure: './configure',
  make_build: '%{__make} %{_make_output_sync} %{?_smp_mflags} %{_make_verbose}',
  make_install: '%{__make} install DESTDIR=%{?buildroot} INSTALL="%{__install} -p"',
  configure: `%{_configure} --build=%{_build} --host=%{_host} \\
\t--program-prefix=%{?_program_prefix} --disable-dependency-tracking \\
\t--prefix=%{_prefix} --exec-prefix=%{_exec_prefix} --bindir=%{_bindir} --sbindir=%{_sbindir} \\
\t--sysconfdir=%{_sysconfdir} --datadir=%{_datadir} --includedir=%{_includedir} --libdir=%{_libdir} --libexecdir=%{_libexecdir} \\
\t--localstatedir=%{_localstatedir} --runstatedir=%{_rundir} --sharedstatedir=%{_sharedstatedir} --mandir=%{_mandir} --infodir=%{_infodir}`,
  makeinstall: `%{__make} install prefix=%{?buildroot}%{_prefix} exec_prefix=%{?buildroot}%{_exec_prefix} bindir=%{?buildroot}%{_bindir} \\
\tsbindir=%{?buildroot}%{_sbindir} sysconfdir=%{?buildroot}%{_sysconfdir} datadir=%{?buildroot}%{_datadir} includedir=%{?buildroot}%{_includedir} \\
\tlibdir=%{?buildroot}%{_libdir} libexecdir=%{?buildroot}%{_libexecdir} mandir=%{?buildroot}%{_mandir} infodir=%{?buildroot}%{_infodir}`,
};

const site: DefinitionSite = { kind: 'automatic' };

/** rpm's builtins and what `rpmrc` gives (target, architecture), nothing else: the base for macro files that bring the rest. */
export function bareTable({ rpmVersion, arch }: RpmFactsOptions): MacroTable {
  const table = builtinTable(rpmVersion);
  const rpmrc = { level: macroLevel.rpmrc, site };
  table.push('_target', `${arch}-linux`, rpmrc);
  table.push('_target_cpu', arch, rpmrc);
  table.push('_target_os', 'linux', rpmrc);
  table.push('optflags', '-O2 -g', rpmrc);
  return table;
}

/** The same with our own facts in place of rpm's macro files. */
export function rpmTable(options: RpmFactsOptions): MacroTable {
  const { rpmVersion, arch } = options;
  const table = bareTable(options);
  const since = (version: string) => rpmVersionNumber(rpmVersion) >= rpmVersionNumber(version);
  const level = macroLevel.macroFiles;
  const define = (name: string, body: string, letters?: string) => table.push(name, body, { options: letters, level, site });
  const { family, isa, bits } = archFacts[arch] ?? { family: arch, isa: arch, bits: 64 };
  for (const facts of [settings, tools, folders, architectures, plainBodies]) for (const [name, body] of Object.entries(facts)) define(name, body);
  for (const [name, letters, body] of parametric) define(name, body, letters);
  for (const name of ['_arch', '_build_arch', '_host_cpu', '_build_cpu']) define(name, name.endsWith('cpu') ? arch : family);
  define('_lib', bits === 64 ? 'lib64' : 'lib');
  define('__isa_name', isa);
  define('__isa_bits', String(bits));
  define('__isa', '%{__isa_name}-%{__isa_bits}');
  define('_smp_build_ncpus', since('4.15') ? '%{getncpus}' : '1');
  define('optflags', '-O2 -g');
  define('build_cflags', '%{optflags}');
  define('build_cxxflags', '%{optflags}');
  define('build_ldflags', '%{nil}');
  define('set_build_flags', 'CFLAGS="${CFLAGS:-%{?build_cflags}}" ; export CFLAGS ; CXXFLAGS="${CXXFLAGS:-%{?build_cxxflags}}" ; export CXXFLAGS ; LDFLAGS="${LDFLAGS:-%{?build_ldflags}}" ; export LDFLAGS');
  if (since('4.17')) {
    define('bcond', '%{expand:%%{%[(%2) ? "!?_without_%{1}" : "?_with_%{1}"]:%%global with_%{1} 1}}', '');
  }
  // %setup, %patch and what stands behind them are read by the spec parser itself; these two only pass options on.
  const folder = since('4.20');
  define('autosetup', `%setup %{!-v:-q} %{-a} %{-b} %{-c}${folder ? ' %{-C}' : ''} %{-D} %{-n} %{-T}\n%{-S:%global __scm %{-S*}}%{!-N:%autopatch %{-v} %{-p:-p%{-p*}}}`, folder ? 'a:b:cCDn:TvNS:p:' : 'a:b:cDn:TvNS:p:');
  return table;
}
