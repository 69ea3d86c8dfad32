#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the image. It compiles everything that a submission does not
# change, so that grading compiles only the student's files, and needs no network.
set -euo pipefail
AUTOGRADER=${AUTOGRADER:-/autograder}
# shellcheck source=/dev/null
source "$AUTOGRADER/source/settings.sh"

if ! command -v cc >/dev/null || ! { command -v cargo || command -v curl; } >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends build-essential ca-certificates curl
fi
if ! command -v cargo >/dev/null; then
    export RUSTUP_HOME="$AUTOGRADER/rustup" CARGO_HOME="$AUTOGRADER/cargo"
    # shellcheck disable=SC2154 # It is in settings.sh.
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
        sh -s -- -y --no-modify-path --profile minimal --default-toolchain "$rust"
    PATH="$CARGO_HOME/bin:$PATH"
fi
# `run_autograder` may start with other variables than this script.
for name in PATH HOME RUSTUP_HOME CARGO_HOME RUSTUP_TOOLCHAIN; do
    if [[ -n ${!name:-} ]]; then printf 'export %s=%q\n' "$name" "${!name}"; fi
done >"$AUTOGRADER/source/environment.sh"

cd "$AUTOGRADER/source/course"
cargo fetch --locked
export CARGO_NET_OFFLINE=true
# Grading the lessons as they are handed out compiles all that a run needs. They do not pass (exit code 1). There is no
# sandbox while an image is built, and no verdict is kept.
warm=$(mktemp -d)
trap 'rm -rf "$warm"' EXIT
cp -r lessons "$warm/lessons"
code=0
# shellcheck disable=SC2154
cargo kata grade "$warm" --one --min-tier C --out "$warm.verdicts" ${lessons:+--lesson "$lessons"} || code=$?
rm -rf "$warm.verdicts" "$warm.verdicts.key"
if ((code != 1)); then
    echo "The lessons as they are handed out should be graded, and not pass (exit code 1), but the code was $code."
    exit 1
fi
# The sandbox hides all of this, too.
chmod 700 solutions order-up tests/gates/snapshots tests/mistakes tests/promises tests/submissions
if [[ -e $AUTOGRADER/source/policy.toml ]]; then chmod 600 "$AUTOGRADER/source/policy.toml"; fi
mkdir -p "$AUTOGRADER/results"
chmod 700 "$AUTOGRADER/results"
echo "The course is compiled. What this machine's sandbox supports:"
cargo kata grade --probe --min-tier C
