//! Submissions that lie among what a sandbox shares of the system.

use std::fs;
use std::path::{Path, PathBuf};

use grade::verdict::{SubmissionVerdict, Verdict};

use crate::material::{completed, course, place, with_mounts, write};

/// A folder among the system's libraries, over which others can be put for the time of a test.
fn among_libraries() -> PathBuf {
    let folders = ["tmpfiles.d", "sysusers.d", "systemd", "udev", "python3", "firmware", "modules", "apk"];
    let mut folders = folders.into_iter().map(|name| Path::new("/usr/lib").join(name));
    folders.find(|folder| folder.is_dir()).expect("a folder in /usr/lib")
}

#[test]
fn files_beside_a_submission_are_not_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (course, there) = (course(), among_libraries());
    let lesson = &course.lessons[0];
    let source = lesson.folder().join("src/connect.rs");
    let neighbor = there.join("subs/ann").join(&source);
    let other = there.join("others/connect.rs");
    let answer = &completed(&course, lesson)[&source];
    let secret = "WHAT_NOBODY_IS_SHOWN";
    place(folder.path(), "others/connect.rs", answer.as_bytes());
    place(folder.path(), "others/secret.rs", format!("{secret} {secret}").as_bytes());
    let subs = folder.path().join("subs");
    let hand_in = |name: &str, library: &str| {
        write(&subs.join(name), &completed(&course, lesson));
        if !library.is_empty() {
            let file = subs.join(name).join(lesson.folder()).join("src/lib.rs");
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains("pub mod connect;"));
            fs::write(&file, text.replace("pub mod connect;", library)).unwrap();
        }
    };
    hand_in("ann", "");
    hand_in("bob", &format!("#[path = {neighbor:?}]\npub mod connect;"));
    hand_in("carl", &format!("#[path = {other:?}]\npub mod connect;"));
    hand_in("dora", &format!("pub mod connect;\ninclude!({:?});", there.join("others/secret.rs")));
    hand_in("emil", &format!("pub mod connect;\ninclude!({:?});", there.join("subs/secret.rs")));
    place(&subs.join("fay"), "secret.rs", secret.as_bytes());
    hand_in("fay", &format!("pub mod connect;\ninclude!({:?});", there.join("subs/fay/secret.rs")));

    let out = folder.path().join("out");
    let script = format!("mount --bind '{}' '{}'", folder.path().display(), there.display());
    let there = there.join("subs").display().to_string();
    let output = with_mounts(&script, &[&there, "--lesson", "1", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
    for (name, expected) in [
        ("ann", &[Verdict::Pass][..]),
        // Submissions are hidden from the compiler, so there is no such file.
        ("bob", &[Verdict::BuildError]),
        ("carl", &[Verdict::Policy]),
        // Where reading it is an error, rustc may end before it writes down what it has read.
        ("dora", &[Verdict::Policy, Verdict::BuildError]),
        ("emil", &[Verdict::BuildError]),
        ("fay", &[Verdict::BuildError]),
    ] {
        let text = fs::read_to_string(out.join(name).join("verdict.json")).unwrap();
        let verdict: SubmissionVerdict = serde_json::from_str(&text).unwrap();
        let got = verdict.lessons[0].first_not_passed().map_or(Verdict::Pass, |gate| gate.verdict);
        assert!(expected.contains(&got), "{name}: {text}");
        let is_shown = text.contains(secret);
        assert!(!is_shown || name == "dora", "{name}: {text}");
    }
}
