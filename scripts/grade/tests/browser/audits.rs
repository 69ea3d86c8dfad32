//! Each page on each kind of screen and on paper, by day and by night: what axe finds, whether text stays in its place,
//! and whether the page asks for anything.

use std::fs;
use std::path::Path;

use fantoccini::wd::PrintConfiguration;

use crate::axe::{findings, violations};
use crate::classes::{Written, class};
use crate::driver::{Chrome, Setting};
use crate::{DESKTOP, LANDSCAPE, PHONE, PORTRAIT, open};

#[tokio::test]
async fn a_class_without_students() {
    audit(0).await;
}

#[tokio::test]
async fn a_class_of_one() {
    audit(1).await;
}

#[tokio::test]
async fn a_class_of_thirty() {
    audit(30).await;
}

#[tokio::test]
async fn a_class_of_five_hundred() {
    audit(500).await;
}

/// Audits the gradebook and a few letters of a class of this many, and reports everything that was found.
///
/// # Panics
///
/// When anything was found.
async fn audit(students: usize) {
    let written = class(students);
    let mut found = Vec::new();
    let settings = match students {
        0 | 1 => [PHONE, PHONE.by_night(), DESKTOP, DESKTOP.by_night()].to_vec(),
        // There are more rows, and no other colors.
        _ => vec![PHONE, DESKTOP.by_night()],
    };
    for setting in settings {
        found.extend(audit_on(&written, students, setting, false).await);
    }
    // The gradebook asks for wide sheets of paper.
    found.extend(audit_on(&written, students, LANDSCAPE, true).await);
    found.extend(audit_on(&written, students, PORTRAIT, true).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

async fn audit_on(written: &Written, students: usize, setting: Setting, on_paper: bool) -> Vec<String> {
    let chrome = open(written, setting).await;
    let mut found = Vec::new();
    // Each kind of letter once.
    let letters = written.letters.iter().take(6).map(String::as_str);
    let pages = ["gradebook.html"].into_iter().chain(letters).enumerate();
    let is_wide = setting.width > setting.height;
    let pages = pages.filter(|(number, _)| !on_paper || (*number == 0) == is_wide);
    // A page of thirty takes axe half a minute. It has more rows than a page of one, but no other colors, so one
    // setting will do. A page of five hundred is not different.
    let with_axe = students <= 1 || (students == 30 && !on_paper && setting == PHONE);
    for (number, path) in pages {
        chrome.open(&path.replace('%', "%25").replace('#', "%23")).await;
        if on_paper {
            chrome.execute(AS_PRINTED, vec![]).await.expect("the script runs");
        }
        let name = if number == 0 { "gradebook".to_owned() } else { format!("letter-{number}") };
        let name = format!("{students}-{name}");
        keep_picture(&chrome, &name, setting, on_paper).await;
        // What is folded away is a part of the page, too.
        chrome.eval("document.querySelectorAll('details').forEach(it => it.open = true)").await;
        if number == 0 {
            keep_picture(&chrome, &format!("{name}-open"), setting, on_paper).await;
        }
        let mut own = findings(chrome.execute(TEXT, vec![]).await.expect("the script runs"));
        if with_axe {
            own.extend(violations(&chrome).await);
        }
        let place = format!("{students} students, {setting:?}{}", if on_paper { ", on paper" } else { "" });
        found.extend(own.into_iter().map(|what| format!("{place}, {path}: {what}")));
    }
    if on_paper && is_wide {
        chrome.open("gradebook.html").await;
        let sheets = chrome.print(PrintConfiguration::default()).await.expect("the browser prints");
        assert!(sheets.starts_with(b"%PDF-"));
        keep(&format!("{students}-gradebook.pdf"), &sheets);
    }
    chrome.quit().await;
    found
}

/// Keeps a picture where the variable `SCREENSHOTS` says, by its path in the workspace.
async fn keep_picture(chrome: &Chrome, name: &str, setting: Setting, on_paper: bool) {
    if std::env::var_os("SCREENSHOTS").is_some() {
        let picture = chrome.screenshot().await.expect("the browser makes a picture");
        let scheme = if setting.dark { "dark" } else { "light" };
        let scheme = if on_paper { "paper" } else { scheme };
        keep(&format!("{name}-{}-{scheme}.png", setting.width), &picture);
    }
}

fn keep(name: &str, bytes: &[u8]) {
    let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join(name), bytes).expect("the picture can be written");
}

/// Gives the page the style that it has on paper.
const AS_PRINTED: &str = "
    for (const rule of document.styleSheets[0].cssRules) {
        if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all';
    }
";

/// Nothing is wider than the screen, but for what can be scrolled; what can be clicked is 24 pixels wide and high, but
/// for links in a text; nothing has run, and nothing was fetched or would be.
const TEXT: &str = "
    const found = new Set();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.add(`the page is ${wide} pixels too wide`);
    const scrolls = it => ['auto', 'scroll'].includes(getComputedStyle(it).overflowX);
    for (const it of document.querySelectorAll('body *')) {
        if (!it.checkVisibility() || it.closest('.skip')) continue;
        const { left, right } = it.getBoundingClientRect();
        if (left >= -1 && right <= innerWidth + 1) continue;
        let around = it.parentElement;
        while (around && !scrolls(around)) around = around.parentElement;
        if (!around) found.add(`off the screen: ${it.cloneNode(false).outerHTML}`);
    }
    for (const it of document.querySelectorAll('summary, nav a')) {
        const { width, height } = it.getBoundingClientRect();
        if (it.checkVisibility() && (width < 24 || height < 24)) found.add(`${width} by ${height}: ${it.outerHTML}`);
    }
    for (const it of performance.getEntriesByType('resource')) found.add(`fetched: ${it.name}`);
    for (const it of document.querySelectorAll('[src], [srcset], script, iframe, object, embed, form, link:not([href^=\"data:\"])')) {
        found.add(`would be fetched or run: ${it.outerHTML}`);
    }
    for (const it of document.querySelectorAll('a')) {
        const at = it.getAttribute('href');
        if (!at.startsWith('#') && new URL(it.href).protocol !== 'file:') found.add(`leads away: ${at}`);
        if (at.startsWith('#') && !document.getElementById(at.slice(1))) found.add(`leads nowhere: ${at}`);
    }
    for (const it of document.querySelectorAll('*')) {
        for (const { name } of it.attributes) if (name.startsWith('on')) found.add(`would run: ${it.outerHTML}`);
    }
    return [...found].slice(0, 20);
";
