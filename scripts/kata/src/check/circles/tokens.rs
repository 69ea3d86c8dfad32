//! What the tokens of Rust code name: modules, imports, paths and templates. A word in a string or in a
//! comment does not count.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// The names between the `::` of a path.
pub type Path = Vec<String>;

/// What one module's tokens name; what only tests compile is left out.
#[derive(Default)]
pub struct Tokens {
    pub modules: Vec<Module>,
    pub imports: Vec<Import>,
    /// Paths of two names or more outside of imports, each with its line.
    pub paths: Vec<(Path, usize)>,
    /// The names of what the module defines.
    pub items: BTreeSet<String>,
    /// The files that `#[template(path = "…")]` names.
    pub templates: Vec<String>,
}

pub struct Module {
    pub name: String,
    pub body: Body,
}

pub enum Body {
    Inline(Tokens),
    /// In the files that `#[path = "…"]` names, of which a feature may choose one; or else where files of
    /// modules are.
    Files(Vec<String>),
}

/// A name that a `use` brings in.
pub struct Import {
    /// `*` for all names.
    pub name: String,
    pub path: Path,
    pub line: usize,
}

impl Tokens {
    pub fn read(stream: TokenStream) -> Self {
        let mut tokens = Self::default();
        tokens.scan(stream, true);
        tokens
    }

    fn scan(&mut self, stream: TokenStream, is_module: bool) {
        let trees: Vec<_> = stream.into_iter().collect();
        let mut files = Vec::new();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            at = match tree {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    let is_inner = is_punct(trees.get(at + 1), '!');
                    let behind = at + 1 + usize::from(is_inner);
                    let Some(TokenTree::Group(attribute)) = trees.get(behind) else {
                        at += 1;
                        continue;
                    };
                    if is_for_tests(attribute) && is_inner {
                        return;
                    } else if is_for_tests(attribute) {
                        end_of_item(&trees, behind + 1)
                    } else {
                        files.extend(self.attribute(attribute));
                        behind + 1
                    }
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end =
                        (at..trees.len()).find(|at| is_punct(trees.get(*at), ';')).unwrap_or(trees.len());
                    // `use<'a>` in a return type captures lifetimes.
                    if !is_punct(trees.get(at + 1), '<') {
                        self.import(&trees[at + 1..end], &Path::new());
                        end
                    } else {
                        at + 1
                    }
                }
                TokenTree::Ident(word) if is_module && word == "mod" => {
                    let (name, body) = (trees.get(at + 1), trees.get(at + 2));
                    if let (Some(TokenTree::Ident(name)), Some(body)) = (name, body) {
                        let body = match body {
                            TokenTree::Group(body) => Body::Inline(Self::read(body.stream())),
                            _ => Body::Files(std::mem::take(&mut files)),
                        };
                        self.modules.push(Module { name: plain(name), body });
                    }
                    at + 3
                }
                // `pub(crate)` and `pub(in crate::course)` use nothing.
                TokenTree::Ident(word) if word == "pub" => match trees.get(at + 1) {
                    Some(TokenTree::Group(group)) if is_visibility(group) => at + 2,
                    _ => at + 1,
                },
                TokenTree::Ident(word) => {
                    if is_module && at > 0 && defines(&trees[at - 1]) {
                        self.items.insert(plain(word));
                    }
                    let (path, end) = path(&trees, at);
                    if path.len() > 1 {
                        self.paths.push((path, word.span().start().line));
                    }
                    end
                }
                TokenTree::Group(group) => {
                    self.scan(group.stream(), false);
                    at + 1
                }
                // `::std::fs`, and what follows a type in angle brackets.
                _ if is_separator(&trees, at) => path(&trees, at + 2).1,
                _ => at + 1,
            };
        }
    }

    /// Returns the file that the attribute names for a module.
    fn attribute(&mut self, attribute: &Group) -> Option<String> {
        self.scan(attribute.stream(), false);
        let trees: Vec<_> = attribute.stream().into_iter().collect();
        match &trees[..] {
            [TokenTree::Ident(name), TokenTree::Group(arguments)] if name == "template" => {
                self.templates.extend(value(arguments.stream(), "path"));
                None
            }
            [TokenTree::Ident(name), TokenTree::Group(arguments)] if name == "cfg_attr" => {
                value(arguments.stream(), "path")
            }
            _ => value(attribute.stream(), "path"),
        }
    }

    /// The names that `use` brings in by the tree behind `before`.
    fn import(&mut self, trees: &[TokenTree], before: &Path) {
        for tree in trees.split(|tree| is_punct(Some(tree), ',')).filter(|tree| !tree.is_empty()) {
            let (mut names, end) = path(tree, 0);
            let line = tree[0].span().start().line;
            // A crate's name, which no module has.
            if is_separator(tree, 0) {
                continue;
            }
            if !before.is_empty() && names == ["self"] {
                names.clear();
            }
            let path = [before.as_slice(), &names].concat();
            let next = if is_separator(tree, end) { end + 2 } else { end };
            match tree.get(next) {
                Some(TokenTree::Group(group)) => {
                    let inside: Vec<_> = group.stream().into_iter().collect();
                    self.import(&inside, &path);
                }
                Some(TokenTree::Punct(_)) => self.imports.push(Import { name: "*".to_owned(), path, line }),
                Some(TokenTree::Ident(_)) if matches!(tree.get(next + 1), Some(TokenTree::Ident(_))) => {
                    let name = tree[next + 1].to_string();
                    self.imports.push(Import { name, path, line });
                }
                _ => {
                    let name = path.last().cloned().unwrap_or_default();
                    self.imports.push(Import { name, path, line });
                }
            }
        }
    }
}

/// The path that begins at `at`, and where it ends.
fn path(trees: &[TokenTree], mut at: usize) -> (Path, usize) {
    let mut path = Path::new();
    while let Some(TokenTree::Ident(name)) = trees.get(at) {
        path.push(plain(name));
        at += 1;
        match trees.get(at + 2) {
            Some(TokenTree::Ident(_)) if is_separator(trees, at) => at += 2,
            _ => break,
        }
    }
    (path, at)
}

/// The name without `r#`.
fn plain(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

fn is_punct(tree: Option<&TokenTree>, character: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether there is `::` at `at`.
fn is_separator(trees: &[TokenTree], at: usize) -> bool {
    is_punct(trees.get(at), ':') && is_punct(trees.get(at + 1), ':')
}

fn defines(keyword: &TokenTree) -> bool {
    const KEYWORDS: [&str; 8] = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];
    matches!(keyword, TokenTree::Ident(word) if KEYWORDS.iter().any(|keyword| word == keyword))
}

fn is_visibility(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Parenthesis
        && first.is_some_and(|first| ["crate", "in", "self", "super"].contains(&first.to_string().as_str()))
}

/// Whether an attribute says `cfg(test)`, or names a condition that only tests meet.
fn is_for_tests(attribute: &Group) -> bool {
    let trees: Vec<_> = attribute.stream().into_iter().collect();
    match &trees[..] {
        [TokenTree::Ident(name)] => name == "test",
        [TokenTree::Ident(name), TokenTree::Group(condition)] => {
            name == "cfg" && needs_test(&condition.stream().into_iter().collect::<Vec<_>>())
        }
        _ => false,
    }
}

fn needs_test(condition: &[TokenTree]) -> bool {
    match condition {
        [TokenTree::Ident(word)] => word == "test",
        [TokenTree::Ident(all), TokenTree::Group(conditions)] if all == "all" => {
            let conditions: Vec<_> = conditions.stream().into_iter().collect();
            conditions.split(|tree| is_punct(Some(tree), ',')).any(needs_test)
        }
        _ => false,
    }
}

/// Where the item ends that begins at `at`.
fn end_of_item(trees: &[TokenTree], at: usize) -> usize {
    let is_before_keyword = |tree: &&TokenTree| match tree {
        TokenTree::Ident(word) => word == "pub",
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
        _ => is_punct(Some(tree), '#'),
    };
    let keyword = trees[at..].iter().find(|tree| !is_before_keyword(tree));
    let is_import = keyword.is_some_and(|keyword| keyword.to_string() == "use");
    let is_end = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_import,
        _ => is_punct(Some(tree), ';'),
    };
    trees[at..].iter().position(is_end).map_or(trees.len(), |end| at + end + 1)
}

/// The string behind `name =`.
fn value(stream: TokenStream, name: &str) -> Option<String> {
    let trees: Vec<_> = stream.into_iter().collect();
    let at =
        trees.windows(2).position(|pair| pair[0].to_string() == name && is_punct(Some(&pair[1]), '='))?;
    let text = trees.get(at + 2)?.to_string();
    Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}
