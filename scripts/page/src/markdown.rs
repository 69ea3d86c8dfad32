//! The lessons' texts as HTML, with a section for each gate.

use std::collections::BTreeMap;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::escaped;
use crate::highlight::highlighted;
use crate::links::Links;

/// How a gate is, for the heading of its section: a class, and a word for readers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mark {
    Passed,
    Current,
    Open,
}

impl Mark {
    pub fn class(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Current => "current",
            Self::Open => "open",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Current => "the gate to pass",
            Self::Open => "open",
        }
    }
}

/// A text as HTML.
pub struct Text {
    pub title: String,
    pub html: String,
}

/// The text of the file at `path`, by its path in the course. `marks` are its gates, by number.
pub fn text(markdown: &str, path: &Path, links: &Links<'_>, marks: &BTreeMap<usize, Mark>) -> Text {
    let folder = path.parent().unwrap_or(Path::new(""));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut slugs = BTreeMap::new();
    let (mut title, mut heading, mut code) = (String::new(), None::<String>, None::<(String, String)>);
    let (mut dead_links, mut is_in_section, mut heading_at) = (Vec::new(), false, 0);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some(String::new());
                heading_at = events.len();
            }
            Event::End(TagEnd::Heading(level)) => {
                let words = heading.take().unwrap_or_default();
                let inner: Vec<_> = events.drain(heading_at..).collect();
                if level == HeadingLevel::H1 && title.is_empty() {
                    // The page shows it itself.
                    title = words;
                    continue;
                }
                if is_in_section && level <= HeadingLevel::H3 {
                    events.push(raw("</section>\n".to_owned()));
                    is_in_section = false;
                }
                let gate = gate_number(&words)
                    .filter(|number| level == HeadingLevel::H3 && marks.contains_key(number));
                let slug = slug(&words, &mut slugs);
                let mut after = String::new();
                if let Some((number, mark)) = gate.and_then(|number| Some((number, *marks.get(&number)?))) {
                    let current = if mark == Mark::Current { " aria-current=\"true\"" } else { "" };
                    let (class, word) = (mark.class(), mark.word());
                    events.push(raw(format!(
                        "<section class=\"task {class}\" id=\"gate-{number}\" data-gate=\"{number}\"{current}>"
                    )));
                    after = format!(" <span class=\"badge {class}\">{word}</span>");
                    is_in_section = true;
                }
                events.push(raw(format!("<{level} id=\"{slug}\">")));
                events.extend(inner);
                events.push(raw(format!("{after}</{level}>\n")));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, text) = code.take().unwrap_or_default();
                let name = label(&language);
                events.push(raw(format!(
                    "<pre tabindex=\"0\" role=\"group\" aria-label=\"{name}\"><code>{}</code></pre>\n",
                    highlighted(&text, &language)
                )));
            }
            Event::Text(text) if code.is_some() => {
                if let Some((_, code)) = &mut code {
                    code.push_str(&text);
                }
            }
            Event::Start(Tag::Table(alignments)) => {
                events
                    .push(raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">"
                        .to_owned()));
                events.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(raw("</div>\n".to_owned()));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let target = links.from_text(folder, &dest_url);
                dead_links.push(target.is_none());
                if let Some(target) = target {
                    events.push(Event::Start(Tag::Link { link_type, dest_url: target.into(), title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if !dead_links.pop().unwrap_or_default() {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            // A text is Markdown alone: what looks like HTML is shown.
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            other => {
                if let (Some(words), Event::Text(text) | Event::Code(text)) = (&mut heading, &other) {
                    words.push_str(text);
                }
                events.push(other);
            }
        }
    }
    if is_in_section {
        events.push(raw("</section>\n".to_owned()));
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    // An empty heading confuses screen readers.
    Text { title, html: page.replace("<th></th>", "<td></td>") }
}

fn raw<'a>(html: String) -> Event<'a> {
    Event::Html(CowStr::from(html))
}

/// The number of `5. Read all books`.
fn gate_number(heading: &str) -> Option<usize> {
    heading.split_once(". ")?.0.parse().ok()
}

/// What readers are told about a block of code.
fn label(language: &str) -> &'static str {
    match language {
        "rust" => "Rust",
        "python" => "Python",
        "sql" => "SQL",
        "sh" | "console" | "bash" => "Commands",
        "toml" => "TOML",
        "html" => "HTML",
        _ => "Text",
    }
}

/// The anchor of a heading, as GitHub makes it.
fn slug(heading: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let letters = heading.to_lowercase();
    let kept = letters.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    let slug: String = kept.collect();
    let count = taken.entry(slug.clone()).or_insert(0);
    *count += 1;
    let slug = escaped(&slug);
    if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
}
