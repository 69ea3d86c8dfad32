#!/bin/sh
# Grades a class as an array job of Slurm. On a login node, with the course in ~/course:
#
#     cargo fetch && cargo kata grade --new-key ~/run.key
#     sbatch scripts/grade/fleet/slurm.sh
#     cargo kata grade --merge ~/shards/*/ --key ~/run.key --out ~/verdicts --format csv,html
#
# To repeat the third shard: sbatch --array=3 scripts/grade/fleet/slurm.sh
#SBATCH --job-name=grade
#SBATCH --array=1-6
#SBATCH --cpus-per-task=2
#SBATCH --mem=6G
#SBATCH --time=02:00:00
set -u
# As in `--array` above. `--shard auto` would take 1 for it when one shard is repeated.
shards=6

cd "$HOME/course" || exit 1
# Nodes that share one folder for what they compile would wait for each other.
CARGO_TARGET_DIR=$(mktemp -d)
export CARGO_TARGET_DIR CARGO_NET_OFFLINE=true
trap 'rm -rf "$CARGO_TARGET_DIR"' EXIT
mkdir -p "$HOME/shards"

cargo kata grade "$HOME/submissions" --shard "$SLURM_ARRAY_TASK_ID/$shards" --key "$HOME/run.key" --resume \
    --jobs "${SLURM_CPUS_PER_TASK:-2}" --out "$HOME/shards/$SLURM_ARRAY_TASK_ID"
# Work that does not pass is a result, and not a failure of the job.
grep -q '"is_done": true' "$HOME/shards/$SLURM_ARRAY_TASK_ID/shard.json"
