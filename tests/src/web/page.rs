//! What a page says to its visitor.

use scraper::{ElementRef, Html, Selector};

use super::browser::Answer;

impl Answer {
    /// The body as a browser reads it.
    pub(super) fn page(&self) -> &Html {
        self.page.get_or_init(|| Html::parse_document(&self.body))
    }

    /// The text of the element with this id, as a visitor reads it.
    pub fn element(&self, id: &str) -> String {
        let nodes = self.page().tree.nodes().filter_map(ElementRef::wrap);
        let mut elements = nodes.filter(|it| it.attr("id") == Some(id));
        let Some(element) = elements.next() else {
            // The body of a server error may name the cause.
            return match self.status.is_server_error() {
                true => format!("({}: {})", self.status, self.first_words()),
                false => format!("({}; no element has the id {id})", self.status),
            };
        };
        // A browser goes on with a `<b>` that nobody has closed, so that there are more of them.
        if elements.next().is_some() {
            return format!("(more than one element has the id {id}; is each closed?)");
        }
        if element.ancestors().filter_map(ElementRef::wrap).chain([element]).any(is_hidden) {
            return format!("(the element with the id {id} is hidden)");
        }
        text(element)
    }

    /// Whether the page has such a button.
    pub fn has_button(&self, button: &str) -> bool {
        self.page().select(&selector("button, input[type=submit]")).any(|it| caption(it) == button)
    }

    /// The page's text, as a visitor reads it.
    pub fn text(&self) -> String {
        self.page().select(&selector("body")).next().map(text).unwrap_or_default()
    }

    /// The texts of all elements that a CSS selector finds.
    ///
    /// # Panics
    ///
    /// When it is not a CSS selector.
    pub fn all(&self, css: &str) -> Vec<String> {
        self.page().select(&selector(css)).map(text).collect()
    }

    /// The first words of the page.
    pub(super) fn first_words(&self) -> String {
        let words = text(self.page().root_element());
        match words.char_indices().nth(150) {
            Some((end, _)) => format!("{} …", &words[..end]),
            None => words,
        }
    }
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    element.attr("hidden").is_some()
}

/// The text on a button.
pub(super) fn caption(button: ElementRef<'_>) -> String {
    if button.value().name() == "input" {
        button.attr("value").unwrap_or("Submit").to_owned()
    } else {
        text(button)
    }
}

pub(super) fn text(element: ElementRef<'_>) -> String {
    let text: Vec<_> = element.text().flat_map(str::split_whitespace).collect();
    text.join(" ")
}

pub(super) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css:?} is not a CSS selector: {error}"))
}
