//! Looks for machine code in what the compiler makes of a submission's macros.
//!
//! `-F unsafe_code` does not see all of it: to rustc, `#[unsafe(naked)]` is not unsafe code, and no lint checks what a
//! derive macro has made, such as the expressions in a template. So rustc prints the source without macros, and a
//! separate process of the grader reads it in a sandbox.

use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use kata::build::recipe::Rustc;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::command;
use crate::intake::taken::Taken;

/// The hidden command, and the first word of what it prints.
pub const INSPECT: &str = "__inspect";
pub const FOUND: &str = "found ";
pub const CLEAN: &str = "clean";

/// Macros that write machine code. In the place of `naked_asm!` rustc prints `asm!`.
const MACROS: [&str; 3] = ["asm", "naked_asm", "global_asm"];
/// Attributes that decide what is linked, or make a function of machine code.
const ATTRIBUTES: [&str; 6] = ["export_name", "link", "link_name", "link_section", "naked", "no_mangle"];

/// Whether anything in these files could become machine code. Without askama, the words have to be somewhere, since no
/// macro puts them together. With it, a template may be a string with escapes, and a macro or `cfg_attr` in any other
/// file may say so; no search for words finds that.
pub fn may_hold_machine_code(library: &Rustc, files: &Taken) -> bool {
    let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    knows_templates(library) || files.values().any(|bytes| holds(bytes, "unsafe") || holds(bytes, "asm"))
}

/// Whether a crate that makes code of templates is among those that the library is compiled with.
fn knows_templates(library: &Rustc) -> bool {
    let externs = library.arguments.windows(2).filter(|two| two[0] == "--extern");
    externs
        .map(|two| &two[1])
        .any(|name| name.rsplit(':').next().is_some_and(|name| name.starts_with("askama")))
}

/// The arguments with which rustc writes the source of a library, without macros, to `file`. `-Z` needs the variable
/// `RUSTC_BOOTSTRAP`.
pub fn arguments(library: &Rustc, file: &Path) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut words = command::arguments(library).into_iter().peekable();
    while let Some(word) = words.next() {
        let is_incremental =
            word == "-C" && words.peek().is_some_and(|next| next.starts_with("incremental="));
        if word == "--out-dir" || is_incremental {
            words.next();
        } else if !word.starts_with("--emit") {
            arguments.push(word);
        }
    }
    arguments.extend(["-Zunpretty=expanded".to_owned(), "-o".to_owned(), file.display().to_string()]);
    arguments
}

/// `__inspect`: prints what it has found in a file of rustc's.
pub fn inspect() -> ExitCode {
    let Some(text) = std::env::args_os().nth(2).and_then(|file| std::fs::read_to_string(file).ok()) else {
        return ExitCode::FAILURE;
    };
    let Ok(tokens) = TokenStream::from_str(&text) else { return ExitCode::FAILURE };
    match first_in(tokens) {
        Some(what) => println!("{FOUND}{what}"),
        None => println!("{CLEAN}"),
    }
    ExitCode::SUCCESS
}

/// One group on the way through the source. There is a stack of them, since brackets can be nested without end.
struct Level {
    trees: Vec<TokenTree>,
    next: usize,
    made_by: MadeBy,
    /// The attribute that says that a derive macro has made it stands before the next item.
    next_is_derived: bool,
    /// Up to where every pair of braces belongs to an item that a derive macro has made, and which one.
    derived: Option<(usize, MadeBy)>,
}

/// The author of some code.
#[derive(Clone, Copy, PartialEq)]
enum MadeBy {
    /// `-F unsafe_code` has seen it.
    Student,
    /// One of the compiler's own, or one of a dependency.
    Derive,
    /// Whatever is in it may have been in the template.
    Template,
}

impl Level {
    fn new(tokens: TokenStream, made_by: MadeBy) -> Self {
        let trees = tokens.into_iter().collect();
        Self { trees, next: 0, made_by, next_is_derived: false, derived: None }
    }

    fn word(&self, at: usize) -> Option<String> {
        match self.trees.get(at)? {
            TokenTree::Ident(word) => Some(word.to_string().trim_start_matches("r#").to_owned()),
            _ => None,
        }
    }

    fn is_mark(&self, at: usize, mark: char) -> bool {
        matches!(self.trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
    }

    fn group(&self, at: usize, delimiter: Option<Delimiter>) -> Option<&Group> {
        match self.trees.get(at)? {
            TokenTree::Group(group) if delimiter.is_none_or(|wanted| group.delimiter() == wanted) => {
                Some(group)
            }
            _ => None,
        }
    }

    /// The last braces that may be those of the `impl` at this place. Others may stand in its types: `Page<{ 3 }>`. In
    /// a function, the statement behind the `impl` may begin with a sign, too, so those before them count as well.
    fn last_body(&self, start: usize) -> usize {
        let is_body = |at: &usize| {
            let is_in_a_type =
                matches!(self.trees.get(at + 1), Some(TokenTree::Punct(mark)) if mark.as_char() != '#');
            self.group(*at, Some(Delimiter::Brace)).is_some() && !is_in_a_type
        };
        (start..self.trees.len()).find(is_body).unwrap_or(self.trees.len())
    }
}

/// The first machine code in the source, in words.
fn first_in(tokens: TokenStream) -> Option<String> {
    let mut levels = vec![Level::new(tokens, MadeBy::Student)];
    while let Some(level) = levels.last_mut() {
        let at = level.next;
        level.next += 1;
        if at >= level.trees.len() {
            levels.pop();
            continue;
        }
        if let Some(word) = level.word(at) {
            let is_call = level.is_mark(at + 1, '!') && level.group(at + 2, None).is_some();
            if is_call && MACROS.contains(&word.as_str()) {
                return Some(format!("`{word}!`"));
            }
            let is_refused = match level.made_by {
                MadeBy::Student => false,
                MadeBy::Derive => !is_unreachable(level.group(at + 1, Some(Delimiter::Brace))),
                MadeBy::Template => true,
            };
            if word == "unsafe" && is_refused {
                return Some("`unsafe` in a template".to_owned());
            }
            if word == "impl" {
                let last = level.last_body(at);
                let is_templates =
                    (at..last).filter_map(|at| level.word(at)).any(|word| word.ends_with("Template"));
                if is_templates {
                    level.derived = Some((last, MadeBy::Template));
                } else if level.next_is_derived {
                    level.derived = Some((last, MadeBy::Derive));
                }
                level.next_is_derived = false;
            }
        }
        if level.is_mark(at, '#') {
            let at = if level.is_mark(at + 1, '!') { at + 2 } else { at + 1 };
            let name = level.group(at, Some(Delimiter::Bracket)).and_then(|group| attribute(group.stream()));
            match name {
                Some(name) if ATTRIBUTES.contains(&name.as_str()) => {
                    return Some(format!("the attribute `{name}`"));
                }
                Some(name) => level.next_is_derived |= name == "automatically_derived",
                None => {}
            }
        }
        if let Some(group) = level.group(at, None) {
            let of_item = level.derived.filter(|(last, _)| at <= *last).map(|(_, made_by)| made_by);
            // What is in a template stays a template's, whatever it says of itself.
            let made_by = match level.made_by {
                MadeBy::Template => MadeBy::Template,
                outer => of_item.unwrap_or(outer),
            };
            let inside = Level::new(group.stream(), made_by);
            levels.push(inside);
        }
    }
    None
}

/// What the compiler's own derive macros write where nothing can ever come.
fn is_unreachable(block: Option<&Group>) -> bool {
    let text = block.map(|block| block.stream().to_string().replace(' ', ""));
    text.is_some_and(|text| text == "::core::intrinsics::unreachable()")
}

/// The name of an attribute, also where `unsafe(…)` is around it.
fn attribute(tokens: TokenStream) -> Option<String> {
    let level = Level::new(tokens, MadeBy::Student);
    match level.word(0)?.as_str() {
        "unsafe" => attribute(level.group(1, None)?.stream()),
        name => Some(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(source: &str) -> Option<String> {
        first_in(TokenStream::from_str(source).unwrap())
    }

    #[test]
    fn machine_code_is_found_anywhere() {
        for (source, found) in [
            ("#[unsafe(naked)] extern \"C\" fn f() { asm!(\"ret\") }", "the attribute `naked`"),
            ("fn f() { core::arch::asm!(\"nop\") }", "`asm!`"),
            ("mod a { mod b { global_asm!(\"x:\"); } }", "`global_asm!`"),
            ("#[unsafe(export_name = \"x\")] fn f() {}", "the attribute `export_name`"),
            ("#[r#no_mangle] fn f() {}", "the attribute `no_mangle`"),
            ("fn f() { #![link_section = \".x\"] }", "the attribute `link_section`"),
            ("#[automatically_derived] impl A for B { fn f() { unsafe { g() } } }", "`unsafe` in a template"),
            (
                "#[automatically_derived] impl A for B<{ 3 }> { fn f() { unsafe { g() } } }",
                "`unsafe` in a template",
            ),
            (
                "impl askama::Template for B where C<{ 3 }>: D { fn f() { { unsafe { g() } } } }",
                "`unsafe` in a template",
            ),
            // The statement behind it begins with a sign.
            (
                "fn f() { impl askama::Template for B { fn f() { unsafe { g() } } } ::core::mem::drop(1); }",
                "`unsafe` in a template",
            ),
            (
                "fn f() { impl Template for B { fn f() { unsafe { g() } } } &1; { } }",
                "`unsafe` in a template",
            ),
            // `extern crate self as core` may stand elsewhere.
            (
                "impl Template for B { fn f() { unsafe { ::core::intrinsics::unreachable() } } }",
                "`unsafe` in a template",
            ),
            (
                "impl Template for B { fn f() { #[automatically_derived] impl A for C { fn f() { \
                 unsafe { ::core::intrinsics::unreachable() } } } } }",
                "`unsafe` in a template",
            ),
        ] {
            assert_eq!(first(source).as_deref(), Some(found), "{source}");
        }
    }

    #[test]
    fn code_that_library_macros_write_is_not_the_students() {
        for source in [
            "const X: K = { unsafe { ::std::thread::LocalKey::new(1) } };",
            "#[automatically_derived] unsafe impl ::core::clone::TrivialClone for A { }",
            "#[automatically_derived] impl A for B { fn f() { unsafe { ::core::intrinsics::unreachable() } } }",
            "#[automatically_derived] impl A for B { } fn f() { unsafe { g() } }",
            "fn f(asm: u8) -> bool { asm != (1) && \"#[naked]\" != \"asm!()\" }",
            "#[doc = \"naked\"] #[serde(link = \"x\")] struct A { link: u8, naked: u8 }",
        ] {
            assert_eq!(first(source), None, "{source}");
        }
    }

    #[test]
    fn the_expanded_code_is_checked_if_there_are_templates_or_suspicious_words() {
        let with = |name: &str| Rustc {
            wrappers: Vec::new(),
            program: "rustc".into(),
            arguments: ["--extern", name].map(str::to_owned).to_vec(),
            variables: [].into(),
            folder: "/".into(),
        };
        let of = |name: &str, path: &str, text: &str| {
            may_hold_machine_code(&with(name), &[(path.to_owned(), text.into())].into())
        };
        let diesel = "diesel=/target/libdiesel.rlib";
        assert!(of(diesel, "src/call.inc", "naked_asm!()"));
        assert!(of(diesel, "templates/home.html", "{{ format!(\"{}\", unsafe { 1 }) }}"));
        assert!(!of(diesel, "src/lib.rs", "#[cfg_attr(all(), path = \"home.rs\")] mod home;"));
        for askama in ["askama=/target/libaskama.rlib", "noprelude:askama_web=/target/libaskama_web.rlib"] {
            assert!(of(askama, "src/lib.rs", "fn nothing() {}"), "{askama}");
        }
    }

    #[test]
    fn deeply_nested_brackets_are_followed() {
        let deep = format!("{}asm!(){}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(first(&deep).as_deref(), Some("`asm!`"));
    }
}
