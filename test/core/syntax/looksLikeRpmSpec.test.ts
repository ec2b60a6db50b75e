import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLikeRpmSpec } from '#server/core/syntax/index.js';

function check(isRpm: boolean, cases: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(cases)) test(`${name}: ${isRpm ? 'a spec' : 'no spec'} of RPM`, () => assert.equal(looksLikeRpmSpec(text), isRpm));
}

check(true, {
  'an empty file': '',
  'white space': ' \n\n\t\n',
  'comments': '# Copyright\n#\n',
  'just begun': 'Na',
  'comments to the Open Build Service': '#!BuildIgnore: x\n#!RemoteAsset\n\nName: x\n',
  'a template': '@DEFINES@\n{% if x %}\nName: @NAME@\n',
  'a coding comment': '# -*- coding: utf-8 -*-\nName: x\n',
  'an editor mode': '# -*- rpm-spec -*-\n#\n\nSummary: x\n',
  'a byte order mark': '\ufeffName: x\n',
  'a tag': '# a comment\n\nName:           foo\nVersion: 1\n',
  'a conditional first': '%if 0%{?rhel}\n%endif\n',
  'a macro first': '%{?scl:%scl_package foo}\n',
  'a definition first': '%global debug_package %{nil}\n%define x 1\n',
  'Python in a script': 'Name: x\n%prep\nimport os\na = Analysis([])\n',
  'a shell magic comment behind tags': 'Summary: x\n#!/bin/sh\n',
  'a fragment with sections only': '%files\n/usr/bin/x\n',
});
check(false, {
  'PyInstaller': "# -*- mode: python ; coding: utf-8 -*-\n\nblock_cipher = None\n\na = Analysis(['main.py'],\n             pathex=[],\n             hookspath=[])\npyz = PYZ(a.pure)\n",
  'PyInstaller without a magic comment': "a = Analysis(\n    ['main.py'],\n)\n",
  'Python with a coding comment': '# -*- coding: utf-8 -*-\nimport os\n',
  'PyInstaller with imports': "from PyInstaller.utils.hooks import collect_data_files\nimport sys\n",
  'PyInstaller with variables': "name = 'x'\nexe = EXE(pyz)\n",
  'a Ruby test': "require 'spec_helper'\n\nRSpec.describe Foo do\n  it 'works' do\n  end\nend\n",
  'a Ruby test with a magic comment': '# frozen_string_literal: true\n\ndescribe "x" do\nend\n',
  'a JavaScript test': "import { test } from 'x';\n\ndescribe('a', () => {\n  it('b', () => {});\n});\n",
  'a TypeScript test': "const x: number = 1;\ndescribe('a', function () {\n});\n",
  'a shell script': '#!/bin/bash\necho x\n',
  'XML': '<?xml version="1.0"?>\n<spec>\n</spec>\n',
  'a long text in lines of no kind': 'some words\n'.repeat(20),
});
