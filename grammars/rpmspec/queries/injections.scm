((script_section
  (section_header) @_header
  (text) @injection.content)
  (#not-match? @_header "<lua>")
  (#set! injection.language "bash")
  (#set! injection.combined))

((script_section
  (section_header) @_header
  (text) @injection.content)
  (#match? @_header "<lua>")
  (#set! injection.language "lua")
  (#set! injection.combined))

((shell_script) @injection.content
  (#set! injection.language "bash")
  (#set! injection.include-children))

((macro
  name: (macro_name) @_name
  body: (macro_body) @injection.content)
  (#eq? @_name "lua")
  (#set! injection.language "lua")
  (#set! injection.include-children))
