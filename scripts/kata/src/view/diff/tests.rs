use super::{lines, reached};

fn plain(expected: &str, got: &str) -> String {
    let text = lines(expected, got, false).join("\n");
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_changed_word_is_marked() {
    insta::assert_snapshot!(plain("a\nSome(7)\n", "a\nNone\n"), @"
             │ a
    expected │ Some(7)
         got │ None
             │
    ");
}

#[test]
fn a_number_among_equal_words_is_marked() {
    insta::assert_snapshot!(plain(
        "find_book(7)\n    Book { id: 7, title: \"Fog\", pages: Some(120) }\n",
        "find_book(7)\n    Book { id: 7, title: \"Fog\", pages: Some(121) }\n"
    ), @r#"
             │ find_book(7)
    expected │     Book { id: 7, title: "Fog", pages: Some(120) }
             │                                        ^^^^^^^^^
         got │     Book { id: 7, title: "Fog", pages: Some(121) }
             │                                        ^^^^^^^^^
             │
    "#);
}

#[test]
fn long_equal_parts_are_left_out_and_counted() {
    let many: String = (1..=20).map(|number| format!("row {number}\n")).collect();
    insta::assert_snapshot!(plain(&many, &many.replace("row 10\n", "")), @"
             │ … 6 lines as expected
             │ row 7
             │ row 8
             │ row 9
    expected │ row 10
             │ row 11
             │ row 12
             │ row 13
             │ … 8 lines as expected
    ");
}

#[test]
fn a_different_order_is_reported_in_words() {
    insta::assert_snapshot!(plain("a\nb\nc", "b\na\nc"), @"
    The lines are the same, but in a different order.

    expected │ a
    expected │ b
    expected │ c

         got │ b
         got │ a
         got │ c
    ");
}

#[test]
fn a_line_under_the_wrong_heading_is_not_reported_as_a_different_order() {
    insta::assert_snapshot!(plain(
        "all\n    A\n        a\n    B\n        b",
        "all\n    B\n        a\n    A\n        b"
    ), @"
               │ all
           got │     B
           got │         a
               │     A
      expected │         a
      expected │     B
               │         b
    ");
}

#[test]
fn lines_in_place_around_moved_lines_are_counted() {
    let many: String = (1..=20).map(|number| format!("row {number}\n")).collect();
    insta::assert_snapshot!(plain(&many, &many.replace("row 10\nrow 11\n", "row 11\nrow 10\n")), @"
      The lines are the same, but in a different order.

               │ … 6 lines as expected
      expected │ row 7
      expected │ row 8
      expected │ row 9
      expected │ row 10
      expected │ row 11
      expected │ row 12
      expected │ row 13
      expected │ row 14
               │ … 6 lines as expected

               │ … 6 lines as expected
           got │ row 7
           got │ row 8
           got │ row 9
           got │ row 11
           got │ row 10
           got │ row 12
           got │ row 13
           got │ row 14
               │ … 6 lines as expected
    ");
}

#[test]
fn the_heading_of_a_changed_line_is_shown() {
    let rows: String = (1..=9).map(|number| format!("    row {number}\n")).collect();
    let text = format!("before\n    done\n\nthen\n    done\n\nthe rows\n{rows}");
    insta::assert_snapshot!(plain(&text, &text.replace("row 8", "row 0")), @"
               │ … 6 lines as expected
               │ the rows
               │ … 4 lines as expected
               │     row 5
               │     row 6
               │     row 7
      expected │     row 8
               │         ^
           got │     row 0
               │         ^
               │     row 9
               │
    ");
    insta::assert_snapshot!(plain("a title\n    done\n", "a title\n    refused\n"), @"
               │ a title
      expected │     done
           got │     refused
               │
    ");
}

#[test]
fn a_last_line_is_like_any_other() {
    insta::assert_snapshot!(plain("a\nb", "a\nb\nc"), @"
        │ a
        │ b
    got │ c
    ");
}

#[test]
fn missing_output_is_reported_in_words() {
    insta::assert_snapshot!(plain("a\nb\n", ""), @"
    expected │ a
    expected │ b
         got │ (nothing)
    ");
}

#[test]
fn only_the_beginning_of_a_long_reordered_list_is_shown() {
    let many: Vec<_> = (1..=30).map(|number| format!("row {number:02}")).collect();
    let turned: Vec<_> = many.iter().rev().cloned().collect();
    insta::assert_snapshot!(plain(&many.join("\n"), &turned.join("\n")), @"
      The lines are the same, but in a different order.

      expected │ row 01
      expected │ row 02
      expected │ row 03
      expected │ row 04
      expected │ row 05
      expected │ row 06
      expected │ row 07
      expected │ row 08
               │ … 22 more lines

           got │ row 30
           got │ row 29
           got │ row 28
           got │ row 27
           got │ row 26
           got │ row 25
           got │ row 24
           got │ row 23
               │ … 22 more lines
    ");
}

#[test]
fn the_cases_of_a_gate_that_stopped_early_stay_aligned() {
    let expected = "find(1)\n    None\n\nfind(2)\n    Some(2)\n\nfind(3)\n    None";
    for (got, at) in [
        ("", ""),
        ("find(1)\n    Some(2)", "find(1)\n    None"),
        ("find(1)\n    None\n\nfind(2)\n    None", "find(1)\n    None\n\nfind(2)\n    Some(2)"),
        ("find(1)\n    None\n\nfind(2)\n    None\n\nfind(3)\n    None\n\nfind(4)\n", expected),
    ] {
        let (begin, rest) = reached(expected, got);
        assert_eq!(begin, at);
        assert!(expected.ends_with(rest) && begin.len() + rest.len() <= expected.len(), "{rest}");
    }
}
