/** The package that the editor is tested on: a spec with two patches, one of them lost, and files that are not what they seem. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
  'hello-greeting.patch': `From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: Petra Packer <petra@example.org>
Date: Mon, 5 Oct 2026 10:00:00 +0000
Subject: [PATCH] Greet the whole world

---
 hello.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/hello.c b/hello.c
index 1111111..2222222 100644
--- a/hello.c
+++ b/hello.c
@@ -1,5 +1,5 @@
 #include <stdio.h>
 int main(void) {
-  puts("Hello");
+  puts("Hello, world");
   return 0;
 }
-- 
2.39.0

`,
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

/** Writes the package into a folder and answers the folder. */
export function makeWorkspace(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, 'shell.spec': shellSpec(folder) })) writeFileSync(join(folder, name), text);
  return folder;
}
