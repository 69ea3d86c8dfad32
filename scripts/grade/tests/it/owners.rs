//! Whose a submission is and when it was handed in, whatever its student has called it.

use crate::class::{Files, ROSTER, grades, record, student, total};
use crate::material::course;

#[test]
fn the_submission_time_comes_from_the_platform_and_not_from_a_file_name() {
    let course = course();
    let policy = "due = 2026-05-01T12:00:00Z\nzone = 'UTC'\n[late]\nper_day = 10";
    let early = "HW1_x_attempt_2020-01-01-00-00-00_x";
    let status = |names: &[&str]| {
        let records = names.iter().map(|name| record(&course, name, &[("1", "PPP")])).collect();
        let grades = grades(&course, [ROSTER, policy, ""], records).unwrap();
        let ann = student(&grades, "ann");
        assert_eq!(ann.records, [0], "{names:?}");
        ann.handed_in().map(|moment| moment.to_string()[..10].to_owned())
    };
    let late = format!("HW1_ann_attempt_2026-05-09-12-00-00_{early}");
    assert_eq!(status(&[&late]).as_deref(), Some("2026-05-09"));
    for name in
        ["Ann Lee_12_assignsubmission_file_", "leeann_9_10_", "1-2 - Ann Lee - May 1, 2026 1200 PM - "]
    {
        assert_eq!(status(&[&format!("{name}{early}")]), None, "{name}");
    }
    // Among folders that Blackboard has not named, its form is what somebody has typed.
    let roster_names = ["HW1_ann_attempt_2020-01-01-00-00-00_x", "bob", "cy"];
    assert_eq!(status(&roster_names), None);
}

#[test]
fn two_people_with_ambiguous_names_are_an_error_that_names_both() {
    let course = course();
    for (roster, why) in [
        ("id,name\nann,Ann Lee\nANN,Bob Ray\n", "line 2 has the same id, `ANN`: Ann Lee and Bob Ray"),
        ("id,name\nzo\u{eb},Zoe A\nzoe\u{308},Zoe B\n", "line 2 has the same id"),
        ("id,name\nann lee,A\nann  lee,B\n", "line 2 has the same id"),
        ("id,name\nann,A\nann~2,B\n", "line 2 has the same id"),
        ("id,name\n\u{ff41}nn,A\nann,B\n", "line 2 has the same id"),
        (
            "id,name,username\n4711,Ann Lee,bob\nbob,Bob Ray,ray\n",
            "line 2 has as username the id, `bob`: Ann Lee and",
        ),
        (
            "id,name,username,email\n1,Ann Lee,a,x@y.org\n2,Bob Ray,X@y.org,\n",
            "line 2 has as email the username, `X@y.org`: Ann Lee and Bob Ray",
        ),
        (
            "id,name,folder\nann,Ann Lee,Bob.zip\nbob,Bob Ray,\n",
            "gives Ann Lee the folder `Bob.zip`, which is the id of Bob Ray on line 3",
        ),
    ] {
        let error = Files::new(roster, "", "").rules(&course).err().unwrap_or_default();
        assert!(error.starts_with("roster.csv:") && error.contains(why), "{roster}\n{error}");
    }
    for roster in [
        "id,name,username,email\nann,Ann Lee,ann,ann@x.org\nbob,Bob Ray,bob,bob@x.org\n",
        "id,name,folder\nann,Ann Lee,bob\nbob,Bob Ray,bob\n",
        "id,name\n1,Jan Li\n2,Jan Li\n",
    ] {
        assert_eq!(Files::new(roster, "", "").rules(&course).err(), None, "{roster}");
    }
    // Without a roster, names of submissions are ids.
    let given = |id: &str| {
        format!("[[override]]\nstudent = '{id}'\nlesson = '1'\npoints = 7\nwhy = 'a'\nwho = 'b'\n")
    };
    let records = || ["Joe", "joe~2", "JOE"].map(|name| record(&course, name, &[("1", "P")])).into();
    let exact = grades(&course, ["", "", &given("joe~2")], records()).unwrap();
    assert_eq!(total(&exact, "joe~2").unwrap()[2], "7");
    let error = grades(&course, ["", "", &given("joe")], records()).err().unwrap();
    assert!(error.contains("overrides.toml:2: `joe` may be `Joe` or `JOE`"), "{error}");
}
