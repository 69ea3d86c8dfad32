use std::path::Path;

use tempfile::TempDir;

use super::source::Crate;
use super::{Step, circles};
use crate::files::write;

fn read(files: &[(&str, &str)]) -> (TempDir, Crate) {
    let root = tempfile::tempdir().unwrap();
    for (file, text) in files {
        write(&root.path().join(file), text).unwrap();
    }
    let read = Crate::read(root.path(), Path::new(""), Path::new("src/lib.rs")).unwrap();
    (root, read)
}

/// The crate of these files has this circle and no other.
#[track_caller]
fn expect_circle(files: &[(&str, &str)], expected: &[&str]) {
    let step = |step: &Step| {
        let file = step.at.file.display().to_string().replace('\\', "/");
        format!("{} > {} {file}:{}", step.from, step.to, step.at.line)
    };
    let circles = circles(&read(files).1);
    let steps: Vec<Vec<_>> = circles.iter().map(|circle| circle.steps.iter().map(step).collect()).collect();
    assert_eq!(steps, [expected]);
}

#[track_caller]
fn expect_none(files: &[(&str, &str)]) {
    let descriptions: Vec<_> = circles(&read(files).1).iter().map(super::Circle::description).collect();
    assert!(descriptions.is_empty(), "{descriptions:#?}");
}

#[test]
fn a_child_that_uses_its_parent_which_uses_the_child() {
    expect_circle(
        &[
            ("src/lib.rs", "mod books;"),
            ("src/books.rs", "mod list;\npub struct Book;\nfn all() { list::all() }"),
            ("src/books/list.rs", "use super::Book;\npub fn all() -> Book { Book }"),
        ],
        &["books > books::list src/books.rs:3", "books::list > books src/books/list.rs:1"],
    );
}

#[test]
fn siblings_that_use_each_other_by_absolute_and_relative_paths() {
    for path in ["crate::books::Book", "super::books::Book", "self::super::books::Book"] {
        expect_circle(
            &[
                ("src/lib.rs", "mod authors;\nmod books;"),
                ("src/authors.rs", &format!("//! Authors.\n\nfn first() -> {path} {{ todo!() }}")),
                ("src/books.rs", "use crate::{\n    authors::first,\n};\npub struct Book;"),
            ],
            &["authors > books src/authors.rs:3", "books > authors src/books.rs:2"],
        );
    }
}

#[test]
fn a_grandchild_and_its_grandparent() {
    expect_circle(
        &[
            ("src/lib.rs", "mod shop;"),
            ("src/shop.rs", "mod books;\nuse books::list::all;\npub struct Shop;"),
            ("src/shop/books.rs", "pub mod list;"),
            ("src/shop/books/list.rs", "use super::super::Shop;"),
        ],
        &["shop > shop::books::list src/shop.rs:2", "shop::books::list > shop src/shop/books/list.rs:1"],
    );
}

#[test]
fn a_circle_of_three_modules() {
    expect_circle(
        &[
            ("src/lib.rs", "mod a; mod b; mod c;"),
            ("src/a.rs", "use crate::b::B;"),
            ("src/b.rs", "use crate::c;\nfn b() { c::c() }"),
            ("src/c.rs", "use crate::a::A;"),
        ],
        &["a > b src/a.rs:1", "b > c src/b.rs:2", "c > a src/c.rs:1"],
    );
}

#[test]
fn modules_outside_of_the_shortest_circle_are_named() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "use crate::b::B;"),
        ("src/b.rs", "use crate::{a::A, c::C};"),
        ("src/c.rs", "use crate::a::A; use crate::d::D;"),
        ("src/d.rs", ""),
    ];
    assert_eq!(
        circles(&read(&files).1)[0].description().replace('\\', "/"),
        "modules use each other in a circle: a uses b (src/a.rs:1), b uses a (src/b.rs:1); the circle also \
         includes c; move what they share into a module below them"
    );
}

#[test]
fn a_template_counts_as_part_of_the_module_that_uses_it() {
    expect_circle(
        &[
            ("src/lib.rs", "mod board;\nmod text;"),
            ("src/board.rs", "#[derive(Template)]\n#[template(path = \"board.html\")]\npub struct Board;"),
            ("src/text.rs", "use crate::board::Board;\npub fn price() {}"),
            ("templates/board.html", "{# crate::no::code #}\n{%- extends \"layout.html\" -%}\n{{ price }}"),
            ("templates/layout.html", "<p>\n{% if a %}{{ crate::text::price(1) }}{% endif %}"),
        ],
        &["board > text templates/layout.html:2", "text > board src/text.rs:1"],
    );
}

#[test]
fn a_glob_of_the_parent_uses_the_parent() {
    expect_circle(
        &[
            ("src/lib.rs", "mod books;"),
            ("src/books.rs", "mod list;\npub use list::all;\npub struct Book;"),
            ("src/books/list.rs", "use super::*;"),
        ],
        &["books > books::list src/books.rs:2", "books::list > books src/books/list.rs:1"],
    );
}

#[test]
fn a_name_belongs_to_the_module_that_defines_it_even_if_others_reexport_it() {
    expect_circle(
        &[
            ("src/lib.rs", "mod books; mod authors; pub use books::*; use authors::Author as Writer;"),
            ("src/books.rs", "use crate::Writer;\npub struct Book;"),
            ("src/authors.rs", "use crate::Book;\npub struct Author;"),
        ],
        &["authors > books src/authors.rs:1", "books > authors src/books.rs:1"],
    );
}

#[test]
fn a_module_inside_of_a_file_counts_as_the_file() {
    expect_circle(
        &[
            ("src/lib.rs", "mod books; mod authors;"),
            ("src/books.rs", "pub mod inner { use super::super::authors::first; pub struct Book; }"),
            ("src/authors.rs", "use crate::books;\npub fn first() -> books::inner::Book { todo!() }"),
        ],
        &["authors > books src/authors.rs:2", "books > authors src/books.rs:1"],
    );
}

#[test]
fn every_file_that_a_feature_can_select_for_a_module_counts() {
    expect_circle(
        &[
            (
                "src/lib.rs",
                "mod text;\n#[cfg_attr(unix, path = \"one/a.rs\")]\n#[cfg_attr(windows, path = \"b.rs\")]\nmod books;",
            ),
            ("src/text.rs", "use crate::books::Book;\npub fn title() {}"),
            ("src/one/a.rs", "use super::text;\npub fn title() { text::title() }"),
            ("src/b.rs", "pub struct Book;"),
        ],
        &["books > text src/one/a.rs:2", "text > books src/text.rs:1"],
    );
}

#[test]
fn declaring_and_reexporting_is_not_a_circle() {
    expect_none(&[
        ("src/lib.rs", "pub mod books;\nmod text;\npub use books::Book;\npub use text::*;"),
        ("src/books.rs", "use crate::text::title;\nuse crate::label;\npub struct Book;"),
        ("src/text.rs", "pub fn title() {}\npub fn label() {}"),
    ]);
}

#[test]
fn tests_do_not_count() {
    for tests in [
        "#[cfg(test)]\nmod tests { use crate::books::Book; }\n",
        "#[cfg(test)]\nmod tests;\n",
        "#[cfg(test)]\nuse crate::{books::Book};\n",
        "#[cfg(all(unix, test))]\n#[derive(Debug)]\nstruct Shelf(crate::books::Book);\n",
    ] {
        expect_none(&[
            ("src/lib.rs", "mod books;\nmod text;"),
            ("src/books.rs", "use crate::text::title;\npub struct Book;"),
            ("src/text.rs", &format!("{tests}use std::fmt;\npub fn title() {{}}")),
        ]);
    }
}

#[test]
fn code_after_the_tests_counts() {
    expect_circle(
        &[
            ("src/lib.rs", "mod books;\nmod text;"),
            ("src/books.rs", "use crate::text::title;\npub struct Book;"),
            ("src/text.rs", "#[cfg(test)]\nmod tests {}\n#[cfg(not(test))]\nuse crate::books::Book;"),
        ],
        &["books > text src/books.rs:1", "text > books src/text.rs:4"],
    );
}

#[test]
fn strings_comments_other_crates_and_visibilities_do_not_count_as_uses() {
    expect_none(&[
        ("src/lib.rs", "mod books;\nmod text;"),
        ("src/books.rs", "use crate::text::title;\npub struct Book;"),
        (
            "src/text.rs",
            "//! See [`crate::books`].\n/* use crate::books::Book; */\nuse other::books::Book;\n\
             use ::books::Book as B;\npub(in crate::books) fn title() -> ::books::Book {\n    \
             println!(\"crate::books::Book\", r#\"use crate::books;\"#)\n}",
        ),
    ]);
}
