/**
 * RPM spec files, as they are written: one small tree, made for editors. It never needs a macro's value.
 *
 * Three ideas keep it small (see docs/grammar.md):
 * - The scanner decides what a line is. Nearly every token is its, and it keeps no state of its own: which tokens the
 *   parser can take says where in the file we are.
 * - Conditionals are flat lines. One spec in fourteen goes on, behind %endif, with a section that was opened inside.
 * - One rule for a macro, used everywhere; only the text around it differs (a line, braces, parentheses, brackets).
 *
 * Every text parses: what is wrong has a node of its own (unclosed_macro, invalid_line), so that nothing half typed
 * spreads beyond its line.
 */

module.exports = grammar({
  name: 'rpmspec',

  // White space is the scanner's: in a script it is text, elsewhere it is skipped.
  extras: () => [],

  // The order is that of `enum TokenType` in src/scanner.c.
  externals: $ => [
    $._end_of_line,
    $._blank,
    $._package_keyword,
    $._description_keyword,
    $._script_keyword,
    $._files_keyword,
    $._changelog_keyword,
    $._list_keyword,
    $._if_keyword,
    $._elif_keyword,
    $._else_keyword,
    $._endif_keyword,
    $._define_keyword,
    $._undefine_keyword,
    $._include_keyword,
    $._comment_start,
    $._dnl_comment,
    $._tag_name,
    $._tag_qualifier,
    $._colon,
    $._invalid_text,
    $._entry_start,
    $._date,
    $._email,
    $._directive_name,
    $._directive_call,
    $._directive_open,
    $._space,
    $._option,
    $._word,
    $._line_text,
    $._comment_text,
    $._script_text,
    $._script_head,
    $._script_end,
    $._body_text,
    $._brace_text,
    $._brace_line_text,
    $._paren_text,
    $._bracket_text,
    $._brace_open,
    $._brace_close,
    $._paren_open,
    $._paren_close,
    $._bracket_open,
    $._bracket_close,
    $._percent_escape,
    $._percent,
    $._call_percent,
    $._macro_brace,
    $._macro_paren,
    $._macro_bracket,
    $._unclosed,
    $._operator,
    $._macro_name,
    $._brace_name,
    $._macro_colon,
    $._definition_name,
    $._definition_options,
    $._inner_section,
    $._inner_directive,
    $._inner_tag,
    $._section_end,
    $._entry_end,
    // Never part of a rule: it is wanted only where the parser recovers from an error.
    $._error_sentinel,
  ],

  rules: {
    source_file: $ => seq(optional($.preamble), repeat($._section)),

    // An end of its own, though it holds no text, lets a section be taken over whole into the next tree: a node that ends with
    // a repetition never is.
    preamble: $ => seq(repeat1($._preamble_item), $._section_end),

    // Sections

    _section: $ => choice($.package_section, $.description_section, $.script_section, $.files_section, $.changelog_section, $.list_section),

    package_section: $ => seq(alias($._package_header, $.section_header), repeat($._preamble_item), $._section_end),
    description_section: $ => seq(alias($._description_header, $.section_header), repeat($._prose_item), $._section_end),
    script_section: $ => seq(alias($._script_header, $.section_header), repeat($._script_item), $._section_end),
    files_section: $ => seq(alias($._files_header, $.section_header), repeat($._files_item), $._section_end),
    changelog_section: $ => seq(alias($._changelog_header, $.section_header), repeat($._prose_item), repeat($.changelog_entry), $._section_end),
    list_section: $ => seq(alias($._list_header, $.section_header), repeat($._list_item), $._section_end),

    _package_header: $ => header($, $._package_keyword),
    _description_header: $ => header($, $._description_keyword),
    _script_header: $ => header($, $._script_keyword),
    _files_header: $ => header($, $._files_keyword),
    _changelog_header: $ => header($, $._changelog_keyword),
    _list_header: $ => header($, $._list_keyword),
    _header_rest: $ => seq(repeat(seq($._space, choice(field('option', alias($._option, $.section_option)), field('argument', $.section_argument)))), $._end_of_line),
    section_argument: $ => prec.right(repeat1(choice(alias($._word, $.text), $._macro))),

    // Lines that every section can hold

    _common_item: $ => choice(
      $._blank,
      $.if_directive,
      $.elif_directive,
      $.else_directive,
      $.endif_directive,
      $.include_directive,
      $.macro_definition,
      $.macro_undefinition,
      $.comment,
    ),

    if_directive: $ => directive($, $._if_keyword, 'condition', $.condition),
    elif_directive: $ => directive($, $._elif_keyword, 'condition', $.condition),
    else_directive: $ => directive($, $._else_keyword, 'rest', $.trailing_text),
    endif_directive: $ => directive($, $._endif_keyword, 'rest', $.trailing_text),
    include_directive: $ => directive($, $._include_keyword, 'path', $.include_path),
    // Only conditionals go on behind a backslash at the end of the line.
    condition: $ => repeat1(choice(alias($._body_text, $.text), $._macro)),
    trailing_text: $ => repeat1($._inline),
    include_path: $ => repeat1($._inline),

    macro_definition: $ => seq(
      field('keyword', alias($._define_keyword, $.define_keyword)),
      optional(field('name', alias($._definition_name, $.macro_name))),
      optional(field('options', alias($._definition_options, $.macro_options))),
      optional(field('body', alias($._definition_body, $.macro_body))),
      $._end_of_line,
    ),
    _definition_body: $ => repeat1(choice(alias($._body_text, $.text), alias($._inner_section, $.section_name), alias($._inner_directive, $.directive_keyword), alias($._inner_tag, $.tag_name), $._macro)),
    macro_undefinition: $ => seq(
      field('keyword', alias($._undefine_keyword, $.define_keyword)),
      optional(field('name', alias($._definition_name, $.macro_name))),
      optional(field('rest', $.trailing_text)),
      $._end_of_line,
    ),

    comment: $ => choice(
      seq($._comment_start, repeat(choice($._comment_text, $._macro)), $._end_of_line),
    ),

    _line: $ => seq(repeat1($._inline), $._end_of_line),
    _inline: $ => choice(alias($._line_text, $.text), $._macro, alias($._dnl_comment, $.comment)),

    // A macro at the start of a line takes the rest of it as arguments, whether or not it uses them.
    _call: $ => seq($._call_percent, field('name', alias($._macro_name, $.macro_name)), field('arguments', alias($._call_arguments, $.macro_arguments))),
    _call_arguments: $ => repeat1($._inline),

    // Preamble

    _preamble_item: $ => choice($._common_item, $.tag, alias($._invalid_line, $.invalid_line), $._line, seq(alias($._call, $.macro), $._end_of_line)),
    tag: $ => seq(
      field('name', alias($._tag_name, $.tag_name)),
      optional(field('qualifier', alias($._tag_qualifier, $.tag_qualifier))),
      $._colon,
      optional(field('value', $.tag_value)),
      $._end_of_line,
    ),
    tag_value: $ => repeat1($._inline),
    _invalid_line: $ => seq($._invalid_text, $._end_of_line),

    // Scripts and prose: text keeps its white space and line ends, so that another language can be read from it.

    _script_item: $ => choice($._common_item, alias($._script_text, $.text), $._script_line, seq(alias($._call, $.macro), $._end_of_line)),
    _prose_item: $ => choice($._common_item, alias($._script_text, $.text), $._script_line),
    _script_line: $ => seq(repeat1(choice(alias($._script_head, $.text), $._macro, alias($._dnl_comment, $.comment))), $._script_line_end),
    _script_line_end: $ => choice(alias($._script_end, $.text), $._end_of_line),

    // Files

    _files_item: $ => choice($._common_item, $.files_entry),
    files_entry: $ => seq(repeat1(choice($.files_directive, $._inline)), $._end_of_line),
    // The scanner tells a directive with parentheses by its name, so that the parser never has to look behind the name.
    files_directive: $ => choice(
      field('name', alias($._directive_name, $.directive_name)),
      seq(
        field('name', alias($._directive_call, $.directive_name)),
        $._directive_open,
        optional(field('arguments', alias($._paren_content, $.directive_arguments))),
        $._paren_close,
      ),
    ),

    // Changelog

    changelog_entry: $ => seq(field('header', $.changelog_header), repeat($._prose_item), $._entry_end),
    changelog_header: $ => seq(
      $._entry_start,
      optional(field('date', alias($._date, $.changelog_date))),
      repeat(choice($._inline, field('email', alias($._email, $.changelog_email)))),
      $._end_of_line,
    ),

    // %sourcelist, %patchlist and %sepolicy: a name a line

    _list_item: $ => choice($._common_item, $.list_entry),
    list_entry: $ => seq(repeat1($._inline), $._end_of_line),

    // Macros

    _macro: $ => choice($.macro, $.shell_expansion, $.expression_expansion, $.unclosed_macro, alias($._percent_escape, $.percent_escape)),

    macro: $ => choice(
      seq($._percent, optional(field('operator', alias($._operator, $.macro_operator))), field('name', alias($._macro_name, $.macro_name))),
      seq(
        $._macro_brace,
        optional(field('operator', alias($._operator, $.macro_operator))),
        optional(field('name', alias($._brace_name, $.macro_name))),
        optional(choice(
          seq($._macro_colon, optional(field('body', alias($._brace_content, $.macro_body)))),
          field('arguments', alias($._brace_content, $.macro_arguments)),
        )),
        $._brace_close,
      ),
    ),
    shell_expansion: $ => seq($._macro_paren, optional(field('script', alias($._paren_content, $.shell_script))), $._paren_close),
    expression_expansion: $ => seq($._macro_bracket, optional(field('expression', alias($._bracket_content, $.expression))), $._bracket_close),

    // What was opened and is closed nowhere; the rest of the line is read as if it were not there.
    unclosed_macro: $ => prec.right(seq($._unclosed, optional(field('operator', alias($._operator, $.macro_operator))), optional(field('name', alias($._brace_name, $.macro_name))))),

    _brace_content: $ => prec.right(repeat1(choice($._brace_item, alias($._brace_text, $.text)))),
    _brace_item: $ => choice(
      $._macro,
      alias($._dnl_comment, $.comment),
      alias($._inner_section, $.section_name),
      alias($._inner_directive, $.directive_keyword),
      alias($._inner_tag, $.tag_name),
      alias($._inner_definition, $.macro_definition),
      alias($._inner_undefinition, $.macro_undefinition),
      seq($._brace_open, repeat(choice($._brace_item, alias($._brace_text, $.text))), $._brace_close),
    ),
    // Inside braces a definition ends with its line or with the braces; without a name it is a macro like any other.
    _inner_definition: $ => prec.right(seq(
      field('keyword', alias($._define_keyword, $.define_keyword)),
      field('name', alias($._definition_name, $.macro_name)),
      optional(field('options', alias($._definition_options, $.macro_options))),
      optional(field('body', alias($._inner_body, $.macro_body))),
    )),
    _inner_body: $ => prec.right(repeat1(choice(
      alias($._brace_line_text, $.text),
      $._macro,
      seq($._brace_open, repeat(choice($._brace_item, alias($._brace_text, $.text))), $._brace_close),
    ))),
    _inner_undefinition: $ => seq(field('keyword', alias($._undefine_keyword, $.define_keyword)), field('name', alias($._definition_name, $.macro_name))),

    _paren_content: $ => repeat1($._paren_item),
    _paren_item: $ => choice(alias($._paren_text, $.text), $._macro, seq($._paren_open, repeat($._paren_item), $._paren_close)),
    _bracket_content: $ => repeat1($._bracket_item),
    _bracket_item: $ => choice(alias($._bracket_text, $.text), $._macro, seq($._bracket_open, repeat($._bracket_item), $._bracket_close)),
  },
});

/** A section's first line. */
function header($, keyword) {
  return seq(field('name', alias(keyword, $.section_name)), $._header_rest);
}

/** A line of its own, ruled by its first word. */
function directive($, keyword, name, rest) {
  return seq(field('keyword', alias(keyword, $.directive_keyword)), optional(field(name, rest)), $._end_of_line);
}
