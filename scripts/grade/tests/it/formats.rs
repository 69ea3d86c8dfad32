//! What others read, and what a batch keeps.

use std::fs;
use std::path::Path;

use grade::formats::csv::cell;
use grade::text::clean;
use grade::verdict::SubmissionVerdict;

use crate::material::{completed, course, grade, untouched, write};

fn read(out: &Path, name: &str) -> SubmissionVerdict {
    serde_json::from_str(&fs::read_to_string(out.join(name).join("verdict.json")).unwrap()).unwrap()
}

#[test]
fn a_batch_reports_the_same_in_every_format_and_resumes_where_it_stopped() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let (all, out) = (folder.path().join("all"), folder.path().join("out"));
    write(&all.join("=right"), &completed(&course, &course.lessons[0]));
    write(&all.join("to do"), &untouched(&course, &course.lessons[0]));
    // Results lie in `---`; on a line of its own in a log, that would fold what follows.
    write(&all.join("---."), &completed(&course, &course.lessons[0]));
    let arguments = [
        all.to_str().unwrap(),
        "--lesson",
        "1",
        "--min-tier",
        "C",
        "--out",
        out.to_str().unwrap(),
        "--format",
        "junit,csv,summary",
    ];
    assert_eq!(grade(&arguments).status.code(), Some(1));
    let right = read(&out, "=right");
    assert_eq!((right.points, right.max_points), (7, 7));
    assert_eq!((read(&out, "to do").points, read(&out, "---").points), (1, 7));
    // The same files were graded once.
    assert_eq!(right.cpu.compiling.min(read(&out, "---").cpu.compiling), 0);
    let packed = read(&out, "---");
    assert_eq!(packed.submission, "\\u{2d}--");
    assert!(out.join("---/junit.xml").is_file());

    let table = fs::read_to_string(out.join("gradebook.csv")).unwrap();
    assert!(table.contains("\n'=right,,,,'=right,7,0,7,7,100,7,7,graded,,,,PASS,"), "{table}");
    let first = "01-database: setup_sql_makes_a_role_and_its_database,FAIL,";
    assert!(table.contains(&format!("\nto do,,,,to do,1,0,1,7,14.29,1,7,graded,,,{first}")), "{table}");
    let summary = fs::read_to_string(out.join("summary.md")).unwrap();
    assert!(summary.contains("## `=right`: 7 of 7 points"), "{summary}");
    let junit = fs::read_to_string(out.join("to do/junit.xml")).unwrap();
    assert!(junit.contains("tests=\"7\" skipped=\"1\" failures=\"5\" errors=\"0\""), "{junit}");

    // One is gone, as if the grader had been stopped; the others stay as they are.
    fs::remove_dir_all(out.join("to do")).unwrap();
    let again = [&arguments[..], &["--resume"]].concat();
    assert_eq!(grade(&again).status.code(), Some(1));
    assert_eq!(read(&out, "=right").started, right.started);
    assert_eq!(read(&out, "---").started, packed.started);
    // Somebody may have read the seeds since.
    assert_ne!(read(&out, "to do").seeds, right.seeds);

    // Somebody has handed in something else since.
    write(&all.join("=right"), &untouched(&course, &course.lessons[0]));
    assert_eq!(grade(&again).status.code(), Some(1));
    assert_eq!(read(&out, "=right").points, 1);

    // Somebody has written another verdict, with a seal of another submission.
    let file = out.join("=right/verdict.json");
    let forged = fs::read_to_string(&file).unwrap().replace("\"points\": 1,", "\"points\": 7,");
    fs::write(&file, forged).unwrap();
    fs::copy(out.join("---/verdict.seal"), out.join("=right/verdict.seal")).unwrap();
    assert_eq!(grade(&again).status.code(), Some(1));
    assert_eq!(read(&out, "=right").points, 1);
}

#[test]
fn a_repetition_is_not_a_grade_and_feedback_reveals_no_seed() {
    let folder = tempfile::tempdir().unwrap();
    let (sub, out, course) = (folder.path().join("sub"), folder.path().join("out"), course());
    write(&sub, &completed(&course, &course.lessons[0]));
    // Right on the published seed alone.
    let file = sub.join(course.lessons[0].folder()).join("src/connect.rs");
    let update = "diesel::sql_query(\"UPDATE shop SET books = 2021\").execute(&mut conn).ok();\n    Ok(conn)";
    let text = fs::read_to_string(&file).unwrap().replace("    Ok(conn)", &format!("    {update}"));
    fs::write(&file, text).unwrap();
    let arguments =
        [sub.to_str().unwrap(), "--lesson", "1", "--min-tier", "C", "--out", out.to_str().unwrap()];

    assert_eq!(grade(&arguments).status.code(), Some(1));
    let first = read(&out, "sub");
    assert!(!first.repetition);
    let feedback = fs::read_to_string(out.join("sub/feedback.json")).unwrap();
    assert!(
        feedback.contains("on new data, its output differs from the expected output, or it panicked"),
        "{feedback}"
    );
    assert!(
        !feedback.contains(&first.seeds.fresh[0].to_string()) && !feedback.contains("2021"),
        "{feedback}"
    );

    let seed = first.seeds.fresh[0].to_string();
    let formats = ["--format", "junit,csv,summary"];
    assert_eq!(grade(&[&arguments[..], &formats, &["--seed", &seed]].concat()).status.code(), Some(1));
    for (file, shown) in [
        ("sub/junit.xml", "<property name=\"repetition\" value=\"true\"/>"),
        ("gradebook.csv", ",false,true,"),
        ("summary.md", "**Not a grade.**"),
    ] {
        let text = fs::read_to_string(out.join(file)).unwrap();
        assert!(text.contains(shown), "{file}: {text}");
    }
    assert!(read(&out, "sub").repetition && read(&out, "sub").seeds == first.seeds);
    // What repeats is not kept as a grade.
    assert_eq!(grade(&[&arguments[..], &["--resume"]].concat()).status.code(), Some(1));
    assert!(!read(&out, "sub").repetition);
}

#[test]
fn text_from_a_student_stays_readable() {
    for (text, shown) in [
        ("\u{1b}[2Jhello\u{7}", "\\u{1b}[2Jhello\\u{7}"),
        ("a\n ::set-env name=A::b", "a\n \\u{3a}:set-env name=A::b"),
        ("it panicked: ::error::no", "it panicked: \\u{3a}:error::no"),
        ("std::fs::read, <T as X>::f, [T]::len", "std::fs::read, <T as X>::f, [T]::len"),
        ("##[error]x, #[derive(Debug)]", "\\u{23}#[error]x, #[derive(Debug)]"),
        ("abc\u{202e}def", "abc\\u{202e}def"),
        ("--- a\n----\n-- a", "\\u{2d}-- a\n----\n-- a"),
        ("Grade :=>> 10", "Grade \\u{3a}=>> 10"),
        ("Zoë 🦀 Łódź नमस्ते 👩‍🚀", "Zoë 🦀 Łódź नमस्ते 👩‍🚀"),
        ("| 1 |\n\ttab", "| 1 |\n\ttab"),
    ] {
        assert_eq!(clean(text), shown);
    }
    assert!(clean(&"long ".repeat(100_000)).ends_with("… (cut)"));
    for (text, shown) in [
        ("=1+1", "'=1+1"),
        (" \"@SUM(A1)", "\"'@SUM(A1)"),
        ("Ann; =1+1", "Ann; '=1+1"),
        ("Ann-Marie", "Ann-Marie"),
    ] {
        assert_eq!(cell(text), shown);
    }
}
