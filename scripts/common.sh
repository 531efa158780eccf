# common.sh: what the scripts share; sourced, not run. Sets `root` (the project's folder) and works from there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

build_packages=(
    gcc g++ libc6-dev make cmake ninja-build pkg-config python3
    librdkafka-dev libmicrohttpd-dev liblz4-dev libzstd-dev libxxhash-dev libsodium-dev libssl-dev libgnutls28-dev libcurl4-openssl-dev
    libsimde-dev libyaml-dev libpcre2-dev libutf8proc-dev libedit-dev libroaring-dev libpsl-dev zlib1g-dev libbrotli-dev libjansson-dev libsnappy-dev liblzma-dev libbz2-dev
    libflatbuffers-dev flatbuffers-compiler tzdata ca-certificates
)
test_packages=(
    libcmocka-dev clang python3-venv python3-dev zstd curl openssl ca-certificates maven default-jdk-headless git procps
    chromium chromium-driver
)
# bundles the pages; some builds of nodejs bring it and refuse Debian's package
command -v npm >/dev/null || build_packages+=(npm)
# of Debian, only to fetch the one that tests/clients wants: scripts/go-env
{ command -v go || [ -x /usr/local/go/bin/go ]; } >/dev/null || test_packages+=(golang-go)

# install_packages NAME...: installs the Debian packages that are missing, as root or with sudo.
install_packages() {
    local missing=() name
    for name in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed'; then
            missing+=("$name")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these Debian packages are missing: ${missing[*]}; run as root or install sudo"
        sudo=(sudo)
    fi
    say "installing Debian packages: ${missing[*]}"
    "${sudo[@]}" apt-get update -q
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "${missing[@]}" # files that somebody configured already stay
}

# build PRESET [TARGET...]: configures and builds; ninja shows how far it is.
build() {
    local preset=$1 log
    shift
    say "building $preset"
    log=$(mktemp)
    cmake --preset "$preset" >"$log" 2>&1 || {
        cat "$log"
        fail "configuring $preset failed"
    }
    rm -f "$log"
    cmake --build --preset "$preset" ${1:+-t "$@"}
}
