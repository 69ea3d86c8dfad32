"""Grades a submission for Classroom 50, which runs this in the student's checkout.

It writes result.json there, and release-body.md with the student's feedback. If there is no verdict, it writes nothing
and ends with exit code 1: Classroom 50 then reports an error, and nobody gets a zero.

`python3 autograder.py --probe` prints which tier of sandbox this machine supports, and grades nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Cargo reads settings from the folder in which it runs, so it never runs in the student's.
COURSE = HERE / "course"
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def allow_namespaces():
    """Ubuntu 24.04 keeps user namespaces from programs that it does not know."""
    try:
        is_restricted = RESTRICTED.read_text().strip() == "1"
    except OSError:
        return
    if is_restricted and os.geteuid() != 0 and shutil.which("sudo"):
        setting = "kernel.apparmor_restrict_unprivileged_userns=0"
        subprocess.run(["sudo", "-n", "sysctl", "-w", setting], check=False, stdin=subprocess.DEVNULL)


def remove(path):
    """Removes what the student has put where a result belongs, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def publish(source, target):
    """Puts a file in place whole, and never through a link of the student's."""
    remove(target)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as new:
        new.write(source.read_bytes())
    os.chmod(new.name, 0o644)
    os.replace(new.name, target)


def grade(settings, submission, verdicts):
    command = ["cargo", "kata", "grade", str(submission), "--one", "--out", str(verdicts)]
    command += ["--format", "classroom50,feedback", "--min-tier", settings["min_tier"]]
    if settings["lessons"]:
        command += ["--lesson", ",".join(settings["lessons"])]
    try:
        return subprocess.run(
            command, cwd=COURSE, timeout=settings["seconds"], check=False, stdin=subprocess.DEVNULL
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"The grader was not done after {settings['seconds']} seconds.")
        return None


def main():
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    allow_namespaces()
    if sys.argv[1:] == ["--probe"]:
        probe = ["cargo", "kata", "grade", "--probe", "--min-tier", settings["min_tier"]]
        return subprocess.run(probe, cwd=COURSE, check=False).returncode
    submission = Path.cwd()
    result, notes = submission / "result.json", submission / "release-body.md"
    remove(result)
    remove(notes)
    # Only this user can read it: it holds the seeds.
    with tempfile.TemporaryDirectory() as work:
        verdicts = Path(work) / "verdicts"
        code = grade(settings, submission, verdicts)
        written = list(verdicts.glob("*/classroom50.json"))
        if len(written) != 1:
            print(f"There is no verdict: the grader ended with the exit code {code}.")
            return 1
        feedback = written[0].parent / "feedback.md"
        if feedback.is_file():
            publish(feedback, notes)
        publish(written[0], result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
