/** The package that the editor is tested on: a spec with two patches, one of them lost, and files that are not what they seem. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRepository } from '../out/support/repo.js';

const files = {
  'hello.spec': `%global greeting Hello, world
%bcond_without docs

Name:           hello
Version:        2.12
Release:        3%{?dist}
Summary:        Prints a friendly greeting
License:        GPL-3.0-or-later
URL:            https://example.org
Source0:        %{url}/%{name}-%{version}.tar.gz
Source1:        hello.conf
Patch0:         hello-greeting.patch
Patch1:         hello-lost.patch

BuildArch:      noarch
BuildRequires:  make
BuildRequires:  gcc >= 12
%if 0%{?rhel}
Requires:       rhel-only
%endif

%description
Says "%{greeting}" and nothing else.

%if %{with docs}
%package docs
Summary:        Manual of %{name}

%description docs
How to greet, in several languages.
%endif

%prep
%autosetup -p1

%build
%configure --sysconfdir=%{_sysconfdir}
%make_build

%install
%make_install
install -Dpm 0644 %{SOURCE1} %{buildroot}%{_sysconfdir}/hello.conf

%check
make check

%files
%license COPYING
%config(noreplace) %{_sysconfdir}/hello.conf
%{_bindir}/hello

%if %{with docs}
%files docs
%{_mandir}/man1/hello.1*
%endif

%changelog
* Mon Nov 16 2026 Petra Packer <petra@example.org> - 2.12-3
- Greet the whole world

* Tue Oct 06 2026 Petra Packer <petra@example.org> - 2.12-1
- New upstream release
`,
  'hello.conf': 'greeting = plain\n',
  'app.spec': `# -*- mode: python ; coding: utf-8 -*-
a = Analysis(
    ['app.py'],
    pathex=[],
    binaries=[],
    hiddenimports=[],
    noarchive=False,
)
pyz = PYZ(a.pure)
exe = EXE(pyz, a.scripts, a.binaries, a.datas, [], name='app', console=True)
`,
};

/** A spec whose macros would leave a file behind if any of them were run. */
const shellSpec = (folder) => `%global ran %(touch '${folder}/ran'; echo yes)
Name: shell
Version: 1
Release: 1
Summary: Would run a command
License: MIT

%description
%{ran} %(touch '${folder}/ran')
`;

/** Where hello comes from: the patch is its second commit, released with the tag v2.13. */
const upstream = `
commit Say hello
file hello.c
    #include <stdio.h>

    int main(void) {
      puts("Hello");
      return 0;
    }
tag v2.12
commit Greet the whole world
| Nobody is left out.
file hello.c
    #include <stdio.h>

    int main(void) {
      puts("Hello, world");
      return 0;
    }
tag v2.13
commit Mention the weather
file README
    Greets, whatever the weather.
tag v2.14
`;

/** Writes the package into `folder/package` and its upstream into `folder/upstream`; answers the package's folder. */
export function makeWorkspace(folder) {
  const workspace = join(folder, 'package');
  mkdirSync(join(workspace, '.vscode'), { recursive: true });
  const repository = buildRepository(join(folder, 'upstream'), upstream);
  const settings = { 'spectrail.trace.upstream': [repository.folder] };
  const all = { ...files, 'shell.spec': shellSpec(workspace), 'hello-greeting.patch': `${repository.git('format-patch', '--stdout', '-1', 'v2.13')}\n`, '.vscode/settings.json': JSON.stringify(settings, null, 2) };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(workspace, name), text);
  return workspace;
}
