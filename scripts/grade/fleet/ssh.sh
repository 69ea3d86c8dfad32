#!/bin/sh
# Grades a class over SSH with GNU parallel. Each host needs the same course in ~/course, and Rust.
#
#     scripts/grade/fleet/ssh.sh SUBMISSIONS OUT HOST HOST …
#
# Run it again if a host has failed: what is graded is kept.
set -eu
submissions=$1 out=$2
shift 2
shards=$#
hosts=$(printf '%s,' "$@")

mkdir -p "$out.run"
[ -e "$out.run/run.key" ] || cargo kata grade --new-key "$out.run/run.key"
# Copies of these, and each host's verdicts, are there in a folder of this run.
there=grading-$(sha256sum < "$out.run/run.key" | cut -c1-12)
around=$(realpath "$submissions/..")
name=$(basename "$(realpath "$submissions")")

# Work that does not pass is a result, and not a failure of the host.
(
    cd "$out.run"
    # shellcheck disable=SC2016 # These variables are the host's.
    parallel --sshlogin "${hosts%,}" --jobs 1 --retries 3 --workdir "$there" \
        --basefile "$around/./$name/" --basefile run.key --return 'shard-{}' \
        'here=$PWD; cd ~/course || exit 1; cargo kata grade "$here/'"$name"'" --key "$here/run.key" --resume \
            --shard {}/'"$shards"' --out "$here/shard-{}"
            grep -q "\"is_done\": true" "$here/shard-{}/shard.json"' \
        ::: $(seq "$shards")
)
cargo kata grade --merge "$out.run"/shard-*/ --key "$out.run/run.key" --out "$out" --format csv,html
