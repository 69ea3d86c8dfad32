//! The scan of Rust files.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    let files = [("src/books/mod.rs".to_owned(), source.to_vec())].into();
    if let Some(violation) = grade::intake::scan::scan(&files) {
        let _ = violation.to_string();
    }
});
