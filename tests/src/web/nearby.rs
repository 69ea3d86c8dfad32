//! What stands near a button or a link: of many with one text, the nearest to some words is meant.

use scraper::ElementRef;

use super::page::text;

/// The texts of elements: what is around one button is around many others, too.
#[derive(Default)]
pub(super) struct Texts<'a>(Vec<(ElementRef<'a>, String)>);

impl<'a> Texts<'a> {
    /// How much text there is around a button until it says `about`.
    pub fn surroundings(&mut self, button: ElementRef<'a>, about: &str) -> Option<usize> {
        let mut around = button.ancestors().filter_map(ElementRef::wrap);
        around.find_map(|it| {
            let text = self.of(it);
            has_words(text, about).then_some(text.len())
        })
    }

    fn of(&mut self, element: ElementRef<'a>) -> &str {
        let known = self.0.iter().position(|(it, _)| *it == element);
        let index = known.unwrap_or_else(|| {
            self.0.push((element, text(element)));
            self.0.len() - 1
        });
        &self.0[index].1
    }
}

/// Whether `text` has these words, whole: `Table 1` is not part of `Table 10`.
fn has_words(text: &str, words: &str) -> bool {
    let is_apart = |(at, found): (usize, &str)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    words.is_empty() || text.match_indices(words).any(is_apart)
}
