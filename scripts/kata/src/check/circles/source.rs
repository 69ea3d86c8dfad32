//! A crate's modules, and which of them use which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{self, PathBuf};

use anyhow::{Context, Result, anyhow};
use proc_macro2::TokenStream;

use super::tokens::{Body, Path, Tokens};
use crate::files;

/// A line of a file.
#[derive(Clone)]
pub struct Place {
    pub file: PathBuf,
    pub line: usize,
}

/// The modules of one crate; a module inside of a file counts as the file's.
pub struct Crate {
    /// Which module uses which, and where, in the order of the modules.
    pub uses: Vec<(String, String, Place)>,
}

impl Crate {
    /// Reads the crate that begins in the file `start`, and the templates of its package.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or is not Rust.
    pub fn read(root: &path::Path, package: &path::Path, start: &path::Path) -> Result<Self> {
        let mut reader = Reader {
            root,
            templates: package.join("templates"),
            modules: BTreeMap::new(),
            mentions: Vec::new(),
        };
        let folder = start.parent().context("a file is in a folder")?;
        reader.read_file(start, folder, &Path::new())?;
        Ok(reader.resolved(&start.file_stem().unwrap_or_default().to_string_lossy()))
    }
}

#[derive(Default)]
struct Module {
    /// The module that the file it is in holds.
    of_file: Path,
    imports: BTreeMap<String, Path>,
    /// The modules that it imports all names of.
    globs: Vec<Path>,
    items: BTreeSet<String>,
}

/// A path that a module names.
struct Mention {
    module: Path,
    path: Path,
    /// A `use` of one name. Where it is a module's, the paths that begin with it say what is used.
    is_import: bool,
    at: Place,
}

struct Reader<'a> {
    root: &'a path::Path,
    templates: PathBuf,
    modules: BTreeMap<Path, Module>,
    mentions: Vec<Mention>,
}

impl Reader<'_> {
    /// Reads the file of a module, whose own modules are in `folder`.
    fn read_file(&mut self, file: &path::Path, folder: &path::Path, module: &Path) -> Result<()> {
        let text = files::read_text(&self.root.join(file))?;
        let stream: TokenStream =
            text.parse().map_err(|error| anyhow!("{} is not Rust: {error}", file.display()))?;
        self.add(Tokens::read(stream), file, folder, module, module)
    }

    fn add(
        &mut self,
        tokens: Tokens,
        file: &path::Path,
        folder: &path::Path,
        module: &Path,
        of_file: &Path,
    ) -> Result<()> {
        let mut read = self.modules.remove(module).unwrap_or_default();
        read.of_file.clone_from(of_file);
        read.items.extend(tokens.items);
        let place = |line| Place { file: file.to_owned(), line };
        let mention =
            |path, is_import, line| Mention { module: module.clone(), path, is_import, at: place(line) };
        for import in tokens.imports {
            self.mentions.push(mention(import.path.clone(), import.name != "*", import.line));
            match import.name.as_str() {
                "*" => read.globs.push(import.path),
                _ => drop(read.imports.insert(import.name, import.path)),
            }
        }
        self.mentions.extend(tokens.paths.into_iter().map(|(path, line)| mention(path, false, line)));
        self.modules.insert(module.clone(), read);
        for template in tokens.templates {
            self.read_template(&template, module, &mut BTreeSet::new());
        }
        for child in tokens.modules {
            let path = [module.as_slice(), std::slice::from_ref(&child.name)].concat();
            let inside = folder.join(&child.name);
            match child.body {
                Body::Inline(tokens) => self.add(tokens, file, &inside, &path, of_file)?,
                Body::Files(names) if names.is_empty() => {
                    let files = [inside.with_extension("rs"), inside.join("mod.rs")];
                    let file = files.iter().find(|file| self.root.join(file).is_file());
                    let file = file.with_context(|| format!("{} does not exist", files[0].display()))?;
                    self.read_file(file, &inside, &path)?;
                }
                Body::Files(names) => {
                    for name in names {
                        let file = file.with_file_name(name);
                        let folder = file.parent().unwrap_or(folder).to_owned();
                        self.read_file(&file, &folder, &path)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds what a template names to the module that is made from it. What is missing or not Rust is for
    /// askama to report.
    fn read_template(&mut self, name: &str, module: &Path, read: &mut BTreeSet<String>) {
        let file = self.templates.join(name);
        let Ok(text) = files::read_text(&self.root.join(&file)) else { return };
        if !read.insert(name.to_owned()) {
            return;
        }
        for (expression, line) in expressions(&text) {
            let Ok(stream) = expression.parse::<TokenStream>() else { continue };
            let words: Vec<_> = stream.clone().into_iter().map(|tree| tree.to_string()).collect();
            if let [keyword, name, ..] = &words[..]
                && ["extends", "import", "include"].contains(&keyword.as_str())
            {
                self.read_template(name.trim_matches('"'), module, read);
            }
            for (path, within) in Tokens::read(stream).paths {
                let at = Place { file: file.clone(), line: line + within - 1 };
                self.mentions.push(Mention { module: module.clone(), path, is_import: false, at });
            }
        }
    }

    /// What uses what, the crate's first module by the name `start`.
    fn resolved(&self, start: &str) -> Crate {
        let name = |module: &Path| if module.is_empty() { start.to_owned() } else { module.join("::") };
        let mut uses = Vec::new();
        for Mention { module, path, is_import, at } in &self.mentions {
            if let Some((used, within)) = self.find(module, path, &mut BTreeSet::new()) {
                let (from, to) = (&self.modules[module].of_file, &self.modules[&used].of_file);
                if from != to && !(*is_import && within.is_empty()) {
                    uses.push((name(from), name(to), at.clone()));
                }
            }
        }
        Crate { uses }
    }

    /// The module that holds what `path` means in `module`, and what of the path is left inside of it.
    fn find(
        &self,
        module: &Path,
        path: &[String],
        seen: &mut BTreeSet<(Path, String)>,
    ) -> Option<(Path, Path)> {
        let (mut base, mut rest) = (module.clone(), path);
        while let Some(keyword) = rest.first().filter(|word| is_keyword(word)) {
            match keyword.as_str() {
                "crate" => base.clear(),
                "super" => drop(base.pop()?),
                _ => {}
            }
            rest = &rest[1..];
        }
        let Some((name, behind)) = rest.split_first() else { return Some((base, Path::new())) };
        let found = self.find_name(&base, name, behind, seen);
        // A name that is not found below a keyword is still that module's: a macro has made it.
        if rest.len() < path.len() { found.or_else(|| Some((base, rest.to_vec()))) } else { found }
    }

    /// What the name, and the path `behind` it, mean in `module`; nothing if it has no such name.
    fn find_name(
        &self,
        module: &Path,
        name: &str,
        behind: &[String],
        seen: &mut BTreeSet<(Path, String)>,
    ) -> Option<(Path, Path)> {
        if !seen.insert((module.clone(), name.to_owned())) {
            return None;
        }
        let here = &self.modules[module];
        let child = [module.as_slice(), &[name.to_owned()]].concat();
        if self.modules.contains_key(&child) {
            return match behind {
                [] => Some((child, Path::new())),
                [next, rest @ ..] => {
                    let found = self.find_name(&child, next, rest, seen);
                    found.or_else(|| Some((child, behind.to_vec())))
                }
            };
        }
        if here.items.contains(name) {
            return Some((module.clone(), [&[name.to_owned()], behind].concat()));
        }
        if let Some(path) = here.imports.get(name) {
            return self.find(module, &[path.as_slice(), behind].concat(), seen);
        }
        here.globs.iter().find_map(|glob| {
            let (from, within) = self.find(module, glob, seen)?;
            // Of an enum, the variants.
            if within.is_empty() { self.find_name(&from, name, behind, seen) } else { None }
        })
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "crate" | "self" | "super")
}

/// What is between `{{ }}` and `{% %}` in a template, each with its line.
fn expressions(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = text[at..].find('{').map(|begin| at + begin) {
        let end = match text[begin..].get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                at = begin + 1;
                continue;
            }
        };
        let Some(length) = text[begin + 2..].find(end) else { break };
        at = begin + 2 + length;
        if end != "#}" {
            let expression = text[begin + 2..at].trim_matches(['-', '+', '~']);
            found.push((expression, 1 + text[..begin].matches('\n').count()));
        }
    }
    found
}
