//! How saved lessons get their verdicts. In the guide's place is a script that notes what it is to judge, and takes its
//! time.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use kata::{Database, verdicts};
use page::app::News;
use page::judging::{Guide, Watching};
use page::server::serve;
use tokio::net::TcpListener;
use tokio::sync::broadcast::Receiver;

use crate::states::Site;

const PATIENCE: Duration = Duration::from_secs(30);

/// A guide that runs this script.
fn guide(site: &Site, script: &str) -> Arc<Guide> {
    let guide = site.folder.path().join("guide");
    fs::write(&guide, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&guide, fs::Permissions::from_mode(0o755)).unwrap();
    Arc::new(Guide::at(guide))
}

/// A page that judges, and what it tells.
struct Judging {
    site: Site,
    news: Receiver<News>,
    notes: PathBuf,
    _watching: Watching,
}

impl Judging {
    fn start(mut site: Site) -> Self {
        let notes = site.folder.path().join("notes");
        let verdicts = verdicts::folder(site.folder.path(), Database::Sqlite).unwrap();
        let (notes_at, verdicts_at) = (notes.display(), verdicts.display());
        let script =
            format!("sleep 0.3\necho \"$2\" >>'{notes_at}'\necho '{{}}' >'{verdicts_at}'/\"$2\".json");
        site.app.guide = Some(guide(&site, &script));
        let news = site.app.news.subscribe();
        let watching = Watching::start(site.app.clone());
        Self { site, news, notes, _watching: watching }
    }

    fn save(&self, lesson: &str) {
        let file = self.site.folder.path().join("lessons").join(lesson).join("src/lib.rs");
        writeln!(File::options().append(true).open(file).unwrap(), "// edited").unwrap();
    }

    /// What the page tells next.
    #[track_caller]
    fn next(&mut self) -> News {
        let start = Instant::now();
        loop {
            if let Ok(news) = self.news.try_recv() {
                return news;
            }
            assert!(start.elapsed() < PATIENCE, "it tells nothing; {:?}", self.judged());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the page has told of verdicts on all of `lessons`.
    #[track_caller]
    fn wait_for(&mut self, lessons: &[&str]) {
        let (start, mut missing) = (Instant::now(), lessons.to_vec());
        while !missing.is_empty() {
            if let Ok(News::Verdict(lesson)) = self.news.try_recv() {
                missing.retain(|missing| *missing != lesson);
            }
            assert!(start.elapsed() < PATIENCE, "no verdict on {missing:?}; {:?}", self.judged());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was judged to the end.
    fn judged(&self) -> Vec<String> {
        let notes = fs::read_to_string(&self.notes).unwrap_or_default();
        notes.lines().map(str::to_owned).collect()
    }
}

#[test]
fn lessons_that_are_saved_at_once_are_all_checked() {
    let mut judging = Judging::start(Site::new());
    judging.wait_for(&["01-database"]);
    for lesson in ["04-relationships", "05-crud", "06-many-to-many"] {
        judging.save(lesson);
    }
    judging.wait_for(&["04-relationships", "05-crud", "06-many-to-many"]);
    // A save that comes while another lesson is being judged.
    judging.save("03-models");
    thread::sleep(Duration::from_millis(150));
    judging.save("05-crud");
    judging.wait_for(&["03-models", "05-crud"]);
    for lesson in ["01-database", "03-models", "04-relationships", "05-crud", "06-many-to-many"] {
        assert!(judging.judged().iter().any(|judged| judged == lesson), "{lesson}: {:?}", judging.judged());
    }
}

#[test]
fn lessons_that_are_viewed_before_they_have_a_verdict_are_all_checked() {
    let mut judging = Judging::start(Site::new());
    for lesson in ["02-config", "no-such-lesson", "07-sessions"] {
        judging.site.app.wanted.lock().unwrap_or_else(PoisonError::into_inner).push(lesson.to_owned());
    }
    judging.wait_for(&["01-database", "02-config", "07-sessions"]);
    assert_eq!(judging.judged(), ["01-database", "02-config", "07-sessions"]);
}

#[test]
fn the_page_runs_no_gates_while_a_guide_watches() {
    let site = Site::new();
    let watching = verdicts::watching(site.folder.path()).unwrap();
    let mut judging = Judging::start(site);
    // The guide shows lesson 1, and judges it when it begins, and after a save.
    let told = News::Judging("01-database".to_owned());
    assert_eq!(judging.next(), told);
    judging.save("05-crud");
    judging.save("01-database");
    assert_eq!(judging.next(), told);
    assert_eq!(judging.judged(), [""; 0]);
    drop(watching);
    judging.save("05-crud");
    judging.wait_for(&["05-crud"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stops_stops_the_processes_it_started() {
    let mut site = Site::new();
    let notes = site.folder.path().join("notes");
    // The compiler is a process of the guide's.
    site.app.guide = Some(guide(&site, &format!("sleep 300 &\necho $! >'{}'\nwait", notes.display())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tokio::spawn(serve(listener, site.app.clone()));
    let start = Instant::now();
    let process = loop {
        let noted = fs::read_to_string(&notes).unwrap_or_default();
        if let Ok(process) = noted.trim().parse::<i32>() {
            break process;
        }
        assert!(start.elapsed() < PATIENCE, "nothing is judged");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    // One that has ended may stay in the list until somebody takes note of it.
    let is_there = || {
        let list = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
        String::from_utf8_lossy(&list.stdout).trim().starts_with(|state: char| state != 'Z')
    };
    assert!(is_there());
    server.abort();
    assert!(server.await.is_err());
    while is_there() {
        assert!(start.elapsed() < PATIENCE, "the compiler goes on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
