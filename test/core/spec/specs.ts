import fc from 'fast-check';

/** Specs for property tests: mostly good, so that reading gets far, with wild lines where anything is text. */

const word = fc.constantFrom('a', 'b', 'foo', 'x1');
const value = fc.constantFrom('1', '2', 'text', '%{a}', '%{?b}', '%{foo} %{x1}', '%{name}', '%%', '%{__file_lineno}');

export const specLine = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('global', 'define'), word, value).map(([kind, name, body]) => `%${kind} ${name} ${body}`) },
  { weight: 1, arbitrary: fc.constantFrom('%undefine a', '%{?!b:%global b 1}', '%define f() %1-%{foo}', '%f one', '%{f two}') },
  { weight: 2, arbitrary: fc.constantFrom('%if 1', '%if %{?a}0 > 1', '%else', '%endif', '%endif', '%ifarch x86_64') },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('Requires', 'BuildRequires', 'Provides', 'Requires(post)'), word, value).map(([tag, name, version]) => `${tag}: ${name}${version.replace(/\W/g, '')}`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('Source', 'Patch'), word).map(([tag, name]) => `${tag}: ${name}.x`) },
  { weight: 2, arbitrary: fc.constantFrom('# comment', '# %{a}', '', '   ', 'echo %{foo} \\', 'make', '%setup -q', '%patch -P0 -p1', '%configure') },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('%description', '%package', '%files', '%prep', '%build', '%install', '%post', '%changelog'), fc.constantFrom('', '', ' -n foo', ' sub')).map(([section, rest]) => section + rest) },
  { weight: 1, arbitrary: fc.constantFrom('# %{lua:print("L")}', '# %{lua: x = (x or 0) + 1 print(x)}', '# %{lua: print(x or "none")}', '# %{lua: print(rpm.expand("%{a}"))}') },
  { weight: 1, arbitrary: fc.constantFrom('* Tue May 07 2024 A - 1', '* Mon May 06 2024 B - 1', '- text') },
  { weight: 1, arbitrary: fc.constantFrom('%{expand:', '}', '%{lua: x', '%(echo', ')') },
);

const calmLines = fc
  .array(specLine, { minLength: 100, maxLength: 400 })
  .map((lines) => lines.filter((text) => !/^(%else|%endif|%\{expand|%\{lua|%\(|\}|\)|%package|%prep)/.test(text)).map((text) => (text.startsWith('%if') ? `${text}\nyes\n%endif` : text)));

export const specText = fc.tuple(fc.constantFrom('', '', 'BuildArch: noarch\n'), calmLines, fc.array(specLine, { maxLength: 20 })).map(([arch, body, wild]) => {
  const half = Math.floor(body.length / 2);
  const tags = body.slice(0, half).filter((text) => /^(%global|%define|%undefine|Requires|BuildRequires|Provides|#|$)/.test(text));
  const rest = body.slice(half).filter((text) => !/^(%description|%files|%post|%build|%install|%changelog)/.test(text));
  return `Name: pkg\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n${arch}${tags.join('\n')}\n%description\ntext\n%prep\n%setup -q\n%build\n${rest.join('\n')}\n%install\n${rest.join('\n')}\n${wild.join('\n')}\n%files\n%changelog\n* Tue May 07 2024 A - 1\n${'- many lines\n'.repeat(100)}\n* Mon May 06 2024 B - 1\n- text\n`;
});
