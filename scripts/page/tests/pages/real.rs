//! Gate 5.16 as it really runs: eight writers at once, and the gate that writes before them.

use std::path::{Path, PathBuf};

use gate_contract::PUBLISHED_SEED;
use kata::build::{build, cargo};
use kata::course::{Course, Lesson, find_root};
use kata::gate_runner::GateRunner;
use kata::judge::{expected, judge};
use kata::report::{GateReport, Status};
use kata::verdicts;
use page::waits::{Kind, Span, Waits};

use crate::pages::{page, texts};
use crate::states::{LESSON, Site, State, report};

const NUMBER: usize = 16;
const WRITERS: usize = 8;

fn course() -> Course {
    Course::read(&find_root().unwrap()).unwrap()
}

/// What the gate says of the code in `folder`, as the guide has it run while a page is open.
fn run(course: &Course, lesson: &Lesson, executable: &Path, folder: PathBuf) -> GateReport {
    let gate = &lesson.manifest.gates[NUMBER - 1];
    assert_eq!(gate.name, "eight_writers_at_once_all_succeed");
    let runner = GateRunner {
        executable,
        folder,
        module: lesson.topic(),
        seed: PUBLISHED_SEED,
        server: None,
        tables: true,
    };
    judge(NUMBER, gate, expected(course, lesson, gate).unwrap(), runner.run(&gate.name).unwrap())
}

/// The lesson's page with this gate's report.
async fn shown(gate: GateReport) -> String {
    let site = Site::new();
    let mut whole = report(&site.app.course, State::Waits).unwrap();
    whole.passed += usize::from(gate.status == Status::Pass);
    whole.gates[NUMBER - 1] = gate;
    verdicts::keep(site.folder.path(), &whole).unwrap();
    page(&site, &format!("{LESSON}/")).await
}

#[tokio::test]
async fn each_writer_of_the_solution_waits_for_those_before_it() {
    let course = course();
    let lesson = course.lesson(LESSON).unwrap();
    let mut command = cargo();
    command.args(["test", "--locked", "--no-run", "--test", "gate", "--package", &lesson.solution_package()]);
    let built = build(&course.root, command).unwrap();
    let folder = course.root.join("solutions").join(LESSON);
    let gate = run(&course, lesson, &built.executable.unwrap(), folder);
    assert_eq!(gate.status, Status::Pass, "{:?}", gate.got);
    let waits = Waits::of(&gate.sql, &gate.runs).unwrap();
    // On a busy machine, a writer may come so late that it waits for nobody.
    let writers = waits.lanes.len() - 1;
    assert!((2..=WRITERS).contains(&writers), "{waits:?}");
    let names: Vec<_> = waits.lanes.iter().map(|lane| lane.name.clone()).collect();
    let expected = (1..=writers).map(|number| format!("connection {number}"));
    assert_eq!(names, ["the gate".to_owned()].into_iter().chain(expected).collect::<Vec<_>>());
    assert!(matches!(waits.lanes[0].spans[..], [Span { kind: Kind::Holds, .. }]), "{waits:?}");
    let mut waiting = 0;
    for lane in &waits.lanes[1..] {
        match lane.spans[..] {
            [waited, held] => {
                assert_eq!((waited.kind, held.kind), (Kind::Waits, Kind::Holds), "{lane:?}");
                assert_eq!(waited.to, held.from, "it writes as soon as it may");
                waiting += 1;
            }
            [held] => assert_eq!(held.kind, Kind::Holds, "{lane:?}"),
            _ => panic!("{lane:?}"),
        }
        assert!(lane.spans.iter().all(|span| span.from <= span.to && span.to <= waits.end), "{lane:?}");
    }
    assert!(waiting >= 2, "{waits:?}");
    assert_eq!(waits.words.len(), waiting);
    assert!(waits.words.iter().any(|line| line.contains(" for the gate")), "{:?}", waits.words);
    let shown = shown(gate).await;
    assert_eq!(texts(&shown, "#waits-in-words li"), waits.words);
    assert_eq!(texts(&shown, "#waits svg > text:not(.time)").len(), writers + 1);
}
