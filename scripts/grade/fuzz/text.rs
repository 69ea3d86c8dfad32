//! What makes texts harmless.
#![no_main]

#[path = "../tests/it/harmless.rs"]
mod harmless;

use grade::formats::csv::cell;
use grade::machine_paths::MachinePaths;
use grade::text::{clean, line};
use harmless::{fault, fault_of_cell};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let cleaned = clean(text);
    assert_eq!(fault(&cleaned), None, "{cleaned:?}");
    assert_eq!(clean(&cleaned), cleaned);
    let one = line(text);
    assert_eq!(fault(&one), None, "{one:?}");
    assert_eq!(line(&one), one);
    assert_eq!(fault_of_cell(&cell(text)), None);
    let paths = MachinePaths::new("/a/b".as_ref(), "/a".as_ref(), "/c/d".as_ref());
    assert_eq!(fault(&paths.clean(text)), None);
    let xml = format!("<a>{}</a>", cleaned.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    assert!(roxmltree::Document::parse(&xml).is_ok(), "{xml:?}");
});
