use super::{Labels, Seen, fingerprint};
use crate::Database;
use crate::course::Gate;
use crate::report::{GateReport, Panic, Status};

fn seen(got: &str, panic: Option<&str>, sql: &[&str]) -> String {
    Seen { database: Database::Sqlite, got: Some(got), panic, sql: sql.to_vec() }.fingerprint()
}

#[test]
fn different_results_have_different_fingerprints() {
    let mut all = vec![
        seen("1", None, &[]),
        seen("2", None, &[]),
        seen("1", Some("2"), &[]),
        seen("1", None, &["2"]),
        seen("1", None, &["2", "2"]),
        seen("1", None, &["2", "3"]),
        seen("1", None, &["3", "2"]),
        seen("1", None, &["2\n1 3"]),
        Seen { database: Database::Postgres, got: Some("1"), panic: None, sql: Vec::new() }.fingerprint(),
    ];
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    assert_eq!(seen("1", None, &["2"]), seen("1", None, &["2"]));
}

#[test]
fn only_a_failed_gate_has_a_fingerprint() {
    let gate: Gate =
        toml::from_str("name = 'a'\ntitle = ''\ntasks = []\nhints = ['', '', '']\nlearnt = ''").unwrap();
    let mut report = GateReport { got: Some("1".into()), ..GateReport::waiting(1, &gate) };
    for status in [Status::Pass, Status::Timeout, Status::Crash, Status::Waiting] {
        report.status = status;
        assert_eq!(fingerprint(&report, Database::Sqlite), None);
    }
    report.status = Status::Fail;
    assert_eq!(fingerprint(&report, Database::Sqlite), Some(seen("1", None, &[])));
    report.panic = Some(Panic { message: "no".into(), file: "src/lib.rs".into(), line: 1 });
    report.sql = vec!["2".into()];
    assert_eq!(fingerprint(&report, Database::Sqlite), Some(seen("1", Some("no"), &["2"])));
}

#[test]
fn an_ambiguous_fingerprint_has_no_label() {
    let mut labels = Labels::default();
    labels.add("a::one", "01", "The books come by title.");
    labels.add("a::one", "01", "The books come by title.");
    labels.add("a::one", "02", "The books come by title.");
    labels.add("a::one", "02", "The \"last\" book\\title is lost.");
    assert_eq!(labels.only("a::one", "01"), Some("The books come by title."));
    assert_eq!(labels.only("a::one", "02"), None);
    assert_eq!(labels.only("a::one", "03"), None);
    assert_eq!(labels.only("a::two", "01"), None);
    let read: Labels = Labels(toml::from_str(&labels.text()).unwrap());
    assert_eq!(read, labels);
}
