//! The course is handed out, and a newer version taken in.

use std::process::Command;

use crate::course::Copy;

const BOOKS: &str = "lessons/05-crud/src/books.rs";
const AUTHORS: &str = "lessons/05-crud/src/authors.rs";

/// A newer version of `course`, made by `change` in a folder beside it.
fn newer(course: &Copy, change: impl Fn(&Copy)) -> Copy {
    let new = course.twin();
    change(&new);
    new
}

fn update(course: &Copy, new: &Copy) -> crate::course::Ran {
    course.kata(&["update", "--from", new.path("").to_str().unwrap()])
}

#[test]
fn what_is_handed_out_works_without_solutions() {
    let course = Copy::new();
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("course");
    let ran = course.kata(&["export", "--no-solutions", to.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    for gone in ["solutions", "order-up", "tests/mistakes", "scripts/bench", "scripts/grade"] {
        assert!(!to.join(gone).exists(), "{gone}");
    }
    let metadata = Command::new("cargo")
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .current_dir(&to)
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    // It speaks of nothing that is not there, and cargo has nothing to change in `Cargo.lock`.
    let said = String::from_utf8_lossy(&metadata.stderr);
    assert!(!said.contains("did not match any packages"), "{said}");
    let copy = course.exported(to.clone());
    // Untouched, whatever somebody tried in the original.
    assert!(copy.read(BOOKS).contains("todo!(\"Insert"));
    for readme in ["README.md", "lessons/README.md", "lessons/05-crud/README.md"] {
        let text = copy.read(readme);
        assert!(!text.contains("cargo kata demo 5`.") && !text.contains("solutions/05"), "{readme}: {text}");
    }
    let first = copy.kata(&[]);
    assert!(first.code == 1 && first.text.contains("✗ Gate 2: Make a role"), "{}", first.text);
    // What is kept of the course as it was handed out knows where a deleted marker stood.
    let marker = "-- Task: Create a role that can sign in: `book_user`, with the password `password`.\n";
    copy.edit("lessons/01-database/setup.sql", marker, "");
    let again = copy.kata(&[]);
    assert!(again.text.contains("in lessons/01-database/setup.sql\n"), "{}", again.text);
    assert!(copy.kata(&["diff", "1", "--spoil"]).text.contains("has no solutions"));
    copy.write(BOOKS, "oops");
    assert_eq!(copy.kata(&["reset", "5", "--yes"]).code, 0);
    assert!(copy.read(BOOKS).contains("todo!(\"Insert"));
    assert_eq!(course.kata(&["export", to.to_str().unwrap()]).code, 3, "it is not empty");
}

#[test]
fn a_newer_course_is_taken_in_and_edits_are_kept() {
    let course = Copy::new();
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    let mine =
        "diesel::insert_into(books::table).values(new).returning(Book::as_returning()).get_result(conn)";
    course.edit(BOOKS, "todo!(\"Insert the book and return the stored row\")", mine);
    let before = course.read(BOOKS);
    let new = newer(&course, |new| {
        // Behind the student's edit, in a file that is hers.
        new.write(BOOKS, &(new.read(BOOKS) + "\n// A new remark.\n"));
        new.edit(AUTHORS, "//!", "//! Better words.\n//!");
        new.write("lessons/05-crud/src/more.rs", "// new\n");
        new.edit("README.md", "# Order Up", "# Order Up, second edition");
        std::fs::remove_file(new.path("lessons/04-relationships/README.md")).unwrap();
    });
    let ran = update(&course, &new);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let merged = course.read(BOOKS);
    assert!(merged.contains(mine) && merged.ends_with("// A new remark.\n"), "{merged}");
    assert!(course.read(AUTHORS).contains("Better words.") && course.exists("lessons/05-crud/src/more.rs"));
    assert!(course.read("README.md").contains("second edition"));
    assert!(!course.exists("lessons/04-relationships/README.md"));
    let backup = ran.text.split("is kept in ").nth(1).and_then(|text| text.lines().next()).unwrap();
    assert_eq!(course.read(&format!("{backup}/{BOOKS}")), before);
    assert!(update(&course, &new).text.contains("newest version already"));
}

#[test]
fn what_cannot_be_merged_lies_beside_the_students() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    course.edit(BOOKS, "todo!(\"Insert the book", "panic!(\"Insert the book");
    let mine = course.read(BOOKS);
    let new = newer(&course, |new| new.edit(BOOKS, "todo!(\"Insert the book", "todo!(\"Insert a book"));
    let ran = update(&course, &new);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert!(ran.text.contains(&format!("the course's: {BOOKS}.new")), "{}", ran.text);
    assert_eq!(course.read(BOOKS), mine);
    assert!(course.read(&format!("{BOOKS}.new")).contains("todo!(\"Insert a book"));
}

#[test]
fn a_newer_course_can_be_a_branch() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let output =
            Command::new("git").arg("-C").arg(course.path("")).args(identity).args(arguments).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "One"]);
    git(&["checkout", "--quiet", "-b", "second"]);
    course.edit(AUTHORS, "//!", "//! Better words.\n//!");
    git(&["commit", "--quiet", "--all", "--message", "Two"]);
    git(&["checkout", "--quiet", "main"]);
    assert!(course.kata(&["update"]).text.contains("which version?"));
    assert!(
        course.kata(&["update", "--from", "third"]).text.contains("`third` is neither a folder nor a commit")
    );
    let ran = course.kata(&["update", "--from", "second"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(course.read(AUTHORS).contains("Better words."));
}

#[test]
fn the_doctor_tries_everything() {
    let course = Copy::new();
    let ran = course.kata(&["doctor"]);
    for name in
        ["Rust compiles, links and runs: it did", "C compiler", "SQLite, compiled in: it opens a database"]
    {
        assert!(ran.text.contains(&format!("✓ {name}")), "{name}: {}", ran.text);
    }
    assert_eq!(ran.code, 0, "{}", ran.text);
    let ran = course.kata_with(&["doctor"], &[("CC", "no-such-compiler"), ("RUSTC", "no-such-rustc")]);
    assert!(
        ran.code == 1 && ran.text.contains("✗ C compiler") && ran.text.contains("unset CC"),
        "{}",
        ran.text
    );
    assert!(ran.text.contains("✗ Rust: cannot start `no-such-rustc`"), "{}", ran.text);
}
