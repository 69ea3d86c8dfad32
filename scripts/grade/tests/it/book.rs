//! The gradebook and the feedback of a class, from the verdicts that are there.

use std::fs;

use grade::class::grades::Grades;
use grade::class::record::Record;
use grade::class::rules::Rules;
use grade::formats::letter::{Letter, page, plain};
use grade::formats::{csv, gradebook, json};
use grade::text::{clean, line};
use grade::verdict::SubmissionVerdict;
use kata::course::Course;
use proptest::prelude::*;
use scraper::{Html, Node};
use serde_json::Value;

use crate::harmless::{fault, fault_of_cell};
use crate::hostile_texts::text;
use crate::material::{course, grade, place, place_key};
use crate::verdicts::{put, verdict};

#[test]
fn every_format_of_a_gradebook_has_the_same_points() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    put(
        &out,
        "Ann Lee_1_assignsubmission_file_",
        &verdict(&course, "Ann Lee_1_assignsubmission_file_", &[("1", "PPPPPPP"), ("5", "PPNF")]),
    );
    put(&out, "bob", &verdict(&course, "bob", &[("1", "PPF"), ("5", "B")]));
    put(&out, "dee_& <b>", &verdict(&course, "dee_& <b>", &[("1", "PPF"), ("5", "PP?")]));
    place(
        folder.path(),
        "roster.csv",
        b"id,name,folder\nann,Ann Lee\nbob,Bob =1\ncy,Cy Fox\ndee,Dee,dee_& <b>\n",
    );
    place(
        folder.path(),
        "policy.toml",
        b"due = 2026-05-01T12:00:00Z\n[late]\nper_day = 10\n[handed_in]\nbob = 2026-05-01T13:00:00Z\n",
    );
    place(
        folder.path(),
        "overrides.toml",
        b"[[override]]\nstudent = 'bob'\nlesson = '5'\ngate = '1'\npoints = 1\nwhy = 'Shown in class'\n\
          who = 'Prof. Kim'\n",
    );
    let path = |name: &str| folder.path().join(name).display().to_string();
    let [dir, roster, policy, overrides] = ["out", "roster.csv", "policy.toml", "overrides.toml"].map(path);
    let files = ["--roster", &roster, "--policy", &policy, "--overrides", &overrides];
    let output = grade(&[&["--book", &dir][..], &files].concat());
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stdout);
    for part in [
        "Handed in nothing (1 of 4): Cy Fox (cy)",
        "No number yet (1): Dee (dee): the grader itself failed",
        "2 of 3 submissions have no time",
    ] {
        assert!(said.contains(part), "{part}");
    }

    let table = fs::read_to_string(out.join("gradebook.csv")).unwrap();
    assert!(table.starts_with("\u{feff}id,name,email,section,submission,raw,penalty,final,max,percent,"));
    // Two of lesson 1 and one by hand, an hour late.
    assert!(table.contains("\nbob,Bob =1,,,bob,3,0.3,2.7,23,11.74,1.8,7,0.9,16,late,"), "{table}");
    assert!(table.contains("05-crud a_new_book_is_stored: 1 (Shown in class; Prof. Kim)"), "{table}");
    assert!(
        table.contains("\nann,Ann Lee,,,Ann Lee_1_assignsubmission_file_,9,0,9,23,39.13,7,7,2,16,graded,"),
        "{table}"
    );
    assert!(table.contains("\ncy,Cy Fox,,,,,,,23,,,7,,16,nothing handed in,"), "{table}");
    assert!(table.contains("\ndee,Dee,,,dee_& <b>,,,,23,,2,7,,16,grade again,"), "{table}");

    let page = fs::read_to_string(out.join("gradebook.html")).unwrap();
    assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"));
    assert!(page.contains("<strong>2.7</strong>") && page.contains("href=\"bob/feedback%2Ehtml\""), "{page}");
    assert!(page.contains("The same answer"), "two have seen `None` at gate 3 of lesson 1");

    let feedback = fs::read_to_string(out.join("bob/feedback.md")).unwrap();
    for part in [
        "**2.7 of 23 points**: 3, minus 0.3 for being late.",
        "Handed in 1 h 0 min late: minus 10 percent, 0.2 points.",
        "1 point by hand for gate 1, in place of 0: Shown in class (Prof. Kim)",
        "2 of 7 gates pass:",
        "Got:\n\n```text\nfind\n    None\n```",
        "SQL that ran:",
        "`cargo kata test 1.3`",
        "Hint: ",
    ] {
        assert!(feedback.contains(part), "{part}\n{feedback}");
    }
    let feedback = fs::read_to_string(out.join("Ann Lee_1_assignsubmission_file_/feedback.html")).unwrap();
    assert!(feedback.contains("<strong>9 of 23 points</strong>"), "{feedback}");
    assert!(feedback.contains("All 7 gates pass.") && feedback.contains("You have not begun this one"));
    let feedback = fs::read_to_string(out.join("dee_& <b>/feedback.md")).unwrap();
    assert!(
        feedback.contains("There are no points yet") && feedback.contains("Feedback for `Dee`"),
        "{feedback}"
    );

    // The same command says the same.
    let before = table;
    assert_eq!(grade(&[&["--book", &dir][..], &files].concat()).status.code(), Some(0));
    assert_eq!(fs::read_to_string(out.join("gradebook.csv")).unwrap(), before);
}

#[test]
fn a_verdict_that_somebody_has_changed_does_not_count() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    put(&out, "ann", &verdict(&course, "ann", &[("1", "PPPP")]));
    put(&out, "cut", &Value::Null);
    let mut more = verdict(&course, "more", &[("1", "PP")]);
    more["points"] = 7.into();
    put(&out, "more", &more);
    let dir = out.display().to_string();
    let book = || {
        assert_eq!(grade(&["--book", &dir, "--format", "csv"]).status.code(), Some(0));
        fs::read_to_string(out.join("gradebook.csv")).unwrap()
    };
    // Without the key, as on another machine, a verdict only has to add up.
    let table = book();
    assert!(table.contains("\nann,,,,ann,4,0,4,7,"), "{table}");
    assert!(table.contains("\ncut,,,,cut,,,,7,,,7,grade again,"), "{table}");
    assert!(table.contains("\nmore,,,,more,,,,7,,,7,grade again,"), "{table}");
    // With it, it needs its seal.
    place_key(folder.path(), "out.key", &"k".repeat(64));
    let table = book();
    assert!(table.contains("\nann,,,,ann,,,,7,,,7,grade again,"), "{table}");
}

#[test]
fn an_invalid_gradebook_command_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let course = course();
    put(&one, "ann", &verdict(&course, "ann", &[("1", "P")]));
    put(&two, "ann", &verdict(&course, "ann", &[("1", "P")]));
    let three = folder.path().join("three");
    put(&three, "ANN", &verdict(&course, "ANN", &[("1", "P")]));
    let [empty, one, two, three] = [folder.path(), &one, &two, &three].map(|path| path.display().to_string());
    place(folder.path(), "roster.csv", b"id\nann\n\nann\n");
    let roster = folder.path().join("roster.csv").display().to_string();
    for (arguments, why) in [
        (&["--book", &empty][..], "holds no verdicts"),
        (&["--book", &one, &two], "needs `--out`"),
        (&["--book", &one, &two, "--out", &empty], "`ann` is in "),
        (&["--book", &one, &three, "--out", &empty], "`ANN` is in "),
        (&["--book", &one, "--roster", &roster], "roster.csv:4: line 2 has the same id"),
        (&["--book", &one, "--seeds", "3"], "cannot be used with"),
    ] {
        let output = grade(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "{why}\n{said}");
    }
}

/// A class in which every text that somebody else has written is one of these.
fn hostile(
    course: &Course,
    [name, reason, got, label, sql, why]: [&str; 6],
) -> (Grades, Vec<(usize, SubmissionVerdict)>) {
    let folder = tempfile::tempdir().unwrap();
    let mut value = verdict(course, name, &[("1", "PF"), ("5", "BB")]);
    let gate = &mut value["lessons"][0]["gates"][1];
    gate["reason"] = reason.into();
    gate["got"] = got.into();
    gate["label"] = label.into();
    gate["sql"] = serde_json::json!([sql]);
    value["lessons"][1]["diagnostics"] = got.into();
    value["lessons"][1]["explanation"] =
        serde_json::json!({ "id": "x", "lines": [label], "file": "src/lib.rs", "line": 1, "error": 0 });
    let verdict: SubmissionVerdict = serde_json::from_value(value).unwrap();
    let verdict = json::with_texts(&verdict, &clean).unwrap();
    let mut roster = ::csv::Writer::from_writer(Vec::new());
    roster.write_record(["id", "name", "section", "folder"]).unwrap();
    // Words that no folder's name has by accident: one that consists of a person's words is that person's.
    roster.write_record(["4711", &format!("Wilhelmina {name}"), why, "a"]).unwrap();
    roster.write_record(["4712", &format!("Maximilian {name}"), why, "b"]).unwrap();
    place(folder.path(), "roster.csv", &roster.into_inner().unwrap());
    let given = serde_json::json!({ "s": "4711", "w": format!("W {}", line(why)) });
    let quoted = |key: &str| given[key].to_string();
    let overrides = format!(
        "[[override]]\nstudent = {}\nlesson = '1'\ngate = '2'\npoints = 1\nwhy = {}\nwho = {}\n",
        quoted("s"),
        quoted("w"),
        quoted("w")
    );
    place(folder.path(), "overrides.toml", overrides.as_bytes());
    let (roster, overrides) = (folder.path().join("roster.csv"), folder.path().join("overrides.toml"));
    let rules = Rules::read(Some(&roster), None, Some(&overrides), course).unwrap();
    let records = ["a", "b", name].map(|folder| Record::of(folder, &verdict)).into();
    (Grades::of(&rules, records, course).unwrap(), vec![(0, verdict)])
}

/// The elements of a page, with their attributes but for addresses.
fn elements(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let element = |node: &Node| {
        let element = node.as_element()?;
        let attributes: Vec<_> = element.attrs().filter(|(name, _)| *name != "href").collect();
        Some(format!("{} {attributes:?}", element.name()))
    };
    html.tree.values().filter_map(element).collect()
}

/// What is wrong with a text that a reader sees on a page, if anything is.
fn fault_of_page(page: &str) -> Option<&'static str> {
    let html = Html::parse_document(page);
    let body = html.tree.nodes().find(|node| node.value().as_element().is_some_and(|it| it.name() == "body"));
    body.unwrap().descendants().find_map(|node| fault(&node.value().as_text()?.text))
}

thread_local! {
    static COURSE: Course = course();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn text_from_anybody_stays_text_in_a_gradebook(texts in prop::collection::vec(text(), 6)) {
        let texts: Vec<_> = texts.iter().map(|text| format!("x{text}")).collect();
        let own: [&str; 6] = std::array::from_fn(|index| texts[index].as_str());
        let pages = |texts: [&str; 6]| {
            let (grades, verdicts) = COURSE.with(|course| hostile(course, texts));
            let answer = |_: usize, _: &str, _: &str| Ok(Some((clean(texts[2]), Some(clean(texts[2])))));
            let book = gradebook::text(&grades, &answer).unwrap();
            let letter = COURSE.with(|course| Letter::of(&grades, &grades.students[0], &verdicts, course));
            let table = csv::text(&grades).unwrap();
            (book, page::text(&letter).unwrap(), plain::text(&letter), table)
        };
        let (page, letter, markdown, table) = pages(own);
        let tame = pages(["x"; 6]);
        prop_assert_eq!(elements(&page), elements(&tame.0));
        prop_assert_eq!(elements(&letter), elements(&tame.1));
        for text in [&page, &letter] {
            prop_assert_eq!(fault_of_page(text), None);
            prop_assert!(!text.contains(|character: char| grade::text::is_bidi_control(character)));
        }
        prop_assert_eq!(fault(&markdown), None);
        let structure = |text: &str| {
            let events = pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all());
            let is_text = |event: &pulldown_cmark::Event<'_>| matches!(event, pulldown_cmark::Event::Text(_));
            let shape = events.filter(|event| !is_text(event)).map(|event| match event {
                pulldown_cmark::Event::Code(_) => "code".to_owned(),
                event => format!("{event:?}"),
            });
            shape.collect::<Vec<_>>()
        };
        prop_assert_eq!(structure(&markdown), structure(&tame.2));
        let mut table = ::csv::Reader::from_reader(&table[..]);
        for record in table.records() {
            for cell in &record.unwrap() {
                prop_assert_eq!(fault_of_cell(cell), None, "{:?}", cell);
            }
        }
    }
}

#[test]
fn a_class_of_five_hundred_is_one_page_of_a_few_megabytes() {
    let course = course();
    // As many as the shortest lesson has gates, and the last does not pass.
    let gates = course.lessons.iter().map(|lesson| lesson.manifest.gates.len()).min().unwrap();
    let verdicts = "P".repeat(gates - 1) + "F";
    let lessons: Vec<_> = course.lessons.iter().map(|lesson| (lesson.name.as_str(), &*verdicts)).collect();
    let one: SubmissionVerdict = serde_json::from_value(verdict(&course, "x", &lessons)).unwrap();
    let records = (0..500).map(|number| Record::of(&format!("student {number}"), &one)).collect();
    let grades = Grades::of(&Rules::default(), records, &course).unwrap();
    let page = gradebook::text(&grades, &|_, _, _| Ok(Some(("1".into(), None)))).unwrap();
    assert!(page.len() < 6 << 20, "{} bytes", page.len());
    assert_eq!(page.matches("<td class=p>").count(), 500 * course.lessons.len() * (gates - 1));
}
