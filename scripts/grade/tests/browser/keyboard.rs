//! Everything without a mouse or a finger.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;

use crate::classes::class;
use crate::driver::Chrome;
use crate::{DESKTOP, open};

#[tokio::test]
async fn the_keyboard_reaches_everything_and_the_focus_is_visible() {
    let written = class(30);
    let chrome = open(&written, DESKTOP).await;
    for path in ["gradebook.html", &written.letters[1]] {
        chrome.open(&path.replace('%', "%25").replace('#', "%23")).await;
        walk(&chrome, path).await;
        // Everything that is behind something else.
        chrome.eval("document.querySelectorAll('details').forEach(it => it.open = true)").await;
        walk(&chrome, path).await;
    }
    chrome.quit().await;
}

#[tokio::test]
async fn enter_opens_a_folded_section_and_follows_a_students_link() {
    let written = class(30);
    let chrome = open(&written, DESKTOP).await;
    chrome.open("gradebook.html").await;
    // The first key reaches the way past everything else.
    press(&chrome, Key::Tab).await;
    assert_eq!(focused(&chrome).await, "Skip to the lessons");
    press(&chrome, Key::Enter).await;
    assert_eq!(chrome.eval("location.hash").await, "#main");
    chrome.eval("document.querySelector('#students summary').focus()").await;
    press(&chrome, Key::Enter).await;
    assert_eq!(chrome.eval("document.querySelector('#students details').open").await, true);
    chrome.eval("document.querySelector('#students table a').focus()").await;
    press(&chrome, Key::Enter).await;
    for _ in 0..100 {
        if chrome.title().await.expect("a page has a title").starts_with("Feedback for ") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(chrome.title().await.expect("a page has a title"), "Feedback for Ann Lee 0");
    assert_eq!(chrome.eval("document.querySelector('h1').textContent").await, "Feedback for Ann Lee 0");
    chrome.quit().await;
}

/// Presses Tab until the focus has been everywhere.
async fn walk(chrome: &Chrome, path: &str) {
    let count = chrome.execute(NUMBER, vec![]).await.expect("the script runs").as_u64().expect("a number");
    assert!(count > 0, "{path} has something to reach");
    let mut reached = std::collections::BTreeSet::new();
    // What can be scrolled gets the focus, too.
    for _ in 0..count * 2 + 20 {
        press(chrome, Key::Tab).await;
        let now = chrome.execute(FOCUS, vec![]).await.expect("the script runs");
        if let Some(number) = now["number"].as_str() {
            assert!(now["is_shown"].as_bool().unwrap_or_default(), "{path}: {now}");
            reached.insert(number.to_owned());
        }
        if reached.len() as u64 == count {
            return;
        }
    }
    let missed = (0..count).map(|number| number.to_string()).find(|number| !reached.contains(number));
    let what =
        chrome.eval(&format!("document.querySelector('[data-n=\"{}\"]').outerHTML", missed.unwrap())).await;
    panic!("{path}: Tab never reaches {what}");
}

async fn focused(chrome: &Chrome) -> String {
    let text: Value = chrome.eval("document.activeElement.textContent").await;
    text.as_str().unwrap_or_default().to_owned()
}

async fn press(chrome: &Chrome, key: Key) {
    let key = char::from(key);
    let actions = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key });
    chrome.perform_actions(actions).await.expect("the key is pressed");
}

/// Numbers what a person can act upon, and says how many there are.
const NUMBER: &str = "
    const all = [...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].filter(it => it.checkVisibility());
    all.forEach((it, number) => it.dataset.n = number);
    document.activeElement.blur();
    getSelection().removeAllRanges();
    return all.length;
";

/// What has the focus, and whether somebody sees that it has.
const FOCUS: &str = "
    const it = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    const { top, bottom } = it.getBoundingClientRect();
    const is_shown = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && bottom > 0 && top < innerHeight;
    return { number: it.dataset.n, is_shown, html: it.cloneNode(false).outerHTML };
";
