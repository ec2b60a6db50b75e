import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SpecTree, type SyntaxNode, contextAt, foldingRanges, selectionRanges, semanticTokens } from '#server/core/syntax/index.js';
import { parser, withTree } from './support.js';

/** What specs are made of, and what breaks them. */
const pieces = fc.constantFrom(
  'Name: ', 'Requires(post): ', 'Source0:', '%{', '%{?', '%{!?x:', '%{name}', '%{-n*}', '%(', '%[', '}', ')', ']', '{', '(', '[', '%', '%%', '%name ', '%1', '%*', '\\', '\\\n', '\n', '\n\n', '\r\n', ' ', '\t',
  '%define x(a) ', '%global y ', '%undefine z', '%if 1', '%elif', '%else', '%endif', '%ifarch ', '%include ', '%dnl ', '#', '\n%package -n x\n', '\n%description\n', '\n%prep\n', '\n%post -p <lua>\n', '\n%files -f l\n',
  '\n%changelog\n', '* Wed Nov 04 2015 A <a@b> - 1\n', '- x', '\n%patchlist\n', '%attr(', '%config(noreplace) ', '%doc ', '%setup -q', 'make', '%{lua:', '%{expand:\n', '\0', 'é', '😀', '\ud800', '<', '>', '-', '?', '!', ':', 'a',
);
const specText = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
const edit = fc.record({ at: fc.nat(), length: fc.nat(6), text: fc.oneof(fc.constant(''), pieces) });

function dump(node: SyntaxNode): string {
  return `${node.kind}${node.start}-${node.end}(${node.children.map(dump).join('')})`;
}

/** A surrogate alone is no character; the parser sees a replacement for it, of the same length. */
function applied(text: string, { at, length, text: inserted }: { at: number; length: number; text: string }): string {
  const start = text.length === 0 ? 0 : at % (text.length + 1);
  return text.slice(0, start) + inserted + text.slice(start + length);
}

test('every text has a tree without error nodes, whose nodes nest and keep their order', () => {
  fc.assert(
    fc.property(specText, (text) => {
      withTree(text, (tree) => {
        const check = (node: SyntaxNode): void => {
          assert.notEqual(node.kind, 'ERROR');
          let done = node.start;
          for (const child of node.children) {
            assert(child.start >= done && child.end >= child.start && child.end <= node.end, `${child.kind} in ${node.kind}`);
            done = child.end;
            check(child);
          }
        };
        check(tree.root);
      });
    }),
    { numRuns: 1500 },
  );
});

test('a tree that followed edits equals a fresh one', () => {
  fc.assert(
    fc.property(specText, fc.array(edit, { minLength: 1, maxLength: 6 }), (start, edits) => {
      let text = start;
      let tree: SpecTree = parser.parse(text);
      for (const each of edits) {
        text = applied(text, each);
        const next = parser.parse(text, tree);
        tree.release();
        tree = next;
        withTree(text, (fresh) => {
          assert.equal(dump(tree.root), dump(fresh.root));
          assert.deepEqual(tree.views, fresh.views);
        });
      }
      tree.release();
    }),
    { numRuns: 1000 },
  );
});

test('a macro that ends behind a line break has no token over it', () => {
  withTree('%{%dnl }\n%prep\n', (tree) => {
    for (const { start, end } of semanticTokens(tree)) assert(!tree.text.slice(start, end).includes('\n'), JSON.stringify(tree.text.slice(start, end)));
  });
});

test('views, contexts, ranges and tokens of any text lie in it and never throw', () => {
  fc.assert(
    fc.property(specText, fc.nat(), (text, at) => {
      withTree(text, (tree) => {
        const offset = at % (text.length + 1);
        contextAt(tree, offset);
        let inner = -1;
        for (const span of selectionRanges(tree, offset)) {
          assert(span.start <= offset && offset <= span.end && span.end - span.start > inner && span.end <= text.length);
          inner = span.end - span.start;
        }
        for (const { span } of foldingRanges(tree)) assert(text.slice(span.start, span.end).includes('\n'));
        let done = 0;
        for (const token of semanticTokens(tree)) {
          assert(token.start >= done && token.end > token.start && token.end <= text.length);
          assert(!text.slice(token.start, token.end).includes('\n'), `token over two lines: ${JSON.stringify(text.slice(token.start, token.end))}`);
          done = token.end;
        }
        for (const problem of tree.errors()) assert(problem.span.end > problem.span.start);
        for (const list of Object.values(tree.views)) for (const view of list) assert(view.span.start >= 0 && view.span.end <= text.length && view.span.start <= view.span.end);
      });
    }),
    { numRuns: 1000 },
  );
});

test('hostile texts are read in time that grows with their length', () => {
  for (const piece of ['%{', '%{:', '%(', '%[', '%{:%(%[', '%{a:\\\n', '{', '%attr(', '<', '%define x \\\n', '* <\n', '\n', 'a(', '%']) {
    for (const before of ['', '%{a:', '%prep\n', '%files\n', '%changelog\n* ']) {
      const started = performance.now();
      withTree(before + piece.repeat(Math.ceil(20_000 / piece.length)), () => {});
      // A machine under load is given time; reading this quadratically takes minutes.
      assert(performance.now() - started < 10_000, `${JSON.stringify(before + piece)} repeated`);
    }
  }
});
