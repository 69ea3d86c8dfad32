//! Each page in each state, without a browser.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kata::{Database, running};
use page::access::Hosts;
use page::editor::Editor;
use page::server::router;
use scraper::{Html, Selector};
use tower::ServiceExt;

use crate::states::{ALL, LESSON, Site, State, TOKEN};

const HOST: &str = "127.0.0.1:4000";
/// What a page may weigh with all that it loads.
const MOST: usize = 150_000;

async fn answer(site: &Site, path: &str, host: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("host", host).body(Body::empty()).unwrap();
    let response = router(site.app.clone(), &Hosts::of_port(4000)).oneshot(request).await.unwrap();
    let status = response.status();
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    (status, String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap())
}

pub async fn page(site: &Site, path: &str) -> String {
    let (status, page) = answer(site, &format!("/{TOKEN}/{path}"), HOST).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    page
}

pub fn texts(page: &str, css: &str) -> Vec<String> {
    let (page, selector) = (Html::parse_document(page), Selector::parse(css).unwrap());
    page.select(&selector).map(|it| it.text().collect::<String>().trim().to_owned()).collect()
}

#[tokio::test]
async fn each_state_is_shown_with_help() {
    let site = Site::new();
    for (state, css, expected) in [
        (State::NothingDone, "aside .card:not(.good) h2", "Not checked yet"),
        (State::Gap, ".headline", "This is yours to write."),
        (State::Gap, "#wanted pre", "Emma"),
        (State::Gap, "#hint-1 > p", "insert into a table"),
        (State::CompileError, ".headline", "The lesson does not compile."),
        (State::CompileError, "aside .card p code", "titel"),
        (State::CompileError, "aside .card pre", "books::title"),
        (State::CompileError, "#rustc pre", "error[E0425]: cannot find value"),
        (State::CompileError, ".button", "Open lessons/05-crud/src/books.rs:31"),
        (State::WrongRows, ".diff .came", "<Fog>"),
        (State::WrongWrite, ".diff .none", "(nothing)"),
        (State::WrongRows, ".sql .times", "3 times"),
        (State::WrongRows, ".sql .took", "0.42 ms"),
        (State::WrongRows, ".sql .plan pre", "SEARCH books USING"),
        (State::WrongTables, "#tables .wrong", "text?, expected text"),
        (State::WrongTables, "#tables .wrong", "integer?, not expected"),
        (State::WrongTables, "#tables .wrong", "missing: integer?"),
        (State::WrongTables, "#tables small", "what differs from the expected is marked"),
        (State::NoRows, "#tables .kind", "0 rows"),
        (State::MissingTable, "#tables .missing .name", "books"),
        (State::ManyStatements, ".sql .times", "40 times"),
        (State::ManyStatements, ".sql .remark", "refused: UNIQUE"),
        (State::ManyStatements, ".sql > li", "and 12 more"),
        (State::WrongPage, ".diff .came", "Emma & more"),
        (State::WrongSession, ".diff .came", "SameSite     not set"),
        (State::WrongSession, "#log pre", "GET /: 200"),
        (State::WrongSession, "#provoked pre", "no such table: sessions"),
        (State::WrongSession, "#rows-sessions .json dd", "14"),
        (State::WrongSession, "#rows-sessions td small", "2026-01-01 00:00 UTC"),
        (State::Stage, ".diff .came", "Emma & more"),
        (State::WrongWrite, "aside .card p", "You get this result when all books"),
        (State::LongText, "#beside .changed small", "expected ألف ليلة وليلة"),
        (State::Waits, "#waits-in-words li", "Connection 2 waited 34 ms for the gate and connection 1."),
        (State::Waits, "#waits-in-words li", "Connection 3 was refused at once"),
        (State::WrongRows, "#log pre", "a line of the log"),
        (State::WrongRows, "#printed pre", "printed by the student"),
        (State::WrongWrite, "#changes .deleted", "gone2<Fog>NULL"),
        (State::WrongWrite, "#beside .missing", "missing10SaltNULL"),
        (State::Panic, ".panic", "index out of bounds"),
        (State::Panic, ".button", "Open lessons/05-crud/src/books.rs:69"),
        (State::TimedOut, ".headline", "ten seconds"),
        (State::Crashed, ".panic", "SIGABRT"),
        (State::Passed, "aside .good h2", "All 16 gates pass."),
        (State::Passed, ".button", "Lesson 6"),
        (State::Broken, ".wrong pre", "no space left on device"),
    ] {
        site.set(State::NothingDone);
        site.set(state);
        let page = page(&site, &format!("{}/", state.lesson())).await;
        let found = texts(&page, css);
        assert!(found.iter().any(|text| text.contains(expected)), "{state:?} {css} {expected:?}: {found:?}");
    }
}

#[tokio::test]
async fn the_gate_to_pass_is_marked_in_the_text_and_the_row_of_gates() {
    let site = Site::new();
    site.set(State::WrongWrite);
    let page = page(&site, &format!("{LESSON}/")).await;
    assert_eq!(texts(&page, ".task[aria-current] .badge"), ["the gate to pass"]);
    assert!(texts(&page, ".task[aria-current] h3")[0].starts_with("12. Delete one book"));
    assert_eq!(texts(&page, ".task.passed").len(), 11);
    assert_eq!(texts(&page, ".gates .passed").len(), 11);
    assert_eq!(texts(&page, "aside .tables .name"), ["authors", "books"]);
}

#[tokio::test]
async fn a_page_is_small_and_loads_nothing_from_other_sites() {
    let site = Site::new();
    site.set(State::WrongWrite);
    let assets = page(&site, "static/style.css").await.len() + page(&site, "static/page.js").await.len();
    let mut paths = vec![String::new()];
    for lesson in &site.app.course.lessons {
        paths.push(format!("{}/", lesson.name));
        let documents = page::links::documents(&site.app.course, &lesson.name);
        paths.extend(documents.iter().map(|(document, _)| format!("{}/{document}/", lesson.name)));
    }
    assert!(paths.len() > 15, "{paths:?}");
    for path in paths {
        let page = page(&site, &path).await;
        assert!(page.len() + assets <= MOST, "{path}: {} bytes", page.len() + assets);
        let loaded = Html::parse_document(&page);
        let loading =
            Selector::parse("[src], link[href], iframe, object, [style], script:not([src])").unwrap();
        for element in loaded.select(&loading) {
            let address = element.attr("src").or(element.attr("href")).unwrap_or("inline");
            assert!(
                address.starts_with(&format!("/{TOKEN}/static/")) || address == "data:,",
                "{path}: {}",
                element.html()
            );
        }
    }
}

#[tokio::test]
async fn a_page_is_small_in_each_state() {
    let site = Site::new();
    let assets = page(&site, "static/style.css").await.len() + page(&site, "static/page.js").await.len();
    for state in ALL {
        site.set(state);
        let bytes = page(&site, &format!("{}/", state.lesson())).await.len() + assets;
        assert!(bytes <= MOST, "{state:?}: {bytes} bytes");
    }
}

#[tokio::test]
async fn places_to_edit_are_links_into_the_students_editor() {
    let mut site = Site::new();
    let variable = |name: &str| (name == "VISUAL").then(|| "zed --wait".to_owned());
    site.app.editor = Arc::new(Editor::of(variable));
    let folder = site.folder.path().display().to_string();
    for (state, css, line) in [
        // The place of a compile error, of a panic, and of a task.
        (State::CompileError, ".edit .button", 31),
        (State::Panic, ".edit .button", 69),
        (State::Panic, ".todo .edit a", 11),
        (State::WrongRows, ".todo .edit .button", 11),
        (State::Gap, ".todo .edit .button", 11),
    ] {
        site.set(State::NothingDone);
        site.set(state);
        let shown = Html::parse_document(&page(&site, &format!("{LESSON}/")).await);
        let link = shown.select(&Selector::parse(css).unwrap()).next().unwrap();
        let address = format!("zed://file{folder}/lessons/{LESSON}/src/books.rs:{line}");
        assert_eq!(link.attr("href"), Some(&*address), "{state:?} {css}");
        assert!(
            link.text().collect::<String>().ends_with(&format!("src/books.rs:{line}")),
            "{state:?} {css}"
        );
    }
}

#[tokio::test]
async fn a_lesson_shows_the_command_that_runs_it() {
    let site = Site::new();
    for (lesson, expected) in [
        ("05-crud", "cargo kata run 5 opens a console"),
        ("07-sessions", "cargo kata run 7 serves your app"),
        ("08-order-up", "cargo kata run 8 serves your app"),
    ] {
        let found = texts(&page(&site, &format!("{lesson}/")).await, "#verdict > .more");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}

#[tokio::test]
async fn a_running_app_is_shown_in_a_sandboxed_frame() {
    let site = Site::new();
    site.set(State::WrongWrite);
    let path = format!("{LESSON}/");
    assert!(!page(&site, &path).await.contains("<iframe"));
    let app = running::App { sites: vec![running::Site::at("127.0.0.1:8000")], starts: 2 };
    let announced = running::Announcement::new(site.folder.path(), LESSON, Database::Sqlite, &app).unwrap();
    let shown = Html::parse_document(&page(&site, &path).await);
    let find = |css: &str| shown.select(&Selector::parse(css).unwrap()).next().unwrap();
    let frame = find("#app iframe");
    assert_eq!(frame.attr("src"), Some("http://127.0.0.1:8000/"));
    assert_eq!(frame.attr("sandbox"), Some("allow-forms allow-same-origin allow-scripts"));
    assert_eq!(frame.attr("referrerpolicy"), Some("no-referrer"));
    assert_eq!(find("#app").attr("data-app"), Some("2 http://127.0.0.1:8000/"));
    assert_eq!(find("#status a[href='#app']").text().collect::<String>(), "Your app");
    drop(announced);
    assert!(!page(&site, &path).await.contains("<iframe"));
}

#[tokio::test]
async fn each_of_two_apps_has_its_name_at_its_link_and_the_page_says_which_is_framed() {
    let site = Site::new();
    site.set(State::WrongPage);
    let lesson = State::WrongPage.lesson();
    let of = |title: &str, address: &str| running::Site {
        title: Some(title.to_owned()),
        address: address.to_owned(),
    };
    let sites = vec![of("In cookies", "http://127.0.0.1:8000/"), of("In a table", "http://localhost:8001/")];
    let app = running::App { sites, starts: 1 };
    let _there = running::Announcement::new(site.folder.path(), lesson, Database::Sqlite, &app).unwrap();
    for (host, framed, address, other) in [
        ("127.0.0.1:4000", "In cookies", "http://127.0.0.1:8000/", "http://localhost:4000"),
        ("localhost:4000", "In a table", "http://localhost:8001/", "http://127.0.0.1:4000"),
    ] {
        let (_, shown) = answer(&site, &format!("/{TOKEN}/{lesson}/"), host).await;
        let names = texts(&shown, "#app li b");
        assert_eq!(names, ["In cookies", "In a table"]);
        assert!(texts(&shown, "#app li[aria-current]")[0].contains(framed), "{host}");
        let page = Html::parse_document(&shown);
        let find = |css: &str| page.select(&Selector::parse(css).unwrap()).next().unwrap();
        assert_eq!(find("#app iframe").attr("title"), Some(framed));
        assert_eq!(find("#app iframe").attr("src"), Some(address));
        let chooser = format!("{other}/{TOKEN}/{lesson}/#app");
        assert_eq!(find("#app li:not([aria-current]) a").attr("href"), Some(&*chooser));
    }
}

#[tokio::test]
async fn requests_without_the_token_or_for_another_host_are_refused() {
    let site = Site::new();
    for path in ["/", "/05-crud/", "/0123456789abcdee/", "/static/style.css"] {
        assert_eq!(answer(&site, path, HOST).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for host in ["evil.example", "127.0.0.1:4001"] {
        let (status, text) = answer(&site, &format!("/{TOKEN}/"), host).await;
        assert_eq!((status, text.contains("gates")), (StatusCode::FORBIDDEN, false), "{host}");
    }
    for path in ["06-no-lesson/", "05-crud/instructor/", "05-crud/..%2F..%2FCargo.toml/", "static/page.rs"] {
        assert_eq!(answer(&site, &format!("/{TOKEN}/{path}"), HOST).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
