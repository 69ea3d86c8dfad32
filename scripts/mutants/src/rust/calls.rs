//! Mutants of calls and of the names of things.

use syn::Expr;
use syn::punctuated::Punctuated;

use super::finder::Finder;
use crate::operators::Operator;

/// Calls that give back what they are called on, or nearly so.
const DROPPED: [&str; 52] = [
    "abs",
    "and",
    "br",
    "clamp",
    "dedup",
    "distinct",
    "escape",
    "fallback",
    "field",
    "filter",
    "gzip",
    "header",
    "http_only",
    "layer",
    "limit",
    "max",
    "max_age",
    "max_size",
    "merge",
    "method_not_allowed_fallback",
    "min",
    "nest",
    "nulls_first",
    "nulls_last",
    "offset",
    "on_conflict_do_nothing",
    "or",
    "order",
    "order_by",
    "path",
    "post",
    "post_create",
    "replace",
    "rev",
    "route",
    "route_layer",
    "same_site",
    "saturating_add",
    "saturating_sub",
    "secure",
    "skip",
    "skip_while",
    "take",
    "take_while",
    "then_order_by",
    "timeout",
    "to_ascii_lowercase",
    "to_lowercase",
    "trim",
    "trim_end",
    "trim_end_matches",
    "trim_start",
];

/// Calls of which one is easily taken for the other.
const SWAPPED: [(&str, &[&str]); 30] = [
    ("all", &["any"]),
    ("and", &["or"]),
    ("any", &["all"]),
    ("asc", &["desc"]),
    ("checked_add", &["checked_sub"]),
    ("checked_mul", &["checked_add"]),
    ("desc", &["asc"]),
    ("ends_with", &["starts_with"]),
    ("eq", &["ne"]),
    ("filter", &["or_filter"]),
    ("ge", &["gt", "lt"]),
    ("gt", &["ge", "lt"]),
    ("immediate_transaction", &["transaction"]),
    ("inner_join", &["left_join"]),
    ("is_empty", &["is_ascii"]),
    ("is_err", &["is_ok"]),
    ("is_none", &["is_some"]),
    ("is_not_null", &["is_null"]),
    ("is_null", &["is_not_null"]),
    ("is_ok", &["is_err"]),
    ("is_some", &["is_none"]),
    ("le", &["lt", "gt"]),
    ("left_join", &["inner_join"]),
    ("like", &["not_like"]),
    ("lt", &["le", "gt"]),
    ("max", &["min"]),
    ("min", &["max"]),
    ("ne", &["eq"]),
    ("or", &["and"]),
    ("starts_with", &["ends_with"]),
];

/// Names of which one is easily taken for the other.
const PATHS: [(&str, &str); 9] = [
    ("Redirect::to", "Redirect::permanent"),
    ("SameSite::Lax", "SameSite::None"),
    ("SameSite::Strict", "SameSite::Lax"),
    ("Duration::days", "Duration::hours"),
    ("Duration::hours", "Duration::days"),
    ("Duration::minutes", "Duration::hours"),
    ("Duration::weeks", "Duration::days"),
    // axum's, of which `any` answers every method.
    ("get", "axum::routing::any"),
    ("Role::Manager", "Role::Server"),
];

/// Lists of columns, which may be shorter than they should be.
const LISTS: [&str; 5] = ["order", "order_by", "then_order_by", "set", "values"];

impl Finder<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        let whole = Self::range(call);
        let receiver = self.text_of(&call.receiver);
        if DROPPED.contains(&name.as_str()) || name.starts_with("with_") {
            self.replace_range(Operator::DropCall, whole.clone(), receiver);
        }
        if ["set", "values"].contains(&name.as_str()) {
            self.assigns(&call.args);
        }
        let assigns = self.assigned.contains(&(whole.start, whole.end));
        // The first of several filters is joined with nothing.
        let is_first = name == "filter" && !receiver.contains(".filter(") && !receiver.contains(".find(");
        let swapped = SWAPPED.iter().filter(|(known, _)| *known == name && !is_first && !assigns);
        for other in swapped.flat_map(|(_, others)| *others) {
            self.replace(Operator::SwapCall, &call.method, *other);
        }
        let only = call.args.first().filter(|_| call.args.len() == 1);
        match (name.as_str(), only) {
            ("len", None) => {
                self.replace_range(Operator::CharsForBytes, whole, format!("{receiver}.chars().count()"));
            }
            ("first", Some(conn)) if self.text_of(conn).contains("conn") && !receiver.contains(".find(") => {
                let conn = self.text_of(conn);
                let after = format!(
                    "{receiver}.load({conn}).and_then(|rows| rows.into_iter().next().ok_or(diesel::NotFound))"
                );
                self.replace_range(Operator::LoadThenFirst, whole, after);
            }
            ("find", Some(Expr::Tuple(key))) if key.elems.len() == 2 => {
                let after = format!("({}, {})", self.text_of(&key.elems[1]), self.text_of(&key.elems[0]));
                self.replace(Operator::SwapKey, key, after);
            }
            (list, Some(Expr::Tuple(tuple))) if LISTS.contains(&list) => self.shorten(tuple),
            _ => {}
        }
    }

    /// An `eq` that is one of a list, or alone in a `set`, compares nothing.
    pub(super) fn assigns(&mut self, list: &Punctuated<Expr, syn::Token![,]>) {
        for value in list {
            if let Expr::MethodCall(call) = value
                && call.method == "eq"
            {
                let range = Self::range(call);
                self.assigned.insert((range.start, range.end));
            }
        }
    }

    fn shorten(&mut self, tuple: &syn::ExprTuple) {
        for left_out in 0..tuple.elems.len() {
            let kept: Vec<_> = tuple
                .elems
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != left_out)
                .map(|(_, element)| self.text_of(element))
                .collect();
            let after = if kept.len() == 1 { kept[0].to_owned() } else { format!("({})", kept.join(", ")) };
            self.replace(Operator::ShortenTuple, tuple, after);
        }
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall) {
        let name = self.text_of(&call.func);
        let arguments: Vec<_> = call.args.iter().map(|argument| self.text_of(argument)).collect();
        match (name, &arguments[..]) {
            ("Some", [_]) => self.replace(Operator::SomeToNone, call, "None"),
            ("Err", [_]) => self.replace(Operator::ErrorToOk, call, "Ok(Default::default())"),
            ("write", [conn, work]) => {
                self.replace(Operator::PlainTransaction, call, format!("{conn}.transaction({work})"));
                let at_once = "{ fn at_once<T, E>(conn: &mut groundwork::Db, work: impl FnOnce(&mut groundwork::Db) \
                               -> Result<T, E>) -> Result<T, E> { work(conn) } at_once";
                self.replace(Operator::NoTransaction, call, format!("{at_once}({conn}, {work}) }}"));
            }
            ("Expiry::OnInactivity", [time]) => {
                let now = "tower_sessions::cookie::time::OffsetDateTime::now_utc()";
                self.replace(Operator::SwapPath, call, format!("Expiry::AtDateTime({now} + {time})"));
                self.replace(Operator::SwapPath, call, "Expiry::OnSessionEnd");
            }
            _ => {}
        }
    }

    pub(super) fn path(&mut self, path: &syn::ExprPath) {
        let text = self.text_of(path);
        if let Some((before, _)) = text.rsplit_once("StatusCode::") {
            self.replace(Operator::Status, path, format!("{before}StatusCode::IM_A_TEAPOT"));
        }
        if let Some((_, other)) = PATHS.iter().find(|(known, _)| text == *known) {
            self.replace(Operator::SwapPath, path, *other);
        }
    }
}
