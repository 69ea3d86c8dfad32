//! The course in a browser: the lessons' text, the verdict on what is written, and a picture of its tables.
//!
//!     cargo kata page

#![warn(clippy::missing_errors_doc)]

pub mod access;
pub mod app;
pub mod beside;
pub mod cells;
pub mod course_map;
pub mod data;
pub mod diff;
pub mod editor;
pub mod expected_tables;
pub mod export;
pub mod framed;
pub mod grids;
pub mod highlight;
pub mod judging;
pub mod lesson_page;
pub mod links;
pub mod markdown;
pub mod panel;
pub mod picture;
pub mod rows;
pub mod server;
pub mod sql;
pub mod waits;

/// The text as it shows in a page.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
