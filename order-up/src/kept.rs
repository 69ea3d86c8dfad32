//! Keeps what was typed into a form that was sent too late: the session had ended, or the page was too old.
//!
//! The address of the form's page holds it, so nothing is stored. The page shows the fields as they were, and the
//! form on it has a new token.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use form_urlencoded::Serializer;

use crate::form::{Form, TOKEN};
use crate::query;

/// Marks an address that holds what was typed.
const MARK: &str = "kept";

/// In bytes. Some proxies reject longer addresses.
const LONGEST: usize = 2 * 1024;

/// The address of the page with the form that was sent to `uri`, and what was typed into it. `None` if nothing was,
/// or too much for an address.
pub fn page_with(uri: &Uri, body: &[u8]) -> Option<String> {
    let page = page_of(uri.path())?;
    let typed = form_urlencoded::parse(body)
        .filter(|(name, value)| name != TOKEN && !name.contains("password") && !value.trim().is_empty());
    let mut query = Serializer::new(String::new());
    for name in ["all", MARK].into_iter().filter(|name| *name == MARK || query::is_set(uri, name)) {
        query.append_key_only(name);
    }
    let without = query.finish();
    let mut query = Serializer::new(without.clone());
    let query = query.extend_pairs(typed).finish();
    (query != without && query.len() <= LONGEST).then(|| format!("{page}?{query}"))
}

/// The page with the form that is sent to this path.
fn page_of(path: &str) -> Option<&str> {
    let segments: Vec<_> = path.trim_start_matches('/').split('/').collect();
    match segments[..] {
        ["orders"] | ["orders", _, "items"] | ["find"] => Some("/"),
        ["orders", _, "items", _] => Some(path),
        ["orders", _, "items", _, "remove"] => path.strip_suffix("/remove"),
        ["menu" | "tables" | "employees"] | ["menu" | "employees", _] => Some(path),
        _ => None,
    }
}

/// Whether this address holds what was typed.
pub fn is_in(address: &str) -> bool {
    address.parse().is_ok_and(|uri| query::is_set(&uri, MARK))
}

/// What was typed earlier into the form of this page, if its address holds it.
pub struct Kept(Option<Form>);

impl<S: Sync> FromRequestParts<S> for Kept {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let is_kept = query::is_set(&parts.uri, MARK);
        Ok(Self(is_kept.then(|| Form::read_from(parts.uri.query().unwrap_or_default().as_bytes()))))
    }
}

impl Kept {
    /// The form as it was, and the notice that the page shows with it.
    pub fn take(self) -> Option<(Form, String)> {
        self.0.map(|form| (form, STILL_HERE.to_owned()))
    }
}

const STILL_HERE: &str =
    "Nothing has been changed yet. What you typed is still here. Check it, and submit it again.";

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(address: &str, body: &str) -> Option<String> {
        page_with(&address.parse().expect("an address"), body.as_bytes())
    }

    #[test]
    fn input_is_kept_in_the_address_of_its_page() {
        let order = "token=secret&menu_item_ids=1&quantity_1=7&quantity_2=&quantity_3=+";
        let board = Some("/?kept&menu_item_ids=1&quantity_1=7".to_owned());
        assert_eq!(kept("/orders/4/items", order), board);
        assert!(is_in("/?kept&menu_item_ids=1") && !is_in("/?again") && !is_in("/"));
        assert_eq!(kept("/orders?all", "table_id=3"), Some("/?all&kept&table_id=3".to_owned()));
        assert_eq!(kept("/menu/3", "name=T%26+T"), Some("/menu/3?kept&name=T%26+T".to_owned()));
    }

    #[test]
    fn a_password_is_never_kept_in_an_address() {
        let body = "new_password=orange+juice&current_password=x&name=Alex";
        assert_eq!(kept("/employees", body), Some("/employees?kept&name=Alex".to_owned()));
        assert_eq!(kept("/employees/2/password", "new_password=x"), None);
    }

    #[test]
    fn empty_or_oversized_input_is_not_kept() {
        assert_eq!(kept("/orders/4/close", "token=secret"), None);
        assert_eq!(kept("/orders/4/items", "token=secret&quantity_1="), None);
        let longest = "x".repeat(LONGEST - "kept&name=".len());
        assert!(kept("/menu", &format!("name={longest}")).is_some());
        assert_eq!(kept("/menu", &format!("name={longest}x")), None);
    }
}
