//! Until when students have time, and what it costs to be late.

use crate::class::{Files, ROSTER, grades, record, student};
use crate::material::course;

#[test]
fn an_extension_gives_more_time_and_never_less() {
    let course = course();
    let policy = |extensions: &str| {
        format!(
            "due = 2026-05-01T12:00:00Z\n[late]\nper_day = 10\n[lesson.5]\ndue = 2026-06-01T12:00:00Z\n{extensions}"
        )
    };
    let extension = |lesson: &str, due: &str| {
        let lesson = if lesson.is_empty() { String::new() } else { format!("lesson = '{lesson}'\n") };
        format!("[[extension]]\nstudent = 'ann'\n{lesson}due = {due}\nwhy = 'ill'\n")
    };
    let times = "[handed_in]\nann = 2026-05-20T12:00:00Z\n";
    for (extensions, penalty) in [
        (String::new(), "3"),
        // For all lessons, and earlier than one of them is due.
        (extension("", "2026-05-25T12:00:00Z"), "0"),
        // Of two, the later one.
        ([extension("1", "2026-05-02T12:00:00Z"), extension("", "2026-05-25T12:00:00Z")].concat(), "0"),
        ([extension("1", "2026-05-25T12:00:00Z"), extension("", "2026-05-02T12:00:00Z")].concat(), "0"),
        (extension("1", "2026-05-18T13:00:00Z"), "0.6"),
    ] {
        let records = vec![record(&course, "ann", &[("1", "PPP"), ("5", "PPP")])];
        let grades =
            grades(&course, ["id\nann\n", &policy(&(extensions.clone() + times)), ""], records).unwrap();
        let lessons = &student(&grades, "ann").lessons;
        assert_eq!(lessons[0].penalty.to_string(), penalty, "{extensions}");
        assert_eq!(lessons[1].penalty.to_string(), "0", "{extensions}");
        assert!(lessons[1].extended.is_none(), "{extensions}");
    }
    for (lesson, due, why) in [
        (
            "1",
            "2026-04-30T12:00:00Z",
            "gives no more time: lesson 01-database is due at 2026-05-01 12:00 UTC",
        ),
        ("5", "2026-05-25T12:00:00Z", "gives no more time: lesson 05-crud is due at 2026-06-01 12:00 UTC"),
        ("", "2026-04-30T12:00:00Z", "gives no more time: nothing is due before 2026-05-01 12:00 UTC"),
    ] {
        let error = Files::new(ROSTER, &policy(&extension(lesson, due)), "").rules(&course).err().unwrap();
        assert!(error.starts_with("policy.toml:7: ") && error.contains(why), "{error}");
    }
    let error = Files::new(ROSTER, &extension("", "2026-04-30T12:00:00Z"), "").rules(&course).err().unwrap();
    assert!(error.contains("gives no more time: nothing is due"), "{error}");
}

#[test]
fn a_late_day_is_a_calendar_day_in_the_time_zone_of_the_class() {
    let course = course();
    for (handed_in, penalty) in [
        ("2026-10-24T23:59:00", "0"),
        ("2026-10-25T00:14:00", "0"),
        ("2026-10-25T00:15:00", "0.7"),
        // 25 hours later, since the clocks were put back.
        ("2026-10-25T23:59:00", "0.7"),
        ("2026-10-26T00:00:00", "1.4"),
        ("2026-10-31T23:59:00", "4.9"),
        ("2026-11-01T00:00:00", "7"),
    ] {
        let policy = format!(
            "zone = 'Europe/Berlin'\ndue = 2026-10-24T23:59:00\ngrace = '15 min'\n[late]\nper_day = 10\n\
             closed_after = '7 days'\n[handed_in]\nann = {handed_in}\n"
        );
        let records = vec![record(&course, "ann", &[("1", "PPPPPPP")])];
        let grades = grades(&course, ["id\nann\n", &policy, ""], records).unwrap();
        assert_eq!(student(&grades, "ann").lessons[0].penalty.to_string(), penalty, "{handed_in}");
    }
}
