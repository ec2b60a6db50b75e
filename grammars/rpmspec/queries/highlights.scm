; Where two patterns fit one node, the later one counts.

(comment) @comment @spell

(section_name) @keyword
(section_option) @variable.parameter
(section_argument (text) @module)

(directive_keyword) @keyword.conditional
(include_directive (directive_keyword) @keyword.import)
(include_path (text) @string.special.path)
(define_keyword) @keyword.directive.define

(tag_name) @property
(tag_qualifier) @attribute
((tag
  name: (tag_name) @_name
  value: (tag_value (text) @string.special.url))
  (#match? @_name "^(([Uu][Rr][Ll])|([Bb]ug[Uu][Rr][Ll])|(VCS))$"))

(directive_name) @attribute
(directive_arguments (text) @constant)

(macro_name) @function.macro
(macro_operator) @operator
(macro_options) @variable.parameter
(percent_escape) @string.escape
(macro_definition name: (macro_name) @function.macro)
((macro name: (macro_name) @variable.parameter)
  (#match? @variable.parameter "^([0-9]+|[*#]+|-[A-Za-z][*]?)$"))
((macro name: (macro_name) @function.builtin)
  (#any-of? @function.builtin
    "expand" "lua" "load" "echo" "warn" "error" "dnl" "shrink" "quote" "expr" "gsub" "sub" "rep" "len" "upper" "lower" "reverse"
    "basename" "dirname" "suffix" "url2path" "u2p" "uncompress" "getenv" "getncpus" "getconfdir" "define" "global" "undefine"
    "trace" "dump" "rpmversion" "span" "shescape" "exists" "verbose" "defined" "undefined" "with" "without" "bcond" "bcond_with" "bcond_without"))
(expression (text) @number)

(changelog_header) @markup.heading
(changelog_date) @string.special
(changelog_email) @string.special.url

(unclosed_macro) @error
(invalid_line) @error
