# Shared by the scripts: finding the tree, installing what is missing, saying so in one sentence.
# POSIX sh; sourced, never run.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 1
PATH="$HOME/.cargo/bin:$PATH"
export PATH

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# as_root COMMAND…: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else die "needs root to run: $* — run it as root, then start this script again"; fi
}

# need_packages PACKAGE…: installs the Debian packages that are missing.
need_packages() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' \
      || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  command -v apt-get >/dev/null 2>&1 || die "please install:$missing (no apt-get here)"
  say "installing Debian packages:$missing"
  as_root apt-get update -qq || die "the package lists cannot be read: check the network"
  # shellcheck disable=SC2086 # a list of names
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing >&2 || die "could not install:$missing"
}

# version_at_least HAVE WANT: compares dotted numbers.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

need_rust() {
  have=$(cargo --version 2>/dev/null | cut -d' ' -f2)
  if [ -z "$have" ] || ! version_at_least "$have" 1.95; then
    need_packages rustc-web cargo-web rustfmt-web rust-web-clippy
    hash -r
    have=$(cargo --version 2>/dev/null | cut -d' ' -f2)
    { [ -n "$have" ] && version_at_least "$have" 1.95; } \
      || die "Rust 1.95 or newer is needed (found ${have:-none}): install it with rustup"
  fi
  need_packages gcc libc6-dev
}

need_node() {
  have=$(node --version 2>/dev/null | tr -d v)
  if [ -z "$have" ] || ! version_at_least "$have" 20; then
    # Debian 12 has Node 18; the npm package `node` carries a newer binary.
    need_packages nodejs npm
    say "installing Node 22 into target/tools"
    npm install --silent --no-audit --no-fund --prefix target/tools node@22 >&2 \
      || die "Node 20 or newer is needed (found ${have:-none}): install it from your system's packages"
    PATH="$root/target/tools/node_modules/node/bin:$root/target/tools/node_modules/.bin:$PATH"
    export PATH
  fi
}

# Installs the console's packages when the lock file changed, then builds dist/ when sources did.
build_console() {
  need_node
  (
    cd server/console || exit 1
    if [ ! -f node_modules/.stamp ] \
      || [ -n "$(find package-lock.json -newer node_modules/.stamp)" ]; then
      say "installing the console's packages"
      npm ci --no-audit --no-fund --silent >&2 || exit 1
      touch node_modules/.stamp
    fi
    newer=$(find src index.html vite.config.ts package-lock.json ../../shared-schema/openapi.json \
      -newer dist/index.html -print 2>/dev/null | head -n 1)
    if [ ! -f dist/index.html ] || [ -n "$newer" ]; then
      say "building the console"
      npm run --silent build >&2 || exit 1
    fi
  ) || die "the console could not be built"
}
