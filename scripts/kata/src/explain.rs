//! Explains what rustc refuses, and why a gate could not go on, in the names of the lesson.
//!
//! A rule reads one error, or one gate's report, and the lesson's own code: the trait that is missing and for which
//! type, the place in the source, the columns of the table, the fields of the struct. It explains only what it is sure
//! of, because a wrong explanation costs more than none: where no rule fits, rustc's own text stands alone.

mod changes;
mod code;
mod columns;
mod connections;
mod endless;
mod errors;
mod failure;
mod found;
mod gate;
mod given;
mod groups;
mod handlers;
mod heads;
mod imports;
mod instead;
mod joined_text;
mod joins;
mod migrations;
mod models;
mod moves;
mod names;
mod order;
mod other_libraries;
mod panics;
mod parents;
mod queries;
mod question_marks;
mod references;
mod results;
mod returns;
mod routes;
mod schema;
mod schema_and_table;
mod settings;
mod setup;
mod shorten;
mod source;
mod sql;
mod sql_order;
mod structs;
mod templates;
mod text;
mod text_for_column;
mod trouble;
mod unloaded;
mod values;
mod web;
mod write;

use std::path::Path;

use cargo_metadata::diagnostic::Diagnostic;

use crate::Database;
use crate::course::Lesson;
use crate::report::{Explanation, GateReport};
use code::{Code, Source};
use failure::Failure;
use found::{Found, MOST_LINES};
pub use given::edited;
pub use settings::of_workspace as wrong_settings;
pub use shorten::shorten;
use trouble::Trouble;

/// The names of all rules, causes first.
pub fn rules() -> impl Iterator<Item = &'static str> {
    let failures = FAILURE_RULES.iter().map(|(id, _)| *id);
    [GIVEN].into_iter().chain(RULES.iter().map(|(id, _)| *id)).chain(failures)
}

/// What stands behind a line that is as it is now, where the next one is how it should be.
pub const NOW: &str = "← now";

/// The name of the rule for given files, which comes before all others: what follows from an edit there is no mistake
/// in the lesson.
const GIVEN: &str = "given-file";

type Rule = fn(&Trouble<'_>, &Code) -> Option<Found>;

/// The rules, causes before what follows from them: a broken `table!` is wrong again in each struct and query.
const RULES: &[(&str, Rule)] = &[
    ("table-syntax", schema::table_syntax),
    ("column-sql-type", schema::column_type),
    ("inner-docs", imports::inner_docs),
    ("prelude", names::prelude),
    ("table-import", names::table_import),
    ("import-gone", imports::handed_out),
    ("table-name", models::table_name),
    ("one-parent-each", parents::one_parent_each),
    ("derive-missing", models::derive_missing),
    ("derived-twice", models::derived_twice),
    ("field-lifetime", models::field_lifetime),
    ("field-without-column", models::field_without_column),
    ("foreign-key-field", parents::foreign_key_field),
    ("field-type", models::field_type),
    ("not-identifiable", parents::not_identifiable),
    ("query-not-loaded", unloaded::query_not_loaded),
    ("question-mark-missing", question_marks::question_mark_missing),
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
    ("column-of-struct", structs::column),
    ("query-of-struct", structs::query),
    ("other-library", other_libraries::other_library),
    ("column-shadowed", structs::shadowed_column),
    ("column-alone", names::column_alone),
    ("diesel-path", names::diesel_path),
    ("await-in-sync", web::await_in_sync),
    ("method-missing", handlers::method_missing),
    ("handler-called", handlers::handler_called),
    ("handler", handlers::handler),
    ("state-missing", web::state_missing),
    ("state-type", web::state_type),
    ("session-store", web::session_store),
    ("await-missing", connections::await_missing),
    ("one-question-mark", connections::one_question_mark),
    ("closure-borrows", connections::closure_borrows),
    ("closure-argument", connections::closure_argument),
    ("closure-type", connections::closure_type),
    ("result-called", connections::result_called),
    ("outer-connection", write::outer_connection),
    ("write-error-type", write::error_type),
    ("write-without-connection", write::connection_missing),
    ("pool-for-connection", connections::pool_for_connection),
    ("connection-reference", connections::connection_reference),
    ("joinable", joins::joinable),
    ("tables-in-one-query", joins::tables_in_one_query),
    ("select-missing", structs::select_missing),
    ("join-missing", joins::join_missing),
    ("rust-operator", queries::rust_operator),
    ("column-method", queries::column_method),
    ("not-a-condition", queries::not_a_condition),
    ("key-type", queries::key_type),
    ("text-for-column", text_for_column::text_for_column),
    ("value-type", queries::value_type),
    ("tuple-missing", queries::tuple_missing),
    ("update-target", changes::update_target),
    ("set-missing", changes::set_missing),
    ("set-other-table", changes::set_other_table),
    ("set-value", changes::set_value),
    ("not-insertable", changes::not_insertable),
    ("conflict-unfinished", changes::conflict_unfinished),
    ("query-not-run", results::query_not_run),
    ("optional-missing", results::optional::missing),
    ("optional-before-query", results::optional::before_query),
    ("optional-too-late", results::optional::too_late),
    ("optional-behind-question-mark", results::optional::behind_question_mark),
    ("one-row-for-many", results::one_row_for_many),
    ("many-rows-for-one", results::many_rows_for_one),
    ("count-for-rows", results::count_for_rows),
    ("count-for-nothing", results::count_for_nothing),
    ("turned-inside-out", results::turned_inside_out),
    ("results-in-list", results::results_in_list),
    ("semicolon", results::semicolon),
    ("result-compared", question_marks::result_compared),
    ("ok-missing", results::ok_missing),
    ("option-added", values::option_added),
    ("bytes-of-text", values::bytes_of_text),
    ("other-result", returns::other_result),
    ("question-mark-in-closure", question_marks::in_closure),
    ("question-mark-nowhere", returns::question_mark_nowhere),
    ("text-pattern", returns::text_pattern),
    ("text-joined", joined_text::text_joined),
    ("moved-early", moves::moved_early),
    ("moved-out", moves::moved_out),
    ("reference-to-number", moves::reference_to_number),
    ("grouped-by", groups::grouped_by),
    ("err-missing", errors::err_missing),
    ("text-for-error", errors::text_for_error),
    ("some-missing", results::some_missing),
    ("option-with-question-mark", errors::option_with_question_mark),
    ("error-conversion", errors::error_conversion),
    ("ignored-result", errors::ignored),
    ("gate-asks-for", gate::asks_for),
    ("gate-shows", gate::shows),
];

type FailureRule = fn(&Failure<'_>, &Code) -> Option<Found>;

/// The rules for gates that fail, causes first.
const FAILURE_RULES: &[(&str, FailureRule)] = &[
    ("setup-syntax", setup::syntax),
    ("setup-owner", setup::owner),
    ("setting", settings::example),
    ("sql-columns-first", sql_order::columns_first),
    ("sql-syntax", migrations::syntax),
    ("sql-name", migrations::unknown_name),
    ("sql-exists", migrations::exists),
    ("sql-constraint", migrations::constraint),
    ("sql-drop-other", sql_order::drop_other),
    ("foreign-key", references::foreign_key),
    ("column-type", references::column_type),
    ("column-name", references::column_name),
    ("schema-without-table", schema_and_table::not_made),
    ("unexpected-null", schema_and_table::unexpected_null),
    ("route-syntax", routes::path_syntax),
    ("route-start", routes::path_start),
    ("route-overlap", routes::overlap),
    ("route-conflict", routes::conflict),
    ("layer-missing", routes::layer_missing),
    ("locked", panics::locked),
    ("borrowed", panics::borrowed),
    ("runtime", panics::runtime),
    ("unwrap-on-error", panics::unwrap_on_error),
    ("unwrap-on-none", panics::unwrap_on_none),
    ("out-of-range", panics::out_of_range),
    ("sql-set-null", sql_order::set_null),
    ("fields-exchanged", order::exchanged),
    ("fields-order", order::fields),
    ("environment", instead::environment),
    ("error-dropped", instead::error_dropped),
    ("session-names", instead::session_names),
    ("endless", endless::endless),
];

/// Explains why a gate of the lesson does not pass, where a rule knows. `root` is the workspace that was judged.
pub fn explain_failure(
    root: &Path,
    lesson: &Lesson,
    database: Database,
    report: &GateReport,
) -> Option<Explanation> {
    // What is not written yet is not a mistake.
    if report.reached_gap().is_some() {
        return None;
    }
    let gate = lesson.manifest.gates.get(report.number.checked_sub(1)?)?;
    let code = Code::read(root, lesson, database);
    let failure = Failure { report, gate };
    let (id, found) = FAILURE_RULES.iter().find_map(|(id, rule)| Some((id, rule(&failure, &code)?)))?;
    explanation(id, found, None)
}

/// Explains the first error that a rule knows, in the order of the rules. `root` is the workspace that does not
/// compile.
pub fn explain(
    root: &Path,
    lesson: &Lesson,
    database: Database,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    if errors.is_empty() {
        return None;
    }
    if let Some((found, error)) = given::in_given(root, lesson, errors) {
        return explanation(GIVEN, found, Some(error));
    }
    first(&Code::read(root, lesson, database), errors)
}

/// Explains why cargo cannot build at all, from what it said, where somebody has edited one of its files.
pub fn explain_refusal(root: &Path, said: &str) -> Option<Explanation> {
    explanation(GIVEN, given::unbuildable(root, said)?, Some(0))
}

fn explanation(id: &str, found: Found, error: Option<usize>) -> Option<Explanation> {
    let (file, line) = found.place?;
    debug_assert!(found.lines.len() <= MOST_LINES, "{id}: {:?}", found.lines);
    Some(Explanation { id: id.to_owned(), lines: found.lines, file, line, error })
}

/// The same for files that are in no workspace: they are named by their paths in the lesson's folder.
pub fn explain_files<'a>(
    lesson: &Lesson,
    database: Database,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    handed_out: impl Iterator<Item = (&'a str, &'a [u8])>,
    errors: &[Diagnostic],
) -> Option<Explanation> {
    let folder = lesson.folder().to_string_lossy().replace('\\', "/");
    let source = |(path, bytes): (&str, &[u8])| {
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        Some(Source { file: format!("{folder}/{path}"), text })
    };
    let (files, handed_out) = (files.filter_map(source).collect(), handed_out.filter_map(source).collect());
    first(&Code::of(lesson, database, files, handed_out), errors)
}

fn first(code: &Code, errors: &[Diagnostic]) -> Option<Explanation> {
    let troubles: Vec<_> = errors.iter().map(|error| Trouble::new(error, code)).collect();
    let (id, found, error) = RULES.iter().find_map(|(id, rule)| {
        troubles.iter().enumerate().find_map(|(at, trouble)| Some((id, rule(trouble, code)?, at)))
    })?;
    let place = found.place.or_else(|| troubles[error].place());
    explanation(id, Found { place, ..found }, Some(error))
}
