//! Forms as a person uses them: found by their button, filled in by their labels.

use std::panic::Location;

use scraper::{ElementRef, Html};

use super::browser::{Answer, Browser, encoded};
use super::nearby::Texts;
use super::page::{caption, selector, text};

/// A form of a page, as it would be sent by one of its buttons.
#[derive(Clone, Debug)]
pub struct Form {
    method: String,
    action: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    label: String,
    /// What is said beside it, such as what is wrong with what was typed.
    description: String,
    value: String,
    /// Boxes that are not checked are not sent.
    is_sent: bool,
    /// What can be chosen: the text, and the value that stands for it.
    options: Vec<(String, String)>,
}

impl Answer {
    /// The form with this button.
    ///
    /// # Panics
    ///
    /// When there is no such button; the panic lists those that exist, and names a file with the page.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        self.form_in("", button)
    }

    /// The form with this button, on the part of the page that says `about`: of two buttons, the one
    /// that stands nearest to it.
    ///
    /// # Panics
    ///
    /// When there is no such button; the panic lists those that exist, and names a file with the page.
    #[track_caller]
    pub fn form_in(&self, about: &str, button: &str) -> Form {
        let page = self.page();
        let buttons: Vec<_> = page.select(&selector("button, input[type=submit]")).collect();
        let mut texts = Texts::default();
        let nearest = buttons
            .iter()
            .filter(|it| caption(**it) == button)
            .filter_map(|it| Some((texts.surroundings(*it, about)?, *it)))
            .min_by_key(|(distance, _)| *distance);
        let Some((_, found)) = nearest else {
            let shown = self.shown(Location::caller());
            let near = if about.is_empty() { String::new() } else { format!(" near {about:?}") };
            panic!(
                "no button {button:?}{near}; {}\n{shown}",
                which("buttons", buttons.into_iter().map(caption))
            );
        };
        form_of(page, found)
    }

    /// Where the link with this text leads that stands nearest to `about`.
    ///
    /// # Panics
    ///
    /// When there is no such link; the panic lists those that exist, and names a file with the page.
    #[track_caller]
    pub fn link_in(&self, about: &str, link: &str) -> String {
        let page = self.page();
        let links: Vec<_> = page.select(&selector("a[href]")).collect();
        let named = links.iter().filter(|it| text(**it) == link);
        let mut texts = Texts::default();
        let nearest = named
            .filter_map(|it| Some((texts.surroundings(*it, about)?, it.attr("href")?)))
            .min_by_key(|(distance, _)| *distance);
        let Some((_, place)) = nearest else {
            let shown = self.shown(Location::caller());
            panic!(
                "no link {link:?} near {about:?}; {}\n{shown}",
                which("links", links.into_iter().map(text))
            );
        };
        place.to_owned()
    }
}

/// What there is, for a panic about what there is not.
fn which(what: &str, texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<_> = texts.map(|text| format!("{text:?}")).collect();
    if texts.is_empty() {
        format!("there are no {what}")
    } else {
        format!("the {what} are {}", texts.join(", "))
    }
}

impl Browser {
    /// Sends a form.
    pub fn submit(&mut self, form: &Form) -> Answer {
        let sent = form.fields.iter().filter(|field| field.is_sent && !field.name.is_empty());
        let fields: Vec<_> = sent.map(|field| (field.name.as_str(), field.value.as_str())).collect();
        if form.method == "post" {
            return self.post(&form.action, &fields);
        }
        self.get(&format!("{}?{}", form.action, encoded(&fields)))
    }

    /// Asks with GET for what a form would send, as a link does that somebody has made of it.
    pub fn submit_by_get(&mut self, form: &Form) -> Answer {
        self.submit(&Form { method: "get".to_owned(), ..form.clone() })
    }
}

impl Form {
    /// Types into the field with this label.
    #[must_use]
    pub fn fill(mut self, label: &str, value: &str) -> Self {
        value.clone_into(&mut self.field(label).value);
        self
    }

    /// Chooses the option that reads, or begins with, `option`.
    ///
    /// # Panics
    ///
    /// When it is not one of the choices; the panic lists them.
    #[must_use]
    #[track_caller]
    pub fn choose(mut self, label: &str, option: &str) -> Self {
        let field = self.field(label);
        let chosen = field.options.iter().find(|(text, _)| begins_with_words(text, option));
        let Some((_, value)) = chosen.cloned() else {
            let known = which("choices", field.options.iter().map(|(text, _)| text.clone()));
            panic!("{option:?} cannot be chosen as {label:?}; {known}")
        };
        field.value = value;
        self
    }

    /// Checks the box with this label.
    #[must_use]
    pub fn check(mut self, label: &str) -> Self {
        self.field(label).is_sent = true;
        self
    }

    /// Puts a value into the field with this label that nobody could choose there.
    #[must_use]
    pub fn forge(mut self, label: &str, value: &str) -> Self {
        value.clone_into(&mut self.field(label).value);
        self
    }

    /// Sends one more value for the field with this label, beside its own.
    #[must_use]
    pub fn add(mut self, label: &str, value: &str) -> Self {
        let name = self.field(label).name.clone();
        self.also(&name, value)
    }

    /// Puts a value into every field that nobody sees.
    #[must_use]
    pub fn forge_hidden(mut self, value: &str) -> Self {
        for field in self.fields.iter_mut().filter(|field| field.label.is_empty()) {
            value.clone_into(&mut field.value);
        }
        self
    }

    /// Puts a value into the fields that nobody sees and that hold `was`.
    #[must_use]
    pub fn forge_hidden_with(mut self, was: &str, value: &str) -> Self {
        let is_it = |field: &&mut Field| field.label.is_empty() && field.value == was;
        for field in self.fields.iter_mut().filter(is_it) {
            value.clone_into(&mut field.value);
        }
        self
    }

    /// Changes a field that nobody sees.
    #[must_use]
    pub fn tamper(self, name: &str, value: &str) -> Self {
        self.without(name).also(name, value)
    }

    /// Sends one more field, beside those of the same name.
    #[must_use]
    pub fn also(mut self, name: &str, value: &str) -> Self {
        self.fields.push(unseen(name, value));
        self
    }

    /// Leaves a field out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|field| field.name != name);
        self
    }

    /// Sends the form somewhere else.
    #[must_use]
    pub fn to(mut self, action: &str) -> Self {
        action.clone_into(&mut self.action);
        self
    }

    /// What the form would send for the field with this label.
    pub fn value(&self, label: &str) -> String {
        self.clone().field(label).value.clone()
    }

    /// What is wrong with the field with this label, as a screen reader says it; empty if nothing is.
    pub fn error(&self, label: &str) -> String {
        self.clone().field(label).description.clone()
    }

    /// The value of a field that nobody sees.
    ///
    /// # Panics
    ///
    /// When the form has no such field.
    pub fn hidden(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|field| field.name == name);
        &found.unwrap_or_else(|| panic!("the form has no field named {name:?}")).value
    }

    /// What can be chosen in the field with this label.
    pub fn options(&self, label: &str) -> Vec<String> {
        self.clone().field(label).options.iter().map(|(text, _)| text.clone()).collect()
    }

    /// The labels of all fields that a person sees.
    pub fn labels(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.label.as_str()).filter(|label| !label.is_empty()).collect()
    }

    pub fn action(&self) -> &str {
        &self.action
    }

    fn field(&mut self, label: &str) -> &mut Field {
        let known: Vec<_> = self.labels().into_iter().map(str::to_owned).collect();
        let found = self.fields.iter_mut().find(|field| begins_with_words(&field.label, label));
        found.unwrap_or_else(|| {
            let known = which("fields", known.into_iter());
            panic!("the form {:?} has no field with the label {label:?}; {known}", self.action)
        })
    }
}

fn form_of<'a>(page: &'a Html, button: ElementRef<'a>) -> Form {
    let form = owner(page, button);
    let form = form.unwrap_or_else(|| panic!("the button {:?} belongs to no form", caption(button)));
    let own =
        |name: &str| button.attr(&format!("form{name}")).or(form.attr(name)).unwrap_or_default().to_owned();
    let all = selector("input, select, textarea");
    let fields =
        page.select(&all).filter(|it| it.attr("disabled").is_none() && owner(page, *it) == Some(form));
    let mut fields: Vec<_> = fields.filter_map(|it| field(page, it)).collect();
    if let (Some(name), Some(value)) = (button.attr("name"), button.attr("value")) {
        fields.push(unseen(name, value));
    }
    Form { method: own("method").to_lowercase(), action: own("action"), fields }
}

/// The form that a button or a field belongs to: the one that it names with `form`, or the one around it.
fn owner<'a>(page: &'a Html, element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    match element.attr("form") {
        Some(id) => page.select(&selector(&format!("form[id='{id}']"))).next(),
        None => element.ancestors().filter_map(ElementRef::wrap).find(|it| it.value().name() == "form"),
    }
}

fn unseen(name: &str, value: &str) -> Field {
    let (name, value) = (name.to_owned(), value.to_owned());
    let (label, description) = Default::default();
    Field { name, value, label, description, is_sent: true, options: Vec::new() }
}

fn field(page: &Html, element: ElementRef<'_>) -> Option<Field> {
    let kind = element.attr("type").unwrap_or("text");
    if kind == "submit" {
        return None;
    }
    let is_box = ["checkbox", "radio"].contains(&kind);
    let option = |it: ElementRef<'_>| (text(it), it.attr("value").map_or_else(|| text(it), str::to_owned));
    let options: Vec<_> = element.select(&selector("option")).map(option).collect();
    let chosen = element.select(&selector("option[selected]")).next().map(|it| option(it).1);
    let value = match element.value().name() {
        "select" => chosen.or(options.first().map(|(_, value)| value.clone())).unwrap_or_default(),
        "textarea" => text(element),
        _ => element.attr("value").unwrap_or(if is_box { "on" } else { "" }).to_owned(),
    };
    Some(Field {
        name: element.attr("name")?.to_owned(),
        label: if kind == "hidden" { String::new() } else { label(page, element) },
        description: description(page, element),
        is_sent: !is_box || element.attr("checked").is_some(),
        value,
        options,
    })
}

/// What a screen reader calls a field.
fn label(page: &Html, field: ElementRef<'_>) -> String {
    if let Some(label) = field.attr("aria-label") {
        return label.to_owned();
    }
    let around = field.ancestors().filter_map(ElementRef::wrap).find(|it| it.value().name() == "label");
    let by_id = field.attr("id").and_then(|id| page.select(&selector(&format!("label[for='{id}']"))).next());
    by_id.or(around).map(text).unwrap_or_default()
}

/// What a screen reader says of a field that is wrong.
fn description(page: &Html, field: ElementRef<'_>) -> String {
    let ids = field.attr("aria-describedby").filter(|_| field.attr("aria-invalid") == Some("true"));
    let ids = ids.unwrap_or_default().split_whitespace();
    let texts = ids.filter_map(|id| page.select(&selector(&format!("[id='{id}']"))).next()).map(text);
    texts.collect::<Vec<_>>().join(" ")
}

fn begins_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;

    fn page(body: &str) -> Answer {
        let (headers, set_cookies) = Default::default();
        let status = axum::http::StatusCode::OK;
        Answer { status, headers, body: body.to_owned(), set_cookies, page: OnceLock::new() }
    }

    #[test]
    fn a_form_has_the_fields_that_a_browser_would_send() {
        let page = page(
            r#"<form id="menu"><label>In <input name="in" value="1"></label>
               <label>Elsewhere <input name="elsewhere" value="2" form="other"></label>
               <label>Disabled <input name="disabled" disabled></label></form>
               <label>Outside <input name="outside" form="menu" value="3"></label>
               <form id="other"></form>
               <button form="menu" formaction="/orders/7" formmethod="post">Add</button>"#,
        );
        let form = page.form("Add");
        assert_eq!((form.action(), form.labels()), ("/orders/7", vec!["In", "Outside"]));
    }

    #[test]
    fn the_nearest_of_two_buttons_is_used() {
        let order = |number: u32| {
            format!(
                r#"<section><h3>Table {number}</h3><form action="/{number}"><button>Close</button></form></section>"#
            )
        };
        let page = page(&format!("{}{}", order(1), order(10)));
        assert_eq!(page.form_in("Table 1", "Close").action(), "/1");
        assert_eq!(page.form_in("Table 10", "Close").action(), "/10");
    }

    #[test]
    #[should_panic(expected = "no button \"Close\" near \"Table 2\"; the buttons are \"Open\"")]
    fn the_error_for_a_missing_button_lists_the_buttons_that_exist() {
        page("<p>Table 2</p><form><button>Open</button></form>").form_in("Table 2", "Close");
    }
}
