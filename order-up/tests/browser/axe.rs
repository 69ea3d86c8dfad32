//! What axe finds on a page. The tests of the page for the lessons use it, too.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::Chrome;

/// The violations on the page that the browser shows.
pub async fn violations(chrome: &Chrome) -> Vec<String> {
    violations_of(chrome, json!({})).await
}

/// Those of colors alone, which are all that differs between day and night.
#[allow(dead_code, reason = "the tests of the gradebook do without")]
pub async fn violations_of_colors(chrome: &Chrome) -> Vec<String> {
    violations_of(chrome, json!({ "runOnly": ["color-contrast", "link-in-text-block"] })).await
}

async fn violations_of(chrome: &Chrome, options: Value) -> Vec<String> {
    let is_there = chrome.execute("return typeof axe === 'object'", vec![]).await.expect("the script runs");
    if is_there == false {
        chrome.execute(&axe(), vec![]).await.expect("axe can be read");
    }
    findings(chrome.execute_async(RUN_AXE, vec![options]).await.expect("axe runs"))
}

/// What a script found.
pub fn findings(found: Value) -> Vec<String> {
    serde_json::from_value(found).expect("a script returns a list of texts")
}

fn axe() -> String {
    const FILE: &str = "target/axe/node_modules/axe-core/axe.min.js";
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(FILE));
    let file = above.into_iter().find(|file| file.is_file()).unwrap_or_else(|| {
        panic!("there is no {FILE}; `npm install --prefix target/axe axe-core@4.14.1` puts it there")
    });
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What axe calls a violation: the rule, the element, and why. It names no elements that are as they should be, and
/// loads no style sheets again: half of its time.
const RUN_AXE: &str = "
    const done = arguments[arguments.length - 1];
    const less = { resultTypes: ['violations'], selectors: false, preload: false };
    axe.run(document, { ...less, ...arguments[0] }).then(
        ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(node => `axe: ${id}: ${node.html} ${node.failureSummary}`))),
        error => done([`axe: ${error}`]),
    );
";
