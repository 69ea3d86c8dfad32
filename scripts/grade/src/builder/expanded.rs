//! Looks for machine code in what the compiler makes of a submission's macros.
//!
//! `-F unsafe_code` does not see all of it: `#[unsafe(naked)]` is no unsafe code to rustc, and no lint looks into what a
//! derive macro has made, such as the expressions in a template. So rustc prints the source without macros, and a process
//! of the grader's own reads it in a sandbox.

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

/// Whether anything in these files could become machine code. The words have to be somewhere: no macro puts them
/// together, except from a template that is written as a string, with escapes.
pub fn may_hold_machine_code(files: &Taken) -> bool {
    let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    let is_suspect = |bytes: &Vec<u8>| {
        holds(bytes, "unsafe") || holds(bytes, "asm") || (holds(bytes, "template") && holds(bytes, "source"))
    };
    files.values().any(is_suspect)
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
    /// Whether a derive macro has made it.
    is_derived: bool,
    /// The attribute that says so stands before the next item.
    next_is_derived: bool,
    /// Where the braces are of the item that is being read, if a derive macro has made it.
    derived_body: Option<usize>,
}

impl Level {
    fn new(tokens: TokenStream, is_derived: bool) -> Self {
        let trees = tokens.into_iter().collect();
        Self { trees, next: 0, is_derived, next_is_derived: false, derived_body: None }
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

    /// The braces of the `impl` at this place. Others may stand in its types: `Page<{ 3 }>`.
    fn body(&self, start: usize) -> Option<usize> {
        (start..self.trees.len()).find(|at| {
            let is_in_a_type =
                matches!(self.trees.get(at + 1), Some(TokenTree::Punct(mark)) if mark.as_char() != '#');
            self.group(*at, Some(Delimiter::Brace)).is_some() && !is_in_a_type
        })
    }
}

/// The first machine code in the source, in words.
fn first_in(tokens: TokenStream) -> Option<String> {
    let mut levels = vec![Level::new(tokens, false)];
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
            if word == "unsafe"
                && level.is_derived
                && !is_unreachable(level.group(at + 1, Some(Delimiter::Brace)))
            {
                return Some("`unsafe` in a template".to_owned());
            }
            if word == "impl" {
                let body = level.body(at);
                let header = at..body.unwrap_or(at);
                let is_templates =
                    header.into_iter().filter_map(|at| level.word(at)).any(|word| word.ends_with("Template"));
                if level.next_is_derived || is_templates {
                    level.derived_body = body;
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
            let is_derived = level.is_derived || level.derived_body == Some(at);
            let inside = Level::new(group.stream(), is_derived);
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
    let level = Level::new(tokens, false);
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
    fn machine_code_is_found_wherever_it_is() {
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
        ] {
            assert_eq!(first(source).as_deref(), Some(found), "{source}");
        }
    }

    #[test]
    fn what_macros_of_others_write_is_theirs() {
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
    fn a_second_look_is_taken_where_a_word_is_in_any_file() {
        let of = |path: &str, text: &str| may_hold_machine_code(&[(path.to_owned(), text.into())].into());
        assert!(of("src/call.inc", "naked_asm!()"));
        assert!(of("templates/home.html", "{{ format!(\"{}\", unsafe { 1 }) }}"));
        assert!(of("src/lib.rs", "#[template(source = \"un\\u{73}afe\", ext = \"html\")]"));
        assert!(!of("src/lib.rs", "#[template(path = \"home.html\")]"));
    }

    #[test]
    fn brackets_are_followed_without_end() {
        let deep = format!("{}asm!(){}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(first(&deep).as_deref(), Some("`asm!`"));
    }
}
