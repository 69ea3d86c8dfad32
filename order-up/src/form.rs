//! A form as it was submitted, and what is wrong with it.
//!
//! A person who made a mistake gets the form back with what they typed, and with the mistake explained
//! beside its field. So the values and the errors stay together.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use groundwork::order_up::passwords::DEMO_PASSWORD;

use crate::error::AppError;
use crate::money::Cents;

/// How many characters a new password may have. The upper limit keeps hashing a long one from being an attack.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=200;

/// The field that holds a form's token.
pub const TOKEN: &str = "token";

/// In bytes. A larger form is not one of ours.
const LARGEST_FORM: usize = 256 * 1024;

/// Unicode's marks for embedding, overriding and isolating text in the other direction.
const TURNS_DIRECTION: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    errors: BTreeMap<String, String>,
}

impl Form {
    /// A form with these values in it.
    pub fn filled<const N: usize>(fields: [(&str, String); N]) -> Self {
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        Self { fields: fields.into(), errors: BTreeMap::new() }
    }

    /// The form that these bytes are, as in a body or a query.
    pub fn read_from(bytes: &[u8]) -> Self {
        Self { fields: form_urlencoded::parse(bytes).into_owned().collect(), errors: BTreeMap::new() }
    }

    /// Every field that was submitted, in the order of the page.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Puts a value into a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// What was typed into a field.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// All values of one name: each checked box submits its value.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether the box or the choice with this value is set.
    pub fn has(&self, name: &str, value: &(impl ToString + ?Sized)) -> bool {
        let value = value.to_string();
        self.values(name).any(|submitted| submitted == value)
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// The names of the fields with an error.
    pub fn mistakes(&self) -> impl Iterator<Item = &str> {
        self.errors.keys().map(String::as_str)
    }

    /// Notes what is wrong with a field.
    pub fn refuse(&mut self, name: &str, error: impl Into<String>) {
        self.errors.insert(name.to_owned(), error.into());
    }

    /// One line of text, without blanks around it, and without marks that change the direction of what follows: they
    /// are invisible, and would scramble a ticket.
    pub fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.value(name).replace(TURNS_DIRECTION, "");
        let text = text.trim().to_owned();
        let length = text.chars().count();
        if text.is_empty() {
            self.refuse(name, "Fill this in.");
        } else if length > longest {
            self.refuse(name, format!("At most {longest} characters; this has {length}."));
        } else if text.chars().any(char::is_control) {
            self.refuse(name, "Use a single line of text.");
        } else {
            return Some(text);
        }
        None
    }

    /// One line of text, or nothing if the field is blank. The outer `None` is an error.
    pub fn optional_text(&mut self, name: &str, longest: usize) -> Option<Option<String>> {
        if self.value(name).trim().is_empty() { Some(None) } else { self.text(name, longest).map(Some) }
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, range: RangeInclusive<i32>) -> Option<i32> {
        let number = self.value(name).trim().parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse(name, format!("Enter a whole number from {} to {}.", range.start(), range.end()));
        }
        number
    }

    /// A whole number, or nothing if the field is empty. The outer `None` is an error.
    pub fn optional_number(&mut self, name: &str, range: RangeInclusive<i32>) -> Option<Option<i32>> {
        if self.value(name).trim().is_empty() { Some(None) } else { self.number(name, range).map(Some) }
    }

    /// A price.
    pub fn cents(&mut self, name: &str, highest: Cents) -> Option<Cents> {
        let cents = Cents::parse(self.value(name)).filter(|cents| *cents <= highest);
        if cents.is_none() {
            self.refuse(name, format!("Enter a price like 3.50, at most {}.", highest.plain()));
        }
        cents
    }

    /// One of these choices.
    pub fn choice<T: Copy + Display>(&mut self, name: &str, choices: &[T]) -> Option<T> {
        let choice = choices.iter().copied().find(|choice| choice.to_string() == self.value(name));
        if choice.is_none() {
            let choices: Vec<_> = choices.iter().map(T::to_string).collect();
            self.refuse(name, format!("Choose one of: {}.", choices.join(", ")));
        }
        choice
    }

    /// A new password, exactly as it was typed, with its blanks.
    pub fn new_password(&mut self, name: &str) -> Option<String> {
        let password = self.value(name).to_owned();
        if !PASSWORD_LENGTH.contains(&password.chars().count()) {
            let (shortest, longest) = (PASSWORD_LENGTH.start(), PASSWORD_LENGTH.end());
            self.refuse(name, format!("Use {shortest} to {longest} characters."));
        } else if password == DEMO_PASSWORD {
            self.refuse(name, "Everybody knows this one. Choose another.");
        } else {
            return Some(password);
        }
        None
    }
}

/// Reads the whole body of a form.
///
/// # Errors
///
/// When it is too large, or ends too soon.
pub async fn read(body: Body) -> Result<Bytes, AppError> {
    to_bytes(body, LARGEST_FORM).await.map_err(AppError::FormTooLarge)
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let body = read(request.into_body()).await?;
        Ok(Self::read_from(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    fn typed(value: &str) -> Form {
        Form::filled([("field", value.to_owned())])
    }

    #[test]
    fn a_mistake_is_explained_and_the_input_stays() {
        let mut form = typed("  fifty-one characters are one more than fifty can be, so ");
        assert_eq!(form.text("field", 50), None);
        assert_eq!(form.error("field"), Some("At most 50 characters; this has 55."));
        assert_eq!(form.value("field"), "  fifty-one characters are one more than fifty can be, so ");
    }

    #[test]
    fn text_is_one_line_without_surrounding_spaces() {
        assert_eq!(typed(" Jambalaya ").text("field", 50).as_deref(), Some("Jambalaya"));
        for text in ["", "   ", "two\nlines", "a zero \0 byte", "\u{202e} \u{202c}"] {
            assert_eq!(typed(text).text("field", 50), None, "{text:?}");
        }
        assert_eq!(typed("\u{2067}فلافل\u{2069} \u{202e}").text("field", 50).as_deref(), Some("فلافل"));
    }

    #[test]
    fn a_number_is_whole_and_in_range() {
        assert_eq!(typed(" 12 ").number("field", 1..=99), Some(12));
        for text in ["", "0", "100", "-1", "1.5", "1e1", "99999999999999"] {
            assert_eq!(typed(text).number("field", 1..=99), None, "{text:?}");
        }
        assert_eq!(typed("").optional_number("field", 1..=99), Some(None));
        assert_eq!(typed("x").optional_number("field", 1..=99), None);
    }

    #[test]
    fn a_new_password_that_is_short_or_the_demo_password_is_refused() {
        assert_eq!(typed(" 8 blanks").new_password("field").as_deref(), Some(" 8 blanks"));
        for text in ["", "seven77", "password", &"x".repeat(201)] {
            assert_eq!(typed(text).new_password("field"), None, "{text:?}");
        }
    }
}
