//! What is found in texts, and what is not.

use super::prose::{Block, blocks};
use super::{habits, problems_of, source};

fn found(sentence: &str) -> Vec<String> {
    habits::of(sentence).into_iter().map(|(found, _)| found).collect()
}

#[test]
fn habits_are_found() {
    for (sentence, habit) in [
        ("The command that mends it.", "mends"),
        ("A page is no answer.", "is no"),
        ("Which of these are none?", "are none"),
        ("It looks whether the file is there.", "looks whether"),
        ("This is what you have learnt.", "learnt"),
        ("Neighbours share a class.", "neighbours"),
        ("It is the other way round.", "other way round"),
        ("The lesson begins anew.", "anew"),
        ("It says nothing of saves.", "says nothing of"),
        ("This is simply done.", "simply"),
        ("Just try it.", "just"),
        ("Who stops here has seen it.", "Who stops here"),
        ("Whoever asks gets an answer.", "Whoever asks gets"),
    ] {
        assert_eq!(found(sentence), [habit], "{sentence}");
    }
}

#[test]
fn ordinary_phrases_are_accepted() {
    for sentence in [
        "There is no book.",
        "There are no longer any books, and there was none.",
        "Is there no other way?",
        "The file is no longer read.",
        "It takes no more than a minute.",
        "Who writes the row?",
        "learnt = 'How to read a row.'",
        "The number is adjusted; people who ask get it.",
    ] {
        assert_eq!(found(sentence), [""; 0], "{sentence}");
    }
}

#[test]
fn habits_are_found_in_names_of_functions() {
    for (name, habit) in [
        ("a_file_that_is_no_database_is_refused", "is no"),
        ("a_database_in_memory_is_none", "is none"),
        ("the_command_that_mends_it", "mends"),
        ("who_tries_passwords_waits", "who tries"),
        ("p8_o2_who_tries_passwords_waits", "who tries"),
        ("whoever_takes_over_has_the_order", "whoever takes"),
        ("colors_for_who_wants_them_only", "for who"),
        ("each_dish_has_a_note_of_its_own", "of its own"),
        ("the_reason_is_told_to_the_student", "is told"),
        ("what_was_done_is_said_once", "is said"),
        ("a_day_without_bills_says_so", "says so"),
        ("work_told_from_leftovers", "told from"),
        ("a_form_is_refused_aloud", "aloud"),
        ("what_fits_two_people_is_nobodys", "nobodys"),
        ("it_begins_anew", "anew"),
    ] {
        let found: Vec<_> = habits::of_name(name).into_iter().map(|(found, _)| found).collect();
        assert_eq!(found, [habit], "{name}");
    }
}

#[test]
fn ordinary_names_of_functions_are_accepted() {
    for name in [
        "is_none",
        "who",
        "there_is_no_other_page",
        "a_person_who_signs_in",
        "a_retired_employee_is_no_longer_listed",
        "its_own_folder",
        "p8_a_new_password_clears_earlier_failures",
        "é_and_ü_are_letters",
    ] {
        assert_eq!(habits::of_name(name), [], "{name}");
    }
}

#[test]
fn names_of_functions_are_found_with_their_lines() {
    let code = "mod tests {\n    /// fn not_this()\n    #[test]\n    async fn one_is() {}\n}\n\
                proptest! { #[test]\nfn two_are(x in 0..9) { let f: fn(u8) = \"fn no\"; } }\n";
    let expected = [(4, "one_is"), (7, "two_are")].map(|(line, name)| (line, name.to_owned()));
    assert_eq!(source::function_names(code).unwrap(), expected);
}

fn sentences(markdown: &str) -> Vec<(usize, String)> {
    let of = |block: &Block| block.sentences().into_iter().map(|text| (block.line, text)).collect::<Vec<_>>();
    blocks(markdown).iter().flat_map(of).collect()
}

#[test]
fn a_text_is_split_into_sentences() {
    let text = "# A title\n\nOne `x.y()` here. Two\ngoes on, e.g. here.\n\n```rust\nlet x. Y\n```\n- An [item](a.md). And\n  \
                more\n1. First\n\n| a | b \\| c |\n<!-- No. Not\nthis. -->\nThe end.";
    let expected = [
        (1, "A title"),
        (3, "One … here."),
        (3, "Two goes on, e.g. here."),
        (9, "An [item."),
        (9, "And more"),
        (11, "First"),
        (13, "a"),
        (13, "b … c"),
        (16, "The end."),
    ];
    assert_eq!(sentences(text), expected.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn a_long_sentence_counts_in_texts_for_users() {
    let words = |count: usize| vec!["word"; count].join(" ") + ".";
    assert!(problems_of(&Block::of(&words(35))).is_empty());
    assert_eq!(problems_of(&Block::of(&words(36))).len(), 1);
    assert!(
        problems_of(&Block::of(&format!("{} {}", words(20), words(20).replacen('w', "W", 1)))).is_empty()
    );
    let code = format!("//! {}\nfn f() {{ print(\"{}\"); }}\n", words(36), words(36));
    let of_code: Vec<_> = source::blocks(&code, true).unwrap().iter().flat_map(problems_of).collect();
    assert_eq!(of_code.len(), 1, "the literal, and not the comment: {of_code:?}");
}

#[test]
fn comments_and_literals_of_code_are_read() {
    let code = "/// It mends\n/// this.\nfn f() {\n    // Look whether.\n    print(\"It is \\\n           no file.\\nAnd anew\", 'x', \"mend\");\n}\n";
    let found: Vec<_> = source::blocks(code, true)
        .unwrap()
        .iter()
        .flat_map(|block| block.sentences().iter().flat_map(|text| habits::of(text)).collect::<Vec<_>>())
        .map(|(found, _)| found)
        .collect();
    // One word alone is not a text for people.
    assert_eq!(found, ["mends", "look whether", "is no", "anew"]);
}
