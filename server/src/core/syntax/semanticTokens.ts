import type { SpecTree } from './specTree.js';
import type { NodeTable } from './syntaxNode.js';

/** The types used, by the protocol's own names. */
export const semanticTokenTypes = ['comment', 'keyword', 'macro', 'modifier', 'number', 'operator', 'parameter', 'property', 'string'] as const;
export const semanticTokenModifiers = ['definition'] as const;

export type SemanticTokenType = (typeof semanticTokenTypes)[number];

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: SemanticTokenType;
  readonly modifier: (typeof semanticTokenModifiers)[number] | undefined;
}

/** Tokens in the order of the text; they never overlap and never hold a line break. */
export function semanticTokens(tree: SpecTree): readonly SemanticToken[] {
  const nodes = tree.table();
  const { text } = tree;
  const tokens: SemanticToken[] = [];
  /** Ends of nodes whose last character is a token of its own, innermost last. */
  const closers: number[] = [];
  let done = 0;
  const push = (start: number, nodeEnd: number, type: SemanticTokenType, modifier?: 'definition'): void => {
    // A node that the parser had to mend can end behind a line break; the colour ends with the line.
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? nodeEnd : Math.min(nodeEnd, lineBreak);
    if (start < done || end <= start) return;
    done = end;
    tokens.push({ start, end, type, modifier });
  };
  const close = (until: number): void => {
    while (closers.length > 0 && closers[closers.length - 1]! <= until) {
      const end = closers.pop()!;
      push(end - 1, end, 'macro');
    }
  };

  for (let node = 0; node < nodes.count; node++) {
    const start = nodes.start(node);
    const end = nodes.end(node);
    close(start);
    switch (nodes.kind(node)) {
      case 'comment':
        push(start, endOfLine(text, start, end), 'comment');
        // A macro inside is still expanded, but it reads as part of the comment.
        node = nodes.limit(node) - 1;
        break;
      case 'section_name':
      case 'directive_keyword':
      case 'define_keyword':
      case 'directive_name':
        push(start, end, 'keyword');
        break;
      case 'include_directive':
        break;
      case 'section_option':
      case 'macro_options':
        push(start, end, 'parameter');
        break;
      case 'tag_name':
        push(start, end, 'property');
        break;
      case 'tag_qualifier':
        push(start + 1, end - 1, 'modifier');
        break;
      case 'changelog_date':
        push(start, end, 'number');
        break;
      case 'changelog_email':
        push(start, end, 'string');
        break;
      case 'percent_escape':
        push(start, end, 'operator');
        break;
      case 'macro': {
        push(start, headEnd(nodes, node, text), 'macro');
        if (text.charCodeAt(start + 1) === 0x7b) closers.push(end);
        break;
      }
      case 'unclosed_macro':
        push(start, end, 'macro');
        break;
      case 'shell_expansion':
      case 'expression_expansion':
        push(start, start + 2, 'macro');
        closers.push(end);
        break;
      case 'macro_name':
        push(start, end, 'macro', isDefinition(nodes, node) ? 'definition' : undefined);
        break;
      default:
        break;
    }
  }
  close(text.length);
  return tokens;
}

/** The end of `%{?name`: percent sign, brace, operator and name make one token. */
function headEnd(nodes: NodeTable, node: number, text: string): number {
  const name = nodes.child(node, 'macro_name');
  if (name >= 0) return nodes.end(name);
  const operator = nodes.child(node, 'macro_operator');
  if (operator >= 0) return nodes.end(operator);
  return nodes.start(node) + (text.charCodeAt(nodes.start(node) + 1) === 0x7b ? 2 : 1);
}

function isDefinition(nodes: NodeTable, node: number): boolean {
  return nodes.kind(nodes.parent(node)) === 'macro_definition';
}

function endOfLine(text: string, start: number, end: number): number {
  while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
  return end;
}
