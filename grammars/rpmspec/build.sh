#!/bin/sh
# Generates the parser from grammar.js and builds tree-sitter-rpmspec.wasm. Needs the tree-sitter command (0.27) and
# clang with the wasm32 target, wasm-ld and wasi-libc (Debian: clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32).
#   build.sh           generates and builds
#   build.sh --check   generates into a temporary folder and fails where the committed parser differs
set -eu
cd "$(dirname "$0")"
tree_sitter=${TREE_SITTER:-tree-sitter}
clang=${CLANG:-clang-19}
wasm_ld=${WASM_LD:-/usr/bin/wasm-ld-19}

if [ "${1:-}" = --check ]; then
  fresh=$(mktemp -d)
  trap 'rm -rf "$fresh"' EXIT
  "$tree_sitter" generate --abi 15 --output "$fresh" grammar.js
  for file in parser.c grammar.json node-types.json; do
    cmp "$fresh/$file" "src/$file" || { echo "src/$file is not what grammar.js generates: run build.sh" >&2; exit 1; }
  done
  exit 0
fi

"$tree_sitter" generate --abi 15 grammar.js
"$clang" --target=wasm32-unknown-wasi -fPIC -shared -O2 -nostdlib -fno-exceptions -fvisibility=hidden \
  "-fuse-ld=$wasm_ld" -Wl,--export=tree_sitter_rpmspec -Wl,--allow-undefined -Wl,--no-entry -Wl,--strip-all \
  -I src -o tree-sitter-rpmspec.wasm src/parser.c src/scanner.c
# Lets a test tell a module that was built from other sources.
sha256sum src/parser.c src/scanner.c > tree-sitter-rpmspec.wasm.sources
printf 'states %s, wasm %s bytes\n' "$(sed -n 's/^#define STATE_COUNT //p' src/parser.c)" "$(wc -c < tree-sitter-rpmspec.wasm)"
