/*
 * Decides what a line of a spec is, and where the text between macros ends.
 *
 * The scanner keeps no state: which tokens the parser can take says where in the file we are. That makes every
 * subtree reusable after an edit. Looking ahead for the end of a macro is bounded by MAX_DEPTH: any character is
 * looked at by at most so many openers, so that no input makes the scanner quadratic.
 */
#include "tree_sitter/parser.h"

/* The order is that of `externals` in grammar.js. */
enum TokenType {
  END_OF_LINE,
  BLANK,
  PACKAGE_KEYWORD,
  DESCRIPTION_KEYWORD,
  SCRIPT_KEYWORD,
  FILES_KEYWORD,
  CHANGELOG_KEYWORD,
  LIST_KEYWORD,
  IF_KEYWORD,
  ELIF_KEYWORD,
  ELSE_KEYWORD,
  ENDIF_KEYWORD,
  DEFINE_KEYWORD,
  UNDEFINE_KEYWORD,
  INCLUDE_KEYWORD,
  COMMENT_START,
  DNL_COMMENT,
  TAG_NAME,
  TAG_QUALIFIER,
  COLON,
  INVALID_TEXT,
  ENTRY_START,
  DATE,
  EMAIL,
  DIRECTIVE_NAME,
  DIRECTIVE_CALL,
  DIRECTIVE_OPEN,
  SPACE,
  OPTION,
  WORD,
  LINE_TEXT,
  COMMENT_TEXT,
  SCRIPT_TEXT,
  SCRIPT_HEAD,
  SCRIPT_END,
  BODY_TEXT,
  BRACE_TEXT,
  BRACE_LINE_TEXT,
  PAREN_TEXT,
  BRACKET_TEXT,
  BRACE_OPEN,
  BRACE_CLOSE,
  PAREN_OPEN,
  PAREN_CLOSE,
  BRACKET_OPEN,
  BRACKET_CLOSE,
  PERCENT_ESCAPE,
  PERCENT,
  CALL_PERCENT,
  MACRO_BRACE,
  MACRO_PAREN,
  MACRO_BRACKET,
  UNCLOSED,
  OPERATOR,
  MACRO_NAME,
  BRACE_NAME,
  MACRO_COLON,
  DEFINITION_NAME,
  DEFINITION_OPTIONS,
  INNER_SECTION,
  INNER_DIRECTIVE,
  INNER_TAG,
  SECTION_END,
  ENTRY_END,
  ERROR_SENTINEL,
};

/* No token: the text at hand is no macro. */
#define LITERAL 255

/*
 * Deeper nesting is taken as never closed. rpm gives up expanding at 64 levels, and no spec nests a third as deep; the
 * number is what bounds the work on hostile texts.
 */
#define MAX_DEPTH 32

/* So is what is not closed within this many characters: typing an opener in a large spec must not read it to its end. */
#define MAX_AHEAD 65536

/* rpm before 4.18 takes no shorter names, and %Y or %ld in a script are no macros. */
#define MIN_NAME 3

/* A chunk of script text ends at the first line end behind this many characters, so that typing relexes little. */
#define CHUNK 1024

#define WORD_SIZE 40

typedef enum { IN_LINE, IN_COMMENT, IN_HEADER, IN_SCRIPT, IN_BODY, IN_BRACE, IN_BRACE_LINE, IN_PAREN, IN_BRACKET } Context;

typedef struct {
  TSLexer *lexer;
  const bool *valid;
  Context context;
} Scanner;

static inline int32_t peek(Scanner *s) { return s->lexer->lookahead; }
static inline void advance(Scanner *s) { s->lexer->advance(s->lexer, false); }
static inline void skip(Scanner *s) { s->lexer->advance(s->lexer, true); }
static inline void mark(Scanner *s) { s->lexer->mark_end(s->lexer); }
static inline bool at_end(Scanner *s) { return s->lexer->lookahead == 0 && s->lexer->eof(s->lexer); }
static inline bool found(Scanner *s, enum TokenType type) {
  s->lexer->result_symbol = type;
  return true;
}

static inline bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
static inline bool is_alpha(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_name_start(int32_t c) { return is_alpha(c) || c == '_'; }
static inline bool is_name(int32_t c) { return is_name_start(c) || is_digit(c); }
static inline bool at_line_end(Scanner *s) { return peek(s) == '\n' || at_end(s); }

static void skip_blanks(Scanner *s) {
  while (is_space(peek(s))) skip(s);
}

static void pass_blanks(Scanner *s) {
  while (is_space(peek(s))) advance(s);
}

static void pass_line(Scanner *s) {
  while (!at_line_end(s)) advance(s);
}

/* Reads a run of name characters, of which the first WORD_SIZE - 1 are kept; returns the whole run's length. */
static unsigned read_word(Scanner *s, char *word) {
  unsigned length = 0;
  while (is_name(peek(s))) {
    if (length < WORD_SIZE - 1) word[length] = (char)peek(s);
    length++;
    advance(s);
  }
  word[length < WORD_SIZE ? length : WORD_SIZE - 1] = 0;
  return length;
}

static bool equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static bool equal_caseless(const char *word, const char *name) {
  while (*word && lower(*word) == *name) word++, name++;
  return lower(*word) == *name;
}

typedef struct {
  const char *name;
  uint8_t type;
} Keyword;

/* partList of rpm's build/parseSpec.c. */
static const Keyword sections[] = {
  {"package", PACKAGE_KEYWORD},
  {"description", DESCRIPTION_KEYWORD},
  {"prep", SCRIPT_KEYWORD},
  {"generate_buildrequires", SCRIPT_KEYWORD},
  {"conf", SCRIPT_KEYWORD},
  {"build", SCRIPT_KEYWORD},
  {"install", SCRIPT_KEYWORD},
  {"check", SCRIPT_KEYWORD},
  {"clean", SCRIPT_KEYWORD},
  {"preun", SCRIPT_KEYWORD},
  {"postun", SCRIPT_KEYWORD},
  {"pretrans", SCRIPT_KEYWORD},
  {"posttrans", SCRIPT_KEYWORD},
  {"preuntrans", SCRIPT_KEYWORD},
  {"postuntrans", SCRIPT_KEYWORD},
  {"pre", SCRIPT_KEYWORD},
  {"post", SCRIPT_KEYWORD},
  {"files", FILES_KEYWORD},
  {"changelog", CHANGELOG_KEYWORD},
  {"triggerpostun", SCRIPT_KEYWORD},
  {"triggerprein", SCRIPT_KEYWORD},
  {"triggerun", SCRIPT_KEYWORD},
  {"triggerin", SCRIPT_KEYWORD},
  {"trigger", SCRIPT_KEYWORD},
  {"verifyscript", SCRIPT_KEYWORD},
  {"sepolicy", LIST_KEYWORD},
  {"filetriggerin", SCRIPT_KEYWORD},
  {"filetrigger", SCRIPT_KEYWORD},
  {"filetriggerun", SCRIPT_KEYWORD},
  {"filetriggerpostun", SCRIPT_KEYWORD},
  {"transfiletriggerin", SCRIPT_KEYWORD},
  {"transfiletrigger", SCRIPT_KEYWORD},
  {"transfiletriggerun", SCRIPT_KEYWORD},
  {"transfiletriggerpostun", SCRIPT_KEYWORD},
  {"end", LIST_KEYWORD},
  {"patchlist", LIST_KEYWORD},
  {"sourcelist", LIST_KEYWORD},
  {0, 0},
};

static uint8_t section_type(const char *word) {
  for (const Keyword *k = sections; k->name; k++)
    if (equal_caseless(word, k->name)) return k->type;
  return LITERAL;
}

/* lineTypes of rpm's build/parseSpec.c. */
static uint8_t conditional_type(const char *word) {
  if (equal(word, "if") || equal(word, "ifarch") || equal(word, "ifnarch") || equal(word, "ifos") || equal(word, "ifnos")) return IF_KEYWORD;
  if (equal(word, "elif") || equal(word, "elifarch") || equal(word, "elifos")) return ELIF_KEYWORD;
  if (equal(word, "else")) return ELSE_KEYWORD;
  if (equal(word, "endif")) return ENDIF_KEYWORD;
  return LITERAL;
}

/* virtualAttrs and the parsers of rpm's build/files.c. */
static bool is_files_directive(const char *word) {
  static const char *const names[] = {"attr", "defattr", "config", "dir", "doc", "docdir", "license", "readme", "ghost", "lang", "verify", "defverify", "caps", "exclude", "missingok", "pubkey", "artifact", "dev", "specfile", 0};
  for (const char *const *name = names; *name; name++)
    if (equal(word, *name)) return true;
  return false;
}

/* preambleList of rpm's build/parsePreamble.c; used only inside macro bodies, where any word may stand before a colon. */
static bool is_tag(const char *word) {
  static const char *const names[] = {
    "name", "version", "release", "epoch", "summary", "license", "url", "group", "source", "patch", "nosource", "nopatch", "excludearch",
    "exclusivearch", "excludeos", "exclusiveos", "icon", "provides", "requires", "recommends", "suggests", "supplements", "enhances",
    "prereq", "conflicts", "obsoletes", "prefixes", "prefix", "buildroot", "buildarchitectures", "buildarch", "buildconflicts", "buildprereq",
    "buildrequires", "autoreqprov", "autoreq", "autoprov", "docdir", "disttag", "bugurl", "translationurl", "upstreamreleases", "orderwithrequires",
    "removepathpostfixes", "modularitylabel", "vcs", "sourcelicense", "buildsystem", "buildoption", "distribution", "vendor", "packager", "disturl", 0,
  };
  char base[WORD_SIZE];
  unsigned length = 0;
  for (; word[length] && !is_digit(word[length]); length++) base[length] = lower(word[length]);
  base[length] = 0;
  for (unsigned i = length; word[i]; i++)
    if (!is_digit(word[i])) return false;
  for (const char *const *name = names; *name; name++)
    if (equal(base, *name)) return true;
  return false;
}

/*
 * Behind a line end: whether the line that begins here cannot be the inside of a shell expansion, of an expression or of
 * a macro's arguments. Passes the characters that tell.
 */
static bool is_spec_line(Scanner *s) {
  char word[WORD_SIZE];
  if (peek(s) == '%') {
    advance(s);
    if (!is_alpha(peek(s))) return false;
    read_word(s, word);
    if (conditional_type(word) != LITERAL || equal(word, "global") || equal(word, "define")) return true;
    return section_type(word) != LITERAL && (is_space(peek(s)) || at_line_end(s));
  }
  if (!is_alpha(peek(s))) return false;
  read_word(s, word);
  return peek(s) == ':' && is_tag(word);
}

/*
 * Whether what was opened just before is closed: by `close`, with `open` nesting, as rpm's matchchar counts. Not closed
 * where the text ends, where the nesting is deeper than rpm goes, where the line ends (in comments), or where what we are
 * in would be closed first. Unless `is_body`, nor where a line follows that surely is none of its inside: braces nearly
 * always come in pairs, but a lone parenthesis is common, and a half-typed %( must not reach for it.
 */
static bool is_closed(Scanner *s, int32_t open, int32_t close, bool is_body) {
  int32_t outer_open = 0, outer_close = 0;
  if (s->context == IN_BRACE || s->context == IN_BRACE_LINE) outer_open = '{', outer_close = '}';
  else if (s->context == IN_PAREN) outer_open = '(', outer_close = ')';
  else if (s->context == IN_BRACKET) outer_open = '[', outer_close = ']';
  if (outer_open == open) outer_open = outer_close = 0;
  int depth = 1;
  int outer = 0;
  for (unsigned passed = 0; passed < MAX_AHEAD && !at_end(s); passed++) {
    int32_t c = peek(s);
    if (c == '\\') {
      advance(s);
      if (at_end(s)) return false;
      if (s->context == IN_COMMENT && peek(s) == '\n') return false;
    } else if (c == close) {
      if (--depth == 0) return true;
    } else if (c == open) {
      if (++depth > MAX_DEPTH) return false;
    } else if (outer_open && c == outer_open) {
      outer++;
    } else if (outer_close && c == outer_close) {
      if (--outer < 0) return false;
    } else if (c == '\n') {
      if (s->context == IN_COMMENT) return false;
      advance(s);
      if (!is_body && is_spec_line(s)) return false;
      continue;
    }
    advance(s);
  }
  return false;
}

/*
 * Behind %{: whether its name is all there is on the line: someone is typing it. rpm would read on for the closing brace;
 * nobody writes it on another line than the name, and this keeps a half-typed macro from eating what follows.
 */
static bool is_half_typed(Scanner *s) {
  while (peek(s) == '?' || peek(s) == '!') advance(s);
  while (is_name(peek(s))) advance(s);
  pass_blanks(s);
  return at_line_end(s);
}

/* Behind the name of a directive of %files: whether parentheses follow, closed on the same line, where it takes any. */
static uint8_t directive_type(Scanner *s, const char *word) {
  static const char *const calls[] = {"attr", "defattr", "config", "lang", "verify", "defverify", "caps", "dev", 0};
  for (const char *const *name = calls; *name; name++) {
    if (!equal(word, *name)) continue;
    pass_blanks(s);
    if (peek(s) != '(') return DIRECTIVE_NAME;
    advance(s);
    // In a comment too, what is opened must be closed on its line.
    Context context = s->context;
    s->context = IN_COMMENT;
    bool closed = is_closed(s, '(', ')', true);
    s->context = context;
    return closed ? DIRECTIVE_CALL : DIRECTIVE_NAME;
  }
  return DIRECTIVE_NAME;
}

/*
 * Called behind a percent sign: what it begins, or LITERAL. Marks the token's end where `marking` is set; otherwise it
 * only looks, and the result tells no more than macro or not.
 */
static uint8_t percent(Scanner *s, bool marking) {
  const bool *valid = s->valid;
  const bool in_macro = s->context >= IN_BODY;
  if (marking) mark(s);
  int32_t c = peek(s);
  if (c == '%') {
    advance(s);
    if (marking) mark(s);
    return PERCENT_ESCAPE;
  }
  if (c == '{' || c == '(' || c == '[') {
    advance(s);
    if (!marking) return MACRO_BRACE;
    mark(s);
    if (c == '{') return !is_half_typed(s) && is_closed(s, '{', '}', peek(s) == ':') ? MACRO_BRACE : UNCLOSED;
    if (c == '(') return is_closed(s, '(', ')', false) ? MACRO_PAREN : UNCLOSED;
    return is_closed(s, '[', ']', false) ? MACRO_BRACKET : UNCLOSED;
  }
  bool operator = false;
  while (peek(s) == '?' || peek(s) == '!') operator = true, advance(s);
  c = peek(s);
  if (in_macro) {
    if (c == '*' || c == '#' || is_digit(c)) return PERCENT;
    if (c == '-') {
      advance(s);
      return is_alpha(peek(s)) ? PERCENT : LITERAL;
    }
  }
  if (!is_name_start(c)) return LITERAL;
  char word[WORD_SIZE];
  unsigned length = read_word(s, word);
  if (!operator) {
    if (equal(word, "dnl")) {
      if (valid[DNL_COMMENT]) {
        pass_line(s);
        if (marking) mark(s);
        return DNL_COMMENT;
      }
    } else if (valid[DEFINE_KEYWORD] && (equal(word, "define") || equal(word, "global") || equal(word, "undefine"))) {
      if (!marking) return PERCENT;
      mark(s);
      // Said here whether a name follows: what ends a definition must not depend on what could still be part of it.
      bool blank = is_space(peek(s));
      pass_blanks(s);
      if (!blank || !is_name_start(peek(s))) return INNER_DIRECTIVE;
      return word[0] == 'u' ? UNDEFINE_KEYWORD : DEFINE_KEYWORD;
    } else if (valid[DIRECTIVE_NAME] && is_files_directive(word)) {
      if (marking) mark(s);
      return marking ? directive_type(s, word) : DIRECTIVE_NAME;
    } else if (valid[INNER_SECTION]) {
      if (conditional_type(word) != LITERAL || equal(word, "define") || equal(word, "global") || equal(word, "undefine")) {
        if (marking) mark(s);
        return INNER_DIRECTIVE;
      }
      if (section_type(word) != LITERAL && (is_space(peek(s)) || peek(s) == '\\' || at_line_end(s))) {
        if (marking) mark(s);
        return INNER_SECTION;
      }
    }
  }
  return operator || length >= MIN_NAME ? PERCENT : LITERAL;
}

/* At a word in a macro's body: whether it is a tag with its colon. The mark stays behind the word. */
static bool inner_tag(Scanner *s, bool marking) {
  char word[WORD_SIZE];
  unsigned length = read_word(s, word);
  if (marking) mark(s);
  if (length >= WORD_SIZE || !is_tag(word)) return false;
  if (peek(s) == '(') {
    advance(s);
    // Nothing that could begin or end a macro is passed here.
    while (is_name(peek(s)) || is_space(peek(s)) || peek(s) == ',' || peek(s) == '-' || peek(s) == '.') advance(s);
    if (peek(s) != ')') return false;
    advance(s);
  }
  pass_blanks(s);
  return peek(s) == ':';
}

/* At the start of a line in a macro's body: whether it is a tag. Marks what was passed, up to the tag where there is one. */
static bool is_tag_line(Scanner *s) {
  pass_blanks(s);
  if (!is_alpha(peek(s))) return false;
  mark(s);
  if (inner_tag(s, false)) return true;
  mark(s);
  return false;
}

/*
 * Behind the end of a chunk's line: whether the next line is more of the same text. Leaves the lexer at its first
 * character that is not blank.
 */
static bool is_text_line(Scanner *s) {
  bool column_zero = true;
  while (is_space(peek(s)) || peek(s) == '\n') {
    column_zero = peek(s) == '\n';
    advance(s);
  }
  if (at_end(s) || peek(s) == '#') return false;
  return !(peek(s) == '*' && column_zero && (s->valid[ENTRY_START] || s->valid[ENTRY_END]));
}

/*
 * Text up to the next macro or to the end that the context gives it; where there is no text, the macro's own first token.
 * `any` says that text has been passed and marked already.
 */
static bool text(Scanner *s, enum TokenType type, bool any) {
  const bool *valid = s->valid;
  const Context context = s->context;
  // A script's text is kept to the character; of other lines the trailing white space is left out.
  const bool exact = context == IN_SCRIPT || context >= IN_BRACE;
  bool passed = any;
  for (;;) {
    int32_t c = peek(s);
    if (c == 0 && at_end(s)) break;
    if (c == '%') {
      if (exact && passed) mark(s), any = true;
      advance(s);
      uint8_t what = percent(s, !any);
      if (what != LITERAL) return found(s, any ? type : what);
      mark(s);
      any = passed = true;
      continue;
    }
    if (c == '\n') {
      if (context == IN_SCRIPT) {
        advance(s);
        mark(s);
        return found(s, SCRIPT_END);
      }
      if (context < IN_BRACE || context == IN_BRACE_LINE) break;
      advance(s);
      mark(s);
      any = passed = true;
      if (context == IN_BRACE && valid[INNER_TAG] && is_tag_line(s)) return found(s, type);
      continue;
    }
    if (c == '\\' && context >= IN_BODY) {
      advance(s);
      const bool carriage = peek(s) == '\r';
      if (carriage) advance(s);
      const bool line_end = peek(s) == '\n';
      if ((line_end && context != IN_BRACE_LINE) || (!line_end && !carriage && !at_end(s))) advance(s);
      mark(s);
      any = passed = true;
      if (line_end && context == IN_BRACE_LINE) break;
      if (line_end && (context == IN_BODY || context == IN_BRACE) && valid[INNER_TAG] && is_tag_line(s)) return found(s, type);
      continue;
    }
    if (context == IN_BRACE || context == IN_BRACE_LINE) {
      if (c == '{' || c == '}') {
        if (passed) break;
        advance(s);
        mark(s);
        if (c == '}') return found(s, BRACE_CLOSE);
        return found(s, is_closed(s, '{', '}', true) ? BRACE_OPEN : type);
      }
    } else if (context == IN_PAREN) {
      if (c == '(' || c == ')') {
        if (passed) break;
        advance(s);
        mark(s);
        if (c == ')') return found(s, PAREN_CLOSE);
        return found(s, is_closed(s, '(', ')', true) ? PAREN_OPEN : type);
      }
    } else if (context == IN_BRACKET) {
      if (c == '[' || c == ']') {
        if (passed) break;
        advance(s);
        mark(s);
        if (c == ']') return found(s, BRACKET_CLOSE);
        return found(s, is_closed(s, '[', ']', true) ? BRACKET_OPEN : type);
      }
    } else if (context == IN_HEADER) {
      if (is_space(c)) break;
    } else if (context == IN_LINE && c == '<' && valid[EMAIL]) {
      if (any) return found(s, type);
      advance(s);
      mark(s);
      while (!at_line_end(s) && peek(s) != '>' && peek(s) != '%' && peek(s) != '<') advance(s);
      any = passed = true;
      if (peek(s) == '>') {
        advance(s);
        mark(s);
        return found(s, EMAIL);
      }
      mark(s);
      continue;
    }
    advance(s);
    passed = true;
    if (!exact && !is_space(c)) mark(s), any = true;
  }
  if (exact && passed) mark(s), any = true;
  if (any) return found(s, type == SCRIPT_HEAD ? SCRIPT_END : type);
  // Nothing is left of this line, or of this file.
  if (peek(s) == '\n' && valid[END_OF_LINE]) {
    advance(s);
    mark(s);
    return found(s, END_OF_LINE);
  }
  if (at_end(s)) {
    mark(s);
    if (valid[END_OF_LINE]) return found(s, END_OF_LINE);
    if (valid[BRACE_CLOSE]) return found(s, BRACE_CLOSE);
    if (valid[PAREN_CLOSE]) return found(s, PAREN_CLOSE);
    if (valid[BRACKET_CLOSE]) return found(s, BRACKET_CLOSE);
  }
  return false;
}

/* Whole lines of a script or of prose that hold no macro, or the text before the first macro. `any` as in `text`. */
static bool chunk(Scanner *s, bool any) {
  bool lines = false;
  unsigned length = 0;
  for (;;) {
    int32_t c = peek(s);
    if (c == 0 && at_end(s)) {
      mark(s);
      return found(s, lines || any ? SCRIPT_TEXT : BLANK);
    }
    if (c == '%') {
      if (lines) {
        // The mark stands at the start of this line.
        advance(s);
        if (percent(s, false) != LITERAL) return found(s, SCRIPT_TEXT);
        any = true;
        continue;
      }
      if (any) mark(s);
      advance(s);
      uint8_t what = percent(s, !any);
      if (what != LITERAL) return found(s, any ? SCRIPT_HEAD : what);
      if (!any) mark(s);
      any = true;
      continue;
    }
    advance(s);
    length++;
    any = true;
    if (c == '\n') {
      mark(s);
      lines = true;
      if (length > CHUNK || !is_text_line(s)) return found(s, SCRIPT_TEXT);
      // A line that begins with a percent sign is looked at as a line of its own.
      if (peek(s) == '%') return found(s, SCRIPT_TEXT);
    }
  }
}

/* The first token of a line. */
static bool line_start(Scanner *s) {
  const bool *valid = s->valid;
  bool column_zero = true;
  bool blank = false;
  while (is_space(peek(s))) {
    column_zero = false;
    skip(s);
  }
  while (peek(s) == '\n') {
    blank = true;
    advance(s);
    mark(s);
    pass_blanks(s);
  }
  if (blank) return found(s, BLANK);
  if (at_end(s)) {
    mark(s);
    if (!column_zero) return found(s, BLANK);
    if (valid[ENTRY_END]) return found(s, ENTRY_END);
    return valid[SECTION_END] && found(s, SECTION_END);
  }

  int32_t c = peek(s);
  const bool script = valid[SCRIPT_TEXT];
  s->context = script ? IN_SCRIPT : IN_LINE;
  if (c == '#') {
    advance(s);
    mark(s);
    return found(s, COMMENT_START);
  }
  if (c == '*' && column_zero && valid[ENTRY_END]) {
    mark(s);
    return found(s, ENTRY_END);
  }
  if (c == '*' && column_zero && valid[ENTRY_START]) {
    advance(s);
    mark(s);
    return found(s, ENTRY_START);
  }
  if (c == '%') {
    // The end of a section holds no text: it stands before the percent sign of the next header. Where a macro begins the
    // line, its percent sign then is left to the token of its name.
    mark(s);
    advance(s);
    const bool may_end = valid[ENTRY_END] || valid[SECTION_END];
    if (!(may_end && column_zero && is_alpha(peek(s)))) mark(s);
    uint8_t what;
    if (is_name_start(peek(s))) {
      char word[WORD_SIZE];
      unsigned length = read_word(s, word);
      bool blank_next = is_space(peek(s)) || at_line_end(s);
      if (column_zero && blank_next) {
        uint8_t section = section_type(word);
        if (section != LITERAL) {
          if (may_end) return found(s, valid[ENTRY_END] ? ENTRY_END : SECTION_END);
          mark(s);
          return found(s, section);
        }
      }
      uint8_t conditional = conditional_type(word);
      // %else and %endif may be followed by anything but a letter. The others want white space; without it they are
      // taken for what they were meant to be.
      const bool is_bare = conditional == ELSE_KEYWORD || conditional == ENDIF_KEYWORD;
      if (conditional != LITERAL && (blank_next || is_bare || peek(s) == '(' || peek(s) == '!' || peek(s) == '"')) {
        mark(s);
        return found(s, conditional);
      }
      if (equal(word, "define") || equal(word, "global")) {
        mark(s);
        return found(s, DEFINE_KEYWORD);
      }
      if (equal(word, "undefine")) {
        mark(s);
        return found(s, UNDEFINE_KEYWORD);
      }
      if (equal(word, "include") && blank_next) {
        mark(s);
        return found(s, INCLUDE_KEYWORD);
      }
      if (equal(word, "dnl")) {
        pass_line(s);
        mark(s);
        return found(s, DNL_COMMENT);
      }
      if (valid[DIRECTIVE_NAME] && is_files_directive(word)) {
        mark(s);
        return found(s, directive_type(s, word));
      }
      if (length >= MIN_NAME && valid[CALL_PERCENT] && is_space(peek(s))) {
        pass_blanks(s);
        if (!at_line_end(s)) return found(s, CALL_PERCENT);
      }
      what = length >= MIN_NAME ? PERCENT : LITERAL;
    } else {
      what = percent(s, true);
    }
    if (what != LITERAL) return found(s, what);
    mark(s);
    return script ? chunk(s, true) : text(s, LINE_TEXT, true);
  }
  if (script) return chunk(s, false);
  if (!valid[TAG_NAME]) return text(s, LINE_TEXT, false);

  if (is_alpha(c)) {
    while (is_name(peek(s)) || peek(s) == '-') advance(s);
    mark(s);
    pass_blanks(s);
    if (peek(s) == '(') {
      while (!at_line_end(s) && peek(s) != ')' && peek(s) != '%') advance(s);
      if (peek(s) == ')') advance(s);
    }
    pass_blanks(s);
    if (peek(s) == ':') return found(s, TAG_NAME);
    mark(s);
  }
  // A line of the preamble that is no tag may still become one, if a macro stands in it.
  for (;;) {
    while (!at_line_end(s) && peek(s) != '%') {
      bool space = is_space(peek(s));
      advance(s);
      if (!space) mark(s);
    }
    if (at_line_end(s)) return found(s, INVALID_TEXT);
    mark(s);
    advance(s);
    if (percent(s, false) != LITERAL) return found(s, LINE_TEXT);
    mark(s);
  }
}

static bool date(Scanner *s) {
  // Wed Nov 04 2015, or Wed Nov 04 12:00:00 CET 2015.
  for (int word = 0; word < 6; word++) {
    if (word > 0) {
      if (!is_space(peek(s))) return false;
      pass_blanks(s);
    }
    unsigned length = 0;
    bool digits = true;
    while (is_name(peek(s)) || peek(s) == ':' || peek(s) == '+') {
      if (!is_digit(peek(s))) digits = false;
      length++;
      advance(s);
    }
    if (length == 0) return false;
    if (word >= 3 && digits && length == 4) {
      mark(s);
      return true;
    }
    if (word == 0 && digits) return false;
  }
  return false;
}

/* What may stand inside a line or a macro: text, the next macro's first token, or the end. `any` as in `text`. */
static bool content(Scanner *s, bool any) {
  const bool *valid = s->valid;
  if (valid[WORD]) {
    s->context = IN_HEADER;
    return text(s, WORD, any);
  }
  if ((valid[SCRIPT_HEAD] || valid[SCRIPT_END]) && !valid[LINE_TEXT]) {
    s->context = IN_SCRIPT;
    return text(s, SCRIPT_HEAD, any);
  }
  if (valid[BRACE_LINE_TEXT]) {
    s->context = IN_BRACE_LINE;
    // White space is kept: where the definition ends must not depend on how it was come by.
    if (any || peek(s) != '\n') return text(s, BRACE_LINE_TEXT, any);
    s->context = IN_BRACE;
    return text(s, BRACE_TEXT, false);
  }
  if (valid[DEFINITION_NAME] && !any) {
    skip_blanks(s);
    if (is_name_start(peek(s))) {
      while (is_name(peek(s))) advance(s);
      mark(s);
      return found(s, DEFINITION_NAME);
    }
  }
  if (valid[BODY_TEXT]) {
    s->context = IN_BODY;
    if (any) return text(s, BODY_TEXT, true);
    skip_blanks(s);
    if (is_alpha(peek(s)) && valid[INNER_TAG]) {
      if (inner_tag(s, true)) return found(s, INNER_TAG);
      mark(s);
      return text(s, BODY_TEXT, true);
    }
    return text(s, BODY_TEXT, false);
  }
  if (valid[BRACE_TEXT]) {
    s->context = IN_BRACE;
    if (any) return text(s, BRACE_TEXT, true);
    if (is_alpha(peek(s)) && valid[INNER_TAG]) {
      if (inner_tag(s, true)) return found(s, INNER_TAG);
      mark(s);
      return text(s, BRACE_TEXT, true);
    }
    return text(s, BRACE_TEXT, false);
  }
  if (valid[PAREN_TEXT]) {
    s->context = IN_PAREN;
    return text(s, PAREN_TEXT, any);
  }
  if (valid[BRACKET_TEXT]) {
    s->context = IN_BRACKET;
    return text(s, BRACKET_TEXT, any);
  }
  if (valid[COMMENT_TEXT]) {
    s->context = IN_COMMENT;
    return text(s, COMMENT_TEXT, any);
  }
  if (any) {
    s->context = IN_LINE;
    return text(s, LINE_TEXT, true);
  }
  if (valid[DIRECTIVE_OPEN]) {
    skip_blanks(s);
    advance(s);
    mark(s);
    return found(s, DIRECTIVE_OPEN);
  }
  if (valid[DATE]) {
    skip_blanks(s);
    mark(s);
    if (is_alpha(peek(s))) {
      if (date(s)) return found(s, DATE);
      // Not a date after all: what was passed is text, and what follows up to a macro or a mail address.
      mark(s);
      s->context = IN_LINE;
      return text(s, LINE_TEXT, true);
    }
  }
  if (valid[LINE_TEXT]) {
    s->context = IN_LINE;
    skip_blanks(s);
    return text(s, LINE_TEXT, false);
  }
  if (valid[BRACE_CLOSE] || valid[PAREN_CLOSE] || valid[BRACKET_CLOSE]) {
    const enum TokenType type = valid[BRACE_CLOSE] ? BRACE_CLOSE : valid[PAREN_CLOSE] ? PAREN_CLOSE : BRACKET_CLOSE;
    const int32_t close = type == BRACE_CLOSE ? '}' : type == PAREN_CLOSE ? ')' : ']';
    if (peek(s) == close) advance(s);
    else if (!at_end(s)) return false;
    mark(s);
    return found(s, type);
  }
  if (valid[END_OF_LINE]) {
    skip_blanks(s);
    if (at_line_end(s)) {
      if (peek(s) == '\n') advance(s);
      mark(s);
      return found(s, END_OF_LINE);
    }
  }
  return false;
}

void *tree_sitter_rpmspec_external_scanner_create(void) { return 0; }
void tree_sitter_rpmspec_external_scanner_destroy(void *payload) {}
unsigned tree_sitter_rpmspec_external_scanner_serialize(void *payload, char *buffer) { return 0; }
void tree_sitter_rpmspec_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {}

bool tree_sitter_rpmspec_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  if (valid[ERROR_SENTINEL]) return false;
  Scanner scanner = {lexer, valid, IN_LINE};
  Scanner *s = &scanner;

  if (valid[OPERATOR] && (peek(s) == '?' || peek(s) == '!')) {
    while (peek(s) == '?' || peek(s) == '!') advance(s);
    mark(s);
    return found(s, OPERATOR);
  }
  if (valid[MACRO_NAME] && peek(s) == '%') skip(s);
  if (valid[MACRO_NAME] || valid[BRACE_NAME]) {
    int32_t c = peek(s);
    if (is_name_start(c)) {
      while (is_name(peek(s))) advance(s);
      mark(s);
      return found(s, valid[MACRO_NAME] ? MACRO_NAME : BRACE_NAME);
    }
    if (c == '*' || c == '#' || c == '-' || is_digit(c)) {
      advance(s);
      if (c == '*' && peek(s) == '*') advance(s);
      else if (is_digit(c)) while (is_digit(peek(s))) advance(s);
      mark(s);
      if (c == '-') {
        if (is_alpha(peek(s))) {
          advance(s);
          if (peek(s) == '*') advance(s);
          mark(s);
          return found(s, valid[MACRO_NAME] ? MACRO_NAME : BRACE_NAME);
        }
        return content(s, true);
      } else {
        return found(s, valid[MACRO_NAME] ? MACRO_NAME : BRACE_NAME);
      }
    }
  }
  if (valid[MACRO_COLON] && peek(s) == ':') {
    advance(s);
    mark(s);
    return found(s, MACRO_COLON);
  }
  if (valid[DEFINITION_OPTIONS] && peek(s) == '(') {
    advance(s);
    mark(s);
    while (!at_line_end(s) && peek(s) != ')') advance(s);
    if (peek(s) == ')') {
      advance(s);
      mark(s);
      return found(s, DEFINITION_OPTIONS);
    }
    mark(s);
    s->context = valid[BODY_TEXT] ? IN_BODY : IN_BRACE_LINE;
    return text(s, valid[BODY_TEXT] ? BODY_TEXT : BRACE_LINE_TEXT, true);
  }
  if (valid[TAG_QUALIFIER]) skip_blanks(s);
  if (valid[TAG_QUALIFIER] && peek(s) == '(') {
    while (!at_line_end(s) && peek(s) != ')') advance(s);
    advance(s);
    mark(s);
    return found(s, TAG_QUALIFIER);
  }
  if (valid[COLON]) {
    skip_blanks(s);
    advance(s);
    mark(s);
    return found(s, COLON);
  }
  if (valid[PACKAGE_KEYWORD] || valid[SECTION_END] || valid[ENTRY_END]) return line_start(s);

  if (valid[SPACE]) {
    if (is_space(peek(s))) {
      pass_blanks(s);
      mark(s);
      if (!at_line_end(s)) return found(s, SPACE);
      if (peek(s) == '\n') advance(s);
      mark(s);
      return found(s, END_OF_LINE);
    }
    if (!valid[WORD] && !at_line_end(s)) {
      // Directly behind a section's name or an option nothing can stand but space; be kind.
      mark(s);
      return found(s, SPACE);
    }
  }
  if (valid[OPTION] && peek(s) == '-') {
    advance(s);
    mark(s);
    if (is_alpha(peek(s))) {
      advance(s);
      mark(s);
      if (is_space(peek(s)) || at_line_end(s)) return found(s, OPTION);
    }
    s->context = IN_HEADER;
    return text(s, WORD, true);
  }
  return content(s, false);
}
