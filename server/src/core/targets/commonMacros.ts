/**
 * Macros of distributions' build configuration that stand in preambles, conditions and file lists all over, with the
 * values that are their public interface: folders and names, not build scripts. What is not here stays unexpanded, as
 * on a machine without the macro packages; a full set can be imported for exactness.
 */
import type { TargetMacro } from './target.js';
import type { Release } from './distributions.js';

const table = (entries: Readonly<Record<string, string>>): TargetMacro[] => Object.entries(entries).map(([name, body]) => ({ name, body }));

/** The folders of systemd's macro file. */
const systemd = table({
  _unitdir: '/usr/lib/systemd/system',
  _userunitdir: '/usr/lib/systemd/user',
  _presetdir: '/usr/lib/systemd/system-preset',
  _userpresetdir: '/usr/lib/systemd/user-preset',
  _udevhwdbdir: '/usr/lib/udev/hwdb.d',
  _udevrulesdir: '/usr/lib/udev/rules.d',
  _journalcatalogdir: '/usr/lib/systemd/catalog',
  _binfmtdir: '/usr/lib/binfmt.d',
  _sysctldir: '/usr/lib/sysctl.d',
  _sysusersdir: '/usr/lib/sysusers.d',
  _tmpfilesdir: '/usr/lib/tmpfiles.d',
  _environmentdir: '/usr/lib/environment.d',
  _modulesloaddir: '/usr/lib/modules-load.d',
  _modprobedir: '/usr/lib/modprobe.d',
  _systemdgeneratordir: '/usr/lib/systemd/system-generators',
  _systemdusergeneratordir: '/usr/lib/systemd/user-generators',
  _systemd_util_dir: '/usr/lib/systemd',
});

const desktop = table({
  _metainfodir: '/usr/share/metainfo',
  _appdatadir: '/usr/share/appdata',
  _fontbasedir: '/usr/share/fonts',
  _fontconfig_templatedir: '/usr/share/fontconfig/conf.avail',
  _fontconfig_confdir: '/etc/fonts/conf.d',
  bash_completions_dir: '/usr/share/bash-completion/completions',
  zsh_completions_dir: '/usr/share/zsh/site-functions',
  fish_completions_dir: '/usr/share/fish/vendor_completions.d',
});

const languages = table({
  perl_vendorlib: '/usr/share/perl5/vendor_perl',
  perl_vendorarch: '%{_libdir}/perl5/vendor_perl',
  perl_privlib: '/usr/share/perl5',
  perl_archlib: '%{_libdir}/perl5',
  nodejs_sitelib: '/usr/lib/node_modules',
  ruby_vendorlibdir: '/usr/share/ruby/vendor_ruby',
  gem_dir: '/usr/share/gems',
  _javadir: '/usr/share/java',
  _jnidir: '/usr/lib/java',
  _javadocdir: '/usr/share/javadoc',
  _jvmdir: '/usr/lib/jvm',
  _mavenpomdir: '/usr/share/maven-poms',
  _emacs_sitelispdir: '/usr/share/emacs/site-lisp',
  _emacs_sitestartdir: '/usr/share/emacs/site-lisp/site-start.d',
  gopath: '/usr/share/gocode',
  go_arches: '%{ix86} x86_64 %{arm} aarch64 ppc64le s390x riscv64',
  golang_arches: '%{ix86} x86_64 %{arm} aarch64 ppc64le s390x riscv64',
  go_compiler: '1',
  rust_arches: 'x86_64 i686 armv7hl aarch64 ppc64 ppc64le riscv64 s390x',
  nodejs_arches: '%{ix86} x86_64 %{arm} aarch64 %{power64} s390x riscv64',
  java_arches: 'aarch64 ppc64le s390x x86_64 riscv64',
  ocaml_native_compiler: 'aarch64 ppc64le riscv64 s390x x86_64',
  valgrind_arches: '%{ix86} x86_64 ppc ppc64 ppc64le s390x armv7hl aarch64',
  ldc_arches: '%{ix86} x86_64 %{arm} aarch64',
  GNAT_arches: '%{ix86} x86_64 ppc64 ppc64le s390x aarch64',
  mono_arches: '%{ix86} x86_64 %{arm} aarch64 ppc64le s390x',
  fpc_arches: '%{ix86} x86_64 aarch64 ppc64le',
  luajit_arches: '%{arm} %{ix86} x86_64 %{mips} aarch64 s390x',
  qt5_qtwebengine_arches: 'x86_64 aarch64 %{ix86}',
  qt6_qtwebengine_arches: 'x86_64 aarch64',
});

/** Version of the default python3, by the release that ships it. */
const pythonVersions: Readonly<Record<string, string>> = {
  el8: '3.6',
  el9: '3.9',
  el10: '3.12',
  'fedora-40': '3.12',
  'fedora-41': '3.13',
  'fedora-42': '3.13',
  'fedora-43': '3.14',
  'fedora-44': '3.14',
  'fedora-rawhide': '3.15',
  'opensuse-leap-15': '3.6',
  'opensuse-leap-16': '3.13',
  'opensuse-tumbleweed': '3.13',
  'sle-15': '3.6',
  'amazon-2023': '3.9',
  'azurelinux-3': '3.12',
  'photon-5': '3.11',
  'openeuler-24.03': '3.11',
  'mageia-9': '3.10',
};

/** How Python packages name each other and what they provide. Before rpm 4.19 nothing short of Lua lowers a name; most are. */
function pythonNames({ rpmVersion }: Release): TargetMacro[] {
  const [major, minor] = rpmVersion.split('.').map(Number);
  const name = major! > 4 || minor! >= 19 ? '%{lower:%1}' : '%1';
  return [
    { name: 'py3_dist', options: '', body: `python3dist(${name})` },
    { name: 'py_dist_name', options: '', body: name },
    { name: 'py_provides', options: '', body: 'Provides: %1 = %{version}-%{release}' },
  ];
}

function python(release: Release): TargetMacro[] {
  const rhel = release.macros.find(({ name }) => name === 'rhel')?.body;
  const version = pythonVersions[rhel === undefined ? release.id : `el${rhel}`];
  if (version === undefined) return [];
  return table({
    python3_version: version,
    python3_version_nodots: version.replace('.', ''),
    python3_pkgversion: '3',
    python3_sitelib: `/usr/lib/python${version}/site-packages`,
    python3_sitearch: `%{_libdir}/python${version}/site-packages`,
    __python3: '/usr/bin/python3',
    python3: '/usr/bin/python3',
  });
}

/**
 * rpmautospec's macros as they are where no git history is at hand: the release counts from 1, the changelog is empty.
 * Its options: -b the number to begin with, -p for a pre-release, -e and -s what is appended, -n without the dist tag.
 */
const rpmautospec: readonly TargetMacro[] = [
  { name: 'autorelease', options: 'e:s:pb:n', body: '%{-p:0.}%{!-b:1}%{-b*}%{-e:.%{-e*}}%{-s:.%{-s*}}%{!-n:%{?dist}}' },
  { name: 'autochangelog', body: '%{nil}' },
];

/**
 * Where a package's source is published, by the rules of Fedora's packaging guidelines: of Python (project, version and
 * extension are arguments, the first else `srcname`, `pypi_name` or the package's name; a version has no tilde there) and of Rust.
 */
const sourceAddresses: readonly TargetMacro[] = [
  {
    name: 'pypi_source',
    options: '',
    body: `%{lua:
local function first(...)
  for _, text in ipairs({...}) do
    local value = rpm.expand(text)
    if value ~= "" then return value end
  end
end
local project = first("%{?1}", "%{?srcname}", "%{?pypi_name}", "%{?name}", "project")
local version = first("%{?2}") or (rpm.expand("%{?version}"):gsub("~", ""))
print("https://files.pythonhosted.org/packages/source/" .. project:sub(1, 1) .. "/" .. project .. "/" .. project .. "-" .. version .. "." .. first("%{?3}", "tar.gz"))}`,
  },
  { name: 'crates_source', options: '', body: 'https://crates.io/api/v1/crates/%{?1}%{!?1:%{?crate}}/%{?2}%{!?2:%{?crate_version}%{!?crate_version:%{?version}}}/download#/%{?1}%{!?1:%{?crate}}-%{?2}%{!?2:%{?crate_version}%{!?crate_version:%{?version}}}.crate' },
  { name: 'version_no_tilde', options: '', body: '%{lua:print((rpm.expand("%{?version}"):gsub("~", rpm.expand("%{?1}%{!?1:-}"))))}' },
];

/** What a release's build configuration brings beyond its own name and number. */
export function commonMacros(release: Release): readonly TargetMacro[] {
  const redhat = release.family === 'redhat' ? [...rpmautospec, ...pythonNames(release), ...sourceAddresses] : [];
  return [...systemd, ...desktop, ...languages, ...python(release), ...redhat];
}
