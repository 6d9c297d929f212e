#!/bin/sh
# Puts on this machine what the project needs, and does nothing where it is there already:
# a virtual environment with the locked packages, and Pango, which sets our letters.
# With the argument "tests" also what only the tests need: Chromium, which drives the portal, a JDK,
# which compiles a client of the API, and curl, which the API's guide is written for.
# Works as root and as an ordinary user, with and without a terminal.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
python=$venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# Run a command as root: directly, or by sudo where it asks no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}

# Install Debian packages. The lists of packages are fetched only if the first try fails,
# because a fresh machine has none and others need no new ones.
apt_install() {
    say "Installing with apt-get: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
        </dev/null >"$log" 2>&1 && return
    as_root apt-get update -q </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
        </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        path=$(command -v "$candidate" 2>/dev/null) || continue
        # A name on the PATH may be a stub of a version manager that runs nothing.
        if "$path" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

make_venv() {
    base=$(find_python) || fail "Python 3.11, 3.12 or 3.13 is needed, and none is on the PATH."
    say "Creating $venv with $("$base" --version) …"
    if ! "$base" -c 'import ensurepip' >/dev/null 2>&1; then
        # Debian keeps this part of Python in a package of its own.
        package=$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        can_install || fail "Python's venv is missing. Install it: apt-get install $package"
        apt_install "$package" || fail "apt-get could not install $package."
    fi
    rm -rf "$venv"
    "$base" -m venv "$venv"
}

install_packages() {
    say "Installing $(grep -c '^[a-z]' requirements.lock) packages (once; about a minute) …"
    "$python" -m pip install -qq --require-hashes --no-deps --only-binary :all: \
        -r requirements.lock </dev/null || fail "pip could not install the packages."
    cp requirements.lock "$venv/installed.lock"
}

has_pango() {
    DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib "$python" - 2>/dev/null <<'PYTHON'
import ctypes, sys
names = ("gobject-2.0.{0}", "pango-1.0.{0}", "pangoft2-1.0.{0}", "harfbuzz.{0}", "fontconfig.{1}",
         "harfbuzz-subset.{0}")
for name in names:
    if sys.platform == "darwin":
        ctypes.CDLL("lib" + name.format(0, 1) + ".dylib")
    else:
        ctypes.CDLL("lib" + name.replace(".{", ".so.{").format(0, 1))
PYTHON
}

install_pango() {
    say "Pango is missing; it sets our letters."
    if can_install; then
        apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig || true
    elif command -v brew >/dev/null 2>&1; then
        brew install --quiet pango </dev/null >&2 || true
    fi
    has_pango || fail "Pango is needed. Debian, Ubuntu: apt-get install libpango-1.0-0 \
libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig. macOS: brew install pango. Others: pango."
}

find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

install_chromium() {
    if can_install && apt_install chromium && find_chromium; then return; fi
    say "No Chromium on this machine: the tests in tests/web will be skipped."
}

has_jdk() { javac -version >/dev/null 2>&1 && java -version >/dev/null 2>&1; }

install_jdk() {
    if can_install && apt_install default-jdk-headless && has_jdk; then return; fi
    say "No JDK on this machine: the test of the generated Java client will be skipped."
}

has_curl() { command -v curl >/dev/null 2>&1; }

install_curl() {
    if can_install && apt_install curl && has_curl; then return; fi
    say "No curl on this machine: the test of the API's guide will be skipped."
}

log=$(mktemp "${TMPDIR:-/tmp}/bau-setup.XXXXXX")
trap 'rm -f "$log"' EXIT
"$python" -m pip --version >/dev/null 2>&1 || make_venv
cmp -s requirements.lock "$venv/installed.lock" || install_packages
has_pango || install_pango
if [ "${1:-}" = tests ]; then
    find_chromium || install_chromium
    has_jdk || install_jdk
    has_curl || install_curl
fi
