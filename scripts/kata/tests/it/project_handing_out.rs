//! A project is handed out, begun anew, and taken in from a newer course.

use crate::course::Copy;
use crate::handing_out::{git, update};

const LIB: &str = "lessons/05-shelf/src/lib.rs";
const CARD: &str = "lessons/05-shelf/stages/1-open-up.md";
const RECORD: &str = "lessons/.derived";

#[test]
fn derive_neither_writes_nor_checks_a_skeleton() {
    let course = Copy::of_fixture();
    // The lesson was derived once: the record has a hash of another file at the same path.
    let hash = "0".repeat(64);
    for file in [LIB, "lessons/05-shelf/src/shelf.rs"] {
        course.write(RECORD, &(course.read(RECORD) + &format!("{hash}  {file}\n")));
    }
    course.write(LIB, "//! By hand.\n");
    course.write("lessons/05-shelf/src/shelf.rs", "//! By hand, too.\n");
    assert_eq!(course.kata(&["derive", "--check"]).code, 0);
    assert_eq!(course.kata(&["derive", "--force"]).code, 0);
    assert_eq!(course.read(LIB), "//! By hand.\n");
    assert_eq!(course.read("lessons/05-shelf/src/shelf.rs"), "//! By hand, too.\n");
    assert!(!course.read(RECORD).contains("05-shelf"));
}

#[test]
fn a_copy_has_the_skeleton_and_the_cards_and_not_the_reference() {
    let (course, folder) = (Copy::of_fixture(), tempfile::tempdir().unwrap());
    let to = folder.path().join("course");
    let ran = course.kata(&["export", "--no-solutions", to.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let copy = course.exported(to);
    for file in ["Cargo.toml", "src/lib.rs", "src/main.rs", "tests/gate.rs", "stages/2-sort.md", "README.md"]
    {
        let path = format!("lessons/05-shelf/{file}");
        assert_eq!(copy.read(&path), course.read(&path));
    }
    assert!(!copy.exists("order-up") && !copy.read("Cargo.toml").contains("order-up"));
    let ran = copy.kata(&["test", "5"]);
    assert!(ran.text.contains("✗ Gate 1"), "{}", ran.text);
    assert!(copy.kata(&["run", "5"]).text.contains("at the top: true"));
    for command in [&["show", "5"][..], &["diff", "5"]] {
        let ran = copy.kata(command);
        assert!(!ran.text.contains("the reference"), "{}", ran.text);
    }
    for command in [&["show", "5", "open_up", "--spoil"][..], &["review"]] {
        let ran = copy.kata(command);
        assert!(
            ran.code == 3 && ran.text.contains("which this copy of the course does not include"),
            "{}",
            ran.text
        );
    }
    // What a student adds is theirs, and the way back is there.
    let handed_out = copy.read(LIB);
    copy.write(LIB, "oops");
    copy.write("lessons/05-shelf/src/mine.rs", "");
    std::fs::remove_file(copy.path(CARD)).unwrap();
    let ran = copy.kata(&["reset", "5", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(
        ran.text.contains("src/mine.rs: your own file, moved to the backup") && ran.text.contains(CARD),
        "{}",
        ran.text
    );
    assert_eq!((copy.read(LIB), copy.exists(CARD)), (handed_out, true));
}

#[test]
fn in_git_the_last_commit_is_handed_out_and_restored() {
    let (course, folder) = (Copy::of_fixture(), tempfile::tempdir().unwrap());
    let handed_out = course.read(LIB);
    git(&course, &["init", "--quiet"]);
    git(&course, &["add", "."]);
    git(&course, &["commit", "--quiet", "--message", "One"]);
    course.write(LIB, "//! Tried out.\n");
    let to = folder.path().join("course");
    let ran = course.kata(&["export", to.to_str().unwrap()]);
    assert!(ran.text.contains("lessons/05-shelf is exported from the last commit"), "{}", ran.text);
    assert_eq!(std::fs::read_to_string(to.join(LIB)).unwrap(), handed_out);
    let reset = course.kata(&["reset", "5", "--yes"]);
    std::fs::remove_dir_all(course.path(".git")).unwrap();
    assert_eq!((reset.code, course.read(LIB)), (0, handed_out), "{}", reset.text);
}

#[test]
fn reset_reports_a_missing_original() {
    let course = Copy::of_fixture();
    course.write(LIB, "//! Tried out.\n");
    let ran = course.kata(&["reset", "5", "--yes"]);
    assert!(ran.code == 3 && ran.text.contains("there is no original copy of 05-shelf"), "{}", ran.text);
    let all = course.kata(&["reset", "--all", "--yes"]);
    assert!(all.code == 0 && all.text.contains("warning: lesson 5 stays as it is"), "{}", all.text);
}

/// A copy in which lesson 5 is not a project yet, but derived from the reference, with a gap; and the newer course.
fn before_the_project() -> (Copy, Copy) {
    let new = Copy::of_fixture();
    let old = new.twin();
    let manifest = old.read("tests/gates/05_shelf.toml");
    let (head, rest) = manifest.split_once("[[stage]]").unwrap();
    let (_, gates) = rest.split_once("[[gate]]").unwrap();
    let gates = gates.replace("open_up::", "").replace("sort::", "");
    old.write("tests/gates/05_shelf.toml", &format!("{head}[[gate]]{gates}"));
    for file in ["src/lib.rs", "src/main.rs", "tests/gate.rs", "Cargo.toml", CARD, "stages/2-sort.md"] {
        let path = old.path(&format!("lessons/05-shelf/{}", file.trim_start_matches("lessons/05-shelf/")));
        std::fs::remove_file(path).unwrap();
    }
    old.edit("order-up/src/shelf.rs", "let mut titles", "// Task: Sort the titles.\n        let mut titles");
    let ran = old.kata(&["derive"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(old.read("lessons/05-shelf/src/shelf.rs").contains("todo!(\"Sort the titles\")"));
    // As a verdict keeps it.
    let ran = old.kata(&["test", "1"]);
    assert_eq!(ran.code, 1, "{}", ran.text);
    (old, new)
}

#[test]
fn work_on_a_lesson_that_has_become_a_project_is_kept_completely() {
    let (old, new) = before_the_project();
    let shelf = "lessons/05-shelf/src/shelf.rs";
    old.edit(shelf, "todo!(\"Sort the titles\")", "self.titles.clone()");
    old.write("lessons/05-shelf/src/mine.rs", "//! Mine.\n");
    let (mine, untouched) = (old.read(shelf), old.read(LIB));
    let progress = old.read(".kata-progress.toml");
    old.write(
        ".kata-progress.toml",
        &(progress + "\n[lessons.\"05-shelf\".sqlite]\ncomplete = true\ncontent = \"a\"\npassed = [\"x\"]\n"),
    );
    let ran = update(&old, &new);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(ran.text.contains("The lesson 05-shelf is a project now."), "{}", ran.text);
    let (_, place) =
        ran.text.split_once("All of your work on the old lesson is saved in ").expect("its place");
    let place = place.lines().next().unwrap().trim_end_matches('.');
    assert_eq!(old.read(&format!("{place}/src/shelf.rs")), mine);
    assert_eq!(old.read(&format!("{place}/src/lib.rs")), untouched);
    assert_eq!(old.read(&format!("{place}/src/mine.rs")), "//! Mine.\n");
    assert_eq!(old.read(LIB), new.read(LIB));
    assert!(old.exists(CARD) && !old.exists(shelf) && !old.exists("lessons/05-shelf/src/mine.rs"));
    assert!(!old.read(".kata-progress.toml").contains("05-shelf"));
    assert!(update(&old, &new).text.contains("already have the newest version"));
}

#[test]
fn a_lesson_without_work_becomes_a_project_without_a_message_about_work() {
    let (old, new) = before_the_project();
    let ran = update(&old, &new);
    assert!(ran.code == 0 && ran.text.contains("The lesson 05-shelf is a project now."), "{}", ran.text);
    assert!(!ran.text.contains("Your work"), "{}", ran.text);
    assert_eq!(old.read(LIB), new.read(LIB));
    assert!(!old.exists("lessons/05-shelf/src/shelf.rs"));
    // The way back leads to the new skeleton.
    old.write(LIB, "oops");
    assert!(old.kata(&["test", "5"]).text.contains("does not compile"));
}

#[test]
fn a_deleted_lesson_leaves_no_folder_that_breaks_cargo() {
    let course = Copy::of_fixture();
    let new = course.twin();
    course.kata(&["test", "1"]);
    for path in ["lessons/04-config", "solutions/04-config"] {
        std::fs::remove_dir_all(new.path(path)).unwrap();
    }
    for file in ["04_config.rs", "04_config.toml", "snapshots/gate__config__the_variable_wins.snap"] {
        std::fs::remove_file(new.path(&format!("tests/gates/{file}"))).unwrap();
    }
    assert_eq!(new.kata(&["derive"]).code, 0);
    course.edit("lessons/04-config/src/config.rs", "todo!(", "panic!(");
    let mine = course.read("lessons/04-config/src/config.rs");
    let ran = update(&course, &new);
    assert!(ran.text.contains("The lesson 04-config is no longer part of the course."), "{}", ran.text);
    let (_, place) = ran.text.split_once("is saved in ").expect("its place");
    let place = place.lines().next().unwrap().trim_end_matches('.');
    assert_eq!(course.read(&format!("{place}/src/config.rs")), mine);
    assert!(!course.exists("lessons/04-config"));
    assert!(course.kata(&["test", "1"]).text.contains("✗ Gate 2"));
}

/// As it is after an older guide, which knows no projects, has taken in the newer course.
#[test]
fn files_that_could_not_be_merged_are_named_if_the_lesson_does_not_compile() {
    let course = Copy::of_fixture();
    let new = course.twin();
    course.kata(&["test", "5"]);
    new.edit(LIB, "//! The shelf, to be built.", "//! The shelf. You build it.");
    course.edit(LIB, "//! The shelf, to be built.", "oops");
    assert_eq!(update(&course, &new).code, 1);
    let ran = course.kata(&["test", "5"]);
    let words = format!("could not be merged with yours, such as {LIB}.new.");
    assert!(ran.text.contains(&words) && ran.text.contains("cargo kata reset 5"), "{}", ran.text);
    course.write(LIB, &new.read(LIB));
    std::fs::remove_file(course.path(&format!("{LIB}.new"))).unwrap();
    course.edit(LIB, "pub fn page", "oops");
    assert!(!course.kata(&["test", "5"]).text.contains("could not be merged"));
}

#[test]
fn a_students_changes_in_a_project_stay_when_the_skeleton_changes() {
    let course = Copy::of_fixture();
    let new = course.twin();
    course.kata(&["test", "5"]);
    new.edit(LIB, "//! The shelf, to be built.", "//! The shelf. You build it.");
    new.edit("lessons/05-shelf/src/main.rs", "Prints the first page,", "Shows the first page,");
    new.write("lessons/05-shelf/src/more.rs", "//! New.\n");
    course.edit(LIB, "format!(", "String::from(\"mine\") + &format!(");
    std::fs::remove_file(course.path("lessons/05-shelf/src/main.rs")).unwrap();
    let ran = update(&course, &new);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(course.read(LIB).contains("mine") && course.read(LIB).contains("You build it."));
    assert!(course.exists("lessons/05-shelf/src/more.rs"));
    assert!(!course.exists("lessons/05-shelf/src/main.rs"), "they build without it");
}
