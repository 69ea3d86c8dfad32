#!/usr/bin/env bash
# Gradescope runs this for each submission, as root. It always writes results.json: a verdict, or that there is none
# yet. `run_autograder --probe` prints which tier of sandbox this machine supports, and grades nothing.
set -uo pipefail
AUTOGRADER=${AUTOGRADER:-/autograder}
results="$AUTOGRADER/results"

# Puts a file in place whole: Gradescope may read it at any moment, if the time is up.
publish() {
    cp "$1" "$results/.new" && mv -f "$results/.new" "$results/results.json"
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if [[ ${1:-} != --probe ]]; then
    # A test without points: nobody has earned a zero.
    cat >"$work/none.json" <<'END'
{
  "output_format": "text",
  "test_output_format": "text",
  "visibility": "visible",
  "stdout_visibility": "hidden",
  "tests": [
    {
      "name": "There is no grade yet",
      "output": "The grader itself failed, or was out of time. Nobody loses points by that: ask whoever teaches the course to run the autograder again.",
      "status": "failed",
      "visibility": "visible"
    }
  ]
}
END
    mkdir -p "$results"
    publish "$work/none.json" || exit 1
fi

# shellcheck source=/dev/null
source "$AUTOGRADER/source/settings.sh" || exit 1
# shellcheck source=/dev/null
source "$AUTOGRADER/source/environment.sh" || exit 1
export CARGO_NET_OFFLINE=true
cd "$AUTOGRADER/source/course" || exit 1

# shellcheck disable=SC2154 # They are in settings.sh.
if [[ ${1:-} == --probe ]]; then
    cargo kata grade --probe --min-tier "$min_tier"
    exit
fi

options=(--one --format gradescope --out "$work/verdicts" --min-tier "$min_tier")
if [[ -n $lessons ]]; then options+=(--lesson "$lessons"); fi
if [[ -e $AUTOGRADER/source/policy.toml ]]; then options+=(--policy "$AUTOGRADER/source/policy.toml"); fi
if [[ -e $AUTOGRADER/submission_metadata.json ]]; then
    options+=(--metadata "$AUTOGRADER/submission_metadata.json")
fi
# Gradescope gives 0 points when its own time is up, so this ends before.
timeout --kill-after=20 "$seconds" cargo kata grade "$AUTOGRADER/submission" "${options[@]}"
code=$?
written=("$work"/verdicts/*/gradescope.json)
if [[ -s ${written[0]} ]]; then
    publish "${written[0]}" || exit 1
    exit 0
fi
echo "There is no verdict: the grader ended with the exit code $code. (124 and 137: it was out of time.)"
exit 1
