//! The course is handed out, and a newer version taken in.

use std::process::Command;

use kata::course::version::version;

use crate::course::Copy;

const BOOKS: &str = "lessons/05-crud/src/books.rs";
const MODELS: &str = "lessons/05-crud/src/models.rs";
const BOOKS_SOLUTION: &str = "solutions/05-crud/src/books.rs";
const MODELS_SOLUTION: &str = "solutions/05-crud/src/models.rs";

/// A newer version of `course`, made by `change` in a folder beside it.
pub fn newer(course: &Copy, change: impl Fn(&Copy)) -> Copy {
    let new = course.twin();
    change(&new);
    assert_eq!(new.kata(&["derive"]).code, 0);
    new
}

pub fn update(course: &Copy, new: &Copy) -> crate::course::Ran {
    course.kata(&["update", "--from", new.path("").to_str().unwrap()])
}

pub fn git(course: &Copy, arguments: &[&str]) {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").arg("-C").arg(course.path("")).args(identity).args(arguments).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_copy_for_students_works_without_solutions() {
    let course = Copy::new();
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("course");
    let ran = course.kata(&["export", "--no-solutions", to.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    for gone in [
        "CONTRIBUTING.md",
        "INSTRUCTOR.md",
        "lessons/05-crud/INSTRUCTOR.md",
        "order-up",
        "scripts/bench",
        "scripts/grade",
        "solutions",
        "tests/mistakes",
    ] {
        assert!(course.exists(gone) && !to.join(gone).exists(), "{gone}");
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
    // And no text is edited, but that the first page does not link to what is not there.
    assert!(
        course.read("README.md").contains("(INSTRUCTOR.md")
            && copy.read("README.md").contains("(lessons/README.md)")
    );
    for gone in ["(INSTRUCTOR.md", "(CONTRIBUTING.md", "(SECURITY.md", "(scripts/grade"] {
        assert!(!copy.read("README.md").contains(gone), "{gone}");
    }
    for readme in ["lessons/README.md", "lessons/05-crud/README.md", "tests/README.md"] {
        assert_eq!(copy.read(readme), course.read(readme));
    }
    let first = copy.kata(&[]);
    assert!(first.code == 1 && first.text.contains("✗ Gate 2"), "{}", first.text);
    // What is kept of the course as it was handed out knows where a deleted marker stood.
    let marker = "-- Task: Create a role that can sign in: `book_user`, with the password `password`.\n";
    copy.edit("lessons/01-database/setup.sql", marker, "");
    let again = copy.kata(&[]);
    assert!(again.text.contains("in lessons/01-database/setup.sql\n"), "{}", again.text);
    for command in [
        &["diff", "1", "--spoil"][..],
        &["demo", "1"],
        &["derive"],
        &["derive", "--check"],
        &["check"],
        &["new", "09-search"],
        &["export", "elsewhere"],
        &["grade", "."],
    ] {
        let ran = copy.kata(command);
        let says = ["has no solutions", "does not include them", "does not include the grader"]
            .iter()
            .any(|words| ran.text.contains(words));
        assert!(ran.code == 3 && says && ran.text.lines().count() == 1, "{command:?}: {}", ran.text);
    }
    copy.write(BOOKS, "oops");
    assert_eq!(copy.kata(&["reset", "5", "--yes"]).code, 0);
    assert!(copy.read(BOOKS).contains("todo!(\"Insert"));
    assert_eq!(course.kata(&["export", to.to_str().unwrap()]).code, 3, "it is not empty");
    let refused = course.kata(&["export", course.path("inside/copy").to_str().unwrap()]);
    assert!(refused.code == 3 && refused.text.contains("is inside the course"), "{}", refused.text);
    assert!(!course.exists("inside"), "a refused export leaves nothing");
}

#[test]
fn a_complete_copy_keeps_the_files_for_instructors() {
    let (course, folder) = (Copy::new(), tempfile::tempdir().unwrap());
    let to = folder.path().join("course");
    let ran = course.kata(&["export", to.to_str().unwrap()]);
    let files =
        walkdir::WalkDir::new(&to).into_iter().filter(|it| it.as_ref().unwrap().file_type().is_file());
    let said = format!("Wrote {} files to ", files.count());
    assert!(ran.code == 0 && ran.text.contains(&said), "{said}: {}", ran.text);
    for kept in ["CONTRIBUTING.md", "INSTRUCTOR.md", "lessons/05-crud/INSTRUCTOR.md", "solutions/05-crud"] {
        assert!(to.join(kept).exists(), "{kept}");
    }
}

#[test]
fn an_update_to_a_newer_course_keeps_edits() {
    let course = Copy::new();
    assert_eq!(course.kata(&["test", "1"]).code, 1);
    let mine =
        "diesel::insert_into(books::table).values(new).returning(Book::as_returning()).get_result(conn)";
    course.edit(BOOKS, "todo!(\"Insert the book and return the stored row\")", mine);
    let before = course.read(BOOKS);
    let new = newer(&course, |new| {
        // Behind the student's edit, in a file that is hers.
        new.write(BOOKS_SOLUTION, &(new.read(BOOKS_SOLUTION) + "\n// A new remark.\n"));
        new.edit(MODELS_SOLUTION, "//!", "//! Better words.\n//!");
        new.write("solutions/05-crud/src/more.rs", "// new\n");
        new.edit("README.md", "# Order Up", "# Order Up, second edition");
        std::fs::remove_file(new.path("lessons/04-relationships/README.md")).unwrap();
    });
    let ran = update(&course, &new);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let merged = course.read(BOOKS);
    assert!(merged.contains(mine) && merged.ends_with("// A new remark.\n"), "{merged}");
    assert!(course.read(MODELS).contains("Better words.") && course.exists("lessons/05-crud/src/more.rs"));
    assert!(course.read("README.md").contains("second edition"));
    assert!(!course.exists("lessons/04-relationships/README.md"));
    let backup = ran.text.split("are saved in ").nth(1).and_then(|text| text.lines().next()).unwrap();
    assert_eq!(course.read(&format!("{backup}/{BOOKS}")), before);
    assert!(update(&course, &new).text.contains("already have the newest version"));
}

#[test]
fn an_update_names_both_versions() {
    let course = Copy::new();
    let old = version(&course.path("")).unwrap().unwrap();
    let ran = course.kata(&["--version"]);
    assert_eq!((ran.code, ran.text.trim()), (0, format!("This is version {old} of the course.").as_str()));
    let new = newer(&course, |new| new.edit("Cargo.toml", &format!("\"{old}\""), "\"9000.1.0\""));
    let ran = update(&course, &new);
    assert_eq!(ran.code, 0, "{}", ran.text);
    for said in ["up to date: version 9000.1.0.", &format!("You had version {old}."), "CHANGELOG.md"] {
        assert!(ran.text.contains(said), "{said}: {}", ran.text);
    }
    assert!(course.kata(&["-V"]).text.contains("version 9000.1.0 "));
    assert!(update(&course, &new).text.contains("already have the newest version: version 9000.1.0."));
}

#[test]
fn a_file_that_cannot_be_merged_is_put_beside_the_students() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    course.edit(BOOKS, "todo!(\"Insert the book", "panic!(\"Insert the book");
    let mine = course.read(BOOKS);
    let new =
        newer(&course, |new| new.edit(BOOKS_SOLUTION, "// Task: Insert the book", "// Task: Insert a book"));
    let ran = update(&course, &new);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert!(ran.text.contains(&format!("the course's: {BOOKS}.new")), "{}", ran.text);
    assert_eq!(course.read(BOOKS), mine);
    assert!(course.read(&format!("{BOOKS}.new")).contains("todo!(\"Insert a book"));
}

#[test]
fn an_update_can_come_from_a_branch() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    let git = |arguments: &[&str]| git(&course, arguments);
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "One"]);
    git(&["checkout", "--quiet", "-b", "second"]);
    course.edit(MODELS_SOLUTION, "//!", "//! Better words.\n//!");
    assert_eq!(course.kata(&["derive"]).code, 0);
    git(&["commit", "--quiet", "--all", "--message", "Two"]);
    git(&["checkout", "--quiet", "main"]);
    assert!(course.kata(&["update"]).text.contains("which version?"));
    assert!(
        course.kata(&["update", "--from", "third"]).text.contains("`third` is neither a folder nor a commit")
    );
    let ran = course.kata(&["update", "--from", "second"]);
    assert_eq!(ran.code, 0, "{}", ran.text);
    assert!(course.read(MODELS).contains("Better words."));
}

#[test]
fn a_copy_has_gits_line_endings_wherever_it_was_made() {
    let (course, folder) = (Copy::with_crlf(), tempfile::tempdir().unwrap());
    assert_eq!(course.kata(&["export", folder.path().join("course").to_str().unwrap()]).code, 0);
    for file in walkdir::WalkDir::new(folder.path().join("course")) {
        let file = file.unwrap();
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        assert!(!bytes.contains(&b'\r'), "{}", file.path().display());
    }
}

#[test]
fn only_an_unedited_course_is_used_for_an_update() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    let handed_out = course.read(BOOKS);
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    let mine = course.read(BOOKS);
    let path = |path: &str| course.path(path).display().to_string();
    std::fs::create_dir_all(course.path("target/tmp")).unwrap();
    let inside = course.path("inside");
    std::fs::create_dir_all(&inside).unwrap();
    for folder in ["tests/gates", "lessons"] {
        std::fs::create_dir_all(inside.join(folder)).unwrap();
    }
    let mut refused = vec![
        (path(""), "is the course that you are working in"),
        (path("lessons/.."), "is the course that you are working in"),
        (path("lessons"), "is not a copy of this course"),
        (path("inside"), "is inside the course that you are working in"),
        (path(".kata/base"), "is inside the course that you are working in"),
    ];
    let elsewhere = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    {
        let link = elsewhere.path().join("link");
        std::os::unix::fs::symlink(course.path(""), &link).unwrap();
        refused.push((link.display().to_string(), "is the course that you are working in"));
    }
    // A copy of the course with the student's own work in it; and one that has lost what says so.
    let copies = [course.twin(), course.twin(), course.twin()];
    copies[0].edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    std::fs::remove_file(copies[1].path(BOOKS)).unwrap();
    std::fs::remove_file(copies[2].path("lessons/.derived")).unwrap();
    let edited = format!("changed or deleted: {BOOKS}");
    for (copy, words) in copies.iter().zip([&*edited, &*edited, "has no lessons/.derived"]) {
        refused.push((copy.path("").display().to_string(), words));
    }
    for (from, words) in &refused {
        let ran = course.kata(&["update", "--from", from]);
        assert!(ran.code == 3 && ran.text.contains(words), "{from}: {}", ran.text);
        assert_eq!(course.read(BOOKS), mine, "{from}");
    }
    std::fs::remove_dir_all(inside).unwrap();
    // So the way back is still there.
    assert_eq!(course.kata(&["reset", "5", "--yes"]).code, 0);
    assert_eq!(course.read(BOOKS), handed_out);
}

#[test]
fn a_branch_with_a_students_work_is_not_used_for_an_update() {
    let course = Copy::new();
    course.kata(&["test", "1"]);
    git(&course, &["init", "--quiet", "--initial-branch=main"]);
    course.edit(BOOKS, "todo!(\"Insert", "panic!(\"Insert");
    git(&course, &["add", "."]);
    git(&course, &["commit", "--quiet", "--message", "Mine"]);
    let ran = course.kata(&["update", "--from", "main"]);
    std::fs::remove_dir_all(course.path(".git")).unwrap();
    let words = format!("main has been edited (changed or deleted: {BOOKS})");
    assert!(ran.code == 3 && ran.text.contains(&words), "{}", ran.text);
}

#[test]
fn the_doctor_checks_everything() {
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
