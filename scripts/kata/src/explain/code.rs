//! The lesson's own code, as far as explanations speak of it: tables, structs, functions.

mod earlier;
mod fields;

use std::collections::BTreeSet;
use std::path::Path;

pub use fields::Field;
use fields::{DEEPEST, fields, is_punct};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::nesting::tokens;
use crate::content::sources;
use crate::course::Lesson;
use crate::{Database, base_folder, files};

pub struct Code {
    /// The folder of the lesson, relative to the workspace, with slashes and one at its end.
    pub folder: String,
    /// Where the course keeps the lesson as it was handed out, if it does.
    pub handed_out: Vec<Source>,
    pub sources: Vec<Source>,
    /// The migrations of earlier lessons, in the order in which they run.
    pub earlier: Vec<Source>,
    pub tables: Vec<Table>,
    pub models: Vec<Model>,
    pub database: Database,
}

/// A file, named relative to the workspace, with slashes.
pub struct Source {
    pub file: String,
    pub text: String,
}

/// What a `table!` declares.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Field>,
    pub file: String,
}

/// A struct with named fields.
#[derive(Debug)]
pub struct Model {
    pub name: String,
    pub derives: BTreeSet<String>,
    /// What `#[diesel(table_name = …)]` names.
    pub table: Option<String>,
    pub parents: Vec<String>,
    pub fields: Vec<Field>,
    pub file: String,
    pub line: usize,
}

impl Code {
    /// What cannot be read, or is not Rust yet, is left out.
    pub fn read(root: &Path, lesson: &Lesson, database: Database) -> Self {
        let folder = lesson.folder();
        let read = |root: &Path| -> Vec<Source> {
            let source = |file: std::path::PathBuf| {
                let name = folder.join(&file).to_string_lossy().replace('\\', "/");
                let text = files::read_text(&root.join(&folder).join(&file)).ok()?;
                Some(Source { file: name, text })
            };
            sources(&root.join(&folder)).into_iter().filter_map(source).collect()
        };
        let (sources, handed_out) = (read(root), read(&base_folder(root)));
        let earlier = earlier::migrations(root, lesson).into_iter();
        let earlier = earlier.map(|(file, text)| Source { file, text }).collect();
        Self { earlier, ..Self::of(lesson, database, sources, handed_out) }
    }

    /// The code in these files, whose names are relative to the workspace.
    pub fn of(lesson: &Lesson, database: Database, sources: Vec<Source>, handed_out: Vec<Source>) -> Self {
        let mut code = Self {
            folder: format!("{}/", lesson.folder().to_string_lossy().replace('\\', "/")),
            handed_out,
            sources: Vec::new(),
            earlier: Vec::new(),
            tables: Vec::new(),
            models: Vec::new(),
            database,
        };
        for source in sources.iter().filter(|source| source.file.ends_with(".rs")) {
            if let Some(stream) = tokens(&source.text) {
                code.scan(stream, &source.file, 0);
            }
        }
        code.sources = sources;
        code
    }

    fn scan(&mut self, stream: TokenStream, file: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let trees: Vec<_> = stream.into_iter().collect();
        let mut attributes: Vec<TokenStream> = Vec::new();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) if is_punct(trees.get(at.wrapping_sub(1)), '#') => {
                    attributes.push(group.stream());
                }
                TokenTree::Ident(word) if word == "struct" => {
                    self.models.extend(model(&trees[at + 1..], &attributes, file));
                    attributes.clear();
                }
                TokenTree::Ident(word) if word == "table" && is_punct(trees.get(at + 1), '!') => {
                    if let Some(TokenTree::Group(body)) = trees.get(at + 2) {
                        self.tables.extend(table(body, file));
                    }
                }
                TokenTree::Ident(word)
                    if ["fn", "enum", "use", "impl", "mod"].iter().any(|other| word == other) =>
                {
                    attributes.clear();
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.scan(group.stream(), file, depth + 1);
                }
                _ => {}
            }
        }
    }

    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The struct with a field on this line, and the field.
    pub fn field_at(&self, file: &str, line: usize) -> Option<(&Model, &Field)> {
        let models = self.models.iter().filter(|model| model.file == file);
        models
            .flat_map(|model| model.fields.iter().map(move |field| (model, field)))
            .find(|(_, field)| field.line == line)
    }

    /// The struct that this line of the file belongs to: it is at the line, or the next one below it.
    pub fn model_from(&self, file: &str, line: usize) -> Option<&Model> {
        let below = self.models.iter().filter(|model| model.file == file && model.line >= line);
        below.min_by_key(|model| model.line)
    }

    /// The text of a source, or nothing.
    pub fn text(&self, file: &str) -> &str {
        self.sources.iter().find(|source| source.file == file).map_or("", |source| &source.text)
    }

    /// Whether a line of code names the table, or a struct that stands for its rows.
    pub fn names_table(&self, line: &str, table: &Table) -> bool {
        let names = |name: &str| line.contains(&format!("{name}::"));
        names(&table.name) || self.models_of(&table.name).any(|model| names(&model.name))
    }

    /// The structs that stand for rows of a table.
    pub fn models_of(&self, table: &str) -> impl Iterator<Item = &Model> {
        let name = table.to_owned();
        self.models.iter().filter(move |model| model.table.as_deref() == Some(&name))
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Field> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Model {
    pub fn derives(&self, name: &str) -> bool {
        self.derives.contains(name)
    }
}

fn model(trees: &[TokenTree], attributes: &[TokenStream], file: &str) -> Option<Model> {
    let TokenTree::Ident(name) = trees.first()? else { return None };
    // Behind the name: its parameters, perhaps; a tuple struct has no braces.
    let end = trees.iter().position(|tree| is_punct(Some(tree), ';')).unwrap_or(trees.len());
    let is_body =
        |tree: &&TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let Some(TokenTree::Group(body)) = trees[..end].iter().find(is_body) else { return None };
    let mut model = Model {
        name: name.to_string(),
        derives: BTreeSet::new(),
        table: None,
        parents: Vec::new(),
        fields: fields(body, ':'),
        file: file.to_owned(),
        line: name.span().start().line,
    };
    for attribute in attributes {
        model.take_attribute(&attribute.clone().into_iter().collect::<Vec<_>>());
    }
    Some(model)
}

impl Model {
    fn take_attribute(&mut self, trees: &[TokenTree]) {
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group))) = (trees.first(), trees.get(1))
        else {
            return;
        };
        let words: Vec<_> = group.stream().into_iter().collect();
        if name == "derive" {
            self.derives.extend(words.iter().filter_map(|word| match word {
                TokenTree::Ident(word) => Some(word.to_string()),
                _ => None,
            }));
        }
        if name != "diesel" {
            return;
        }
        for (at, word) in words.iter().enumerate() {
            match (word.to_string().as_str(), words.get(at + 1), words.get(at + 2)) {
                ("table_name", Some(_), Some(TokenTree::Ident(_))) => {
                    // Of a path, the last name.
                    let path = words[at + 2..].iter().take_while(|word| !is_punct(Some(word), ','));
                    self.table = path.last().map(ToString::to_string);
                }
                ("belongs_to", Some(TokenTree::Group(parent)), _) => {
                    self.parents.extend(parent.stream().into_iter().next().map(|parent| parent.to_string()));
                }
                _ => {}
            }
        }
    }
}

/// The tables of one `table!`: its body is a name, perhaps a key, and the columns.
fn table(body: &Group, file: &str) -> Option<Table> {
    let trees: Vec<_> = body.stream().into_iter().collect();
    let columns = trees.iter().rev().find_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    })?;
    let named = |tree: &TokenTree| match tree {
        TokenTree::Ident(name) if name != "use" => Some(name.to_string()),
        _ => None,
    };
    // Behind the last `;` of imports.
    let start = trees.iter().rposition(|tree| is_punct(Some(tree), ';')).map_or(0, |at| at + 1);
    let name = trees[start..].iter().find_map(named)?;
    Some(Table { name, columns: fields(columns, '>'), file: file.to_owned() })
}
