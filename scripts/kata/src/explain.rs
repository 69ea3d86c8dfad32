//! Explains what rustc refuses, in the names of the lesson.
//!
//! A rule reads one error and the lesson's own code: the trait that is missing and for which type, the place in the
//! source, the columns of the table, the fields of the struct. It explains only what it is sure of, because a wrong
//! explanation costs more than none: where no rule fits, rustc's own text stands alone.

mod changes;
mod code;
mod columns;
mod connections;
mod errors;
mod found;
mod gate;
mod handlers;
mod heads;
mod joins;
mod models;
mod names;
mod parents;
mod queries;
mod results;
mod schema;
mod shorten;
mod templates;
mod text;
mod trouble;
mod web;

use std::path::Path;

use cargo_metadata::diagnostic::Diagnostic;

use crate::Database;
use crate::course::Lesson;
use crate::report::Explanation;
use code::Code;
use found::{Found, MOST_LINES};
pub use shorten::shorten;
use trouble::Trouble;

/// The names of all rules, causes first.
pub fn rules() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id)
}

type Rule = fn(&Trouble<'_>, &Code) -> Option<Found>;

/// The rules, causes before what follows from them: a broken `table!` is wrong again in each struct and query.
const RULES: &[(&str, Rule)] = &[
    ("table-syntax", schema::table_syntax),
    ("column-sql-type", schema::column_type),
    ("prelude", names::prelude),
    ("table-import", names::table_import),
    ("table-name", models::table_name),
    ("derive-missing", models::derive_missing),
    ("derived-twice", models::derived_twice),
    ("field-lifetime", models::field_lifetime),
    ("field-without-column", models::field_without_column),
    ("foreign-key-field", parents::foreign_key_field),
    ("field-type", models::field_type),
    ("not-identifiable", parents::not_identifiable),
    ("belonging-to", parents::belonging_to),
    ("template-field", templates::field),
    ("template-method", templates::method),
    ("template-filter", templates::filter),
    ("template-option", templates::not_shown),
    ("template-loop", templates::not_a_list),
    ("template-syntax", templates::syntax),
    ("template-file", templates::file),
    ("column-path", names::column_path),
    ("table-as-value", names::table_as_value),
    ("column-alone", names::column_alone),
    ("diesel-path", names::diesel_path),
    ("await-in-sync", web::await_in_sync),
    ("handler-called", handlers::handler_called),
    ("handler", handlers::handler),
    ("state-missing", web::state_missing),
    ("state-type", web::state_type),
    ("session-store", web::session_store),
    ("await-missing", connections::await_missing),
    ("one-question-mark", connections::one_question_mark),
    ("closure-borrows", connections::closure_borrows),
    ("closure-argument", connections::closure_argument),
    ("result-called", connections::result_called),
    ("pool-for-connection", connections::pool_for_connection),
    ("connection-reference", connections::connection_reference),
    ("joinable", joins::joinable),
    ("tables-in-one-query", joins::tables_in_one_query),
    ("join-missing", joins::join_missing),
    ("rust-operator", queries::rust_operator),
    ("column-method", queries::column_method),
    ("not-a-condition", queries::not_a_condition),
    ("key-type", queries::key_type),
    ("text-for-column", queries::text_for_column),
    ("value-type", queries::value_type),
    ("tuple-missing", queries::tuple_missing),
    ("update-target", changes::update_target),
    ("set-missing", changes::set_missing),
    ("set-other-table", changes::set_other_table),
    ("set-value", changes::set_value),
    ("not-insertable", changes::not_insertable),
    ("conflict-unfinished", changes::conflict_unfinished),
    ("query-not-run", results::query_not_run),
    ("optional-missing", results::optional_missing),
    ("optional-behind-question-mark", results::optional_behind_question_mark),
    ("one-row-for-many", results::one_row_for_many),
    ("many-rows-for-one", results::many_rows_for_one),
    ("count-for-rows", results::count_for_rows),
    ("count-for-nothing", results::count_for_nothing),
    ("turned-inside-out", results::turned_inside_out),
    ("results-in-list", results::results_in_list),
    ("semicolon", results::semicolon),
    ("ok-missing", results::ok_missing),
    ("err-missing", errors::err_missing),
    ("text-for-error", errors::text_for_error),
    ("some-missing", results::some_missing),
    ("option-with-question-mark", errors::option_with_question_mark),
    ("error-conversion", errors::error_conversion),
    ("ignored-result", errors::ignored),
    ("gate-asks-for", gate::asks_for),
    ("gate-shows", gate::shows),
];

/// Explains the first error that a rule knows, in the order of the rules. `root` is the workspace that does not compile.
pub fn explain(
    root: &Path,
    lesson: &Lesson,
    database: Database,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    if errors.is_empty() {
        return None;
    }
    let code = Code::read(root, lesson, database);
    let troubles: Vec<_> = errors.iter().map(|error| Trouble::new(error, &code)).collect();
    let (id, found, error) = RULES.iter().find_map(|(id, rule)| {
        troubles.iter().enumerate().find_map(|(at, trouble)| Some((id, rule(trouble, &code)?, at)))
    })?;
    let (file, line) = found.place.or_else(|| troubles[error].place())?;
    debug_assert!(found.lines.len() <= MOST_LINES, "{id}: {:?}", found.lines);
    Some(Explanation { id: (*id).to_owned(), lines: found.lines, file, line, error })
}
