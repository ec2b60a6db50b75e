[
  (package_section)
  (description_section)
  (script_section)
  (files_section)
  (changelog_section)
  (list_section)
  (changelog_entry)
  (macro_definition)
  (macro)
  (shell_expansion)
] @fold
