//! What the migrations make, as the database reports it, and the edges of what it takes, [O2]. The text
//! is the same on both databases.

use gates::Database;
use order_up::MIGRATIONS;

use crate::Open;

#[cfg(not(feature = "postgres"))]
const REFERENCES: &str = "SELECT child.name AS child, key.\"from\" AS column_name, key.\"table\" AS parent, on_delete \
                          FROM sqlite_master AS child, pragma_foreign_key_list(child.name) AS key";
#[cfg(feature = "postgres")]
const REFERENCES: &str = "SELECT conrelid::regclass AS child, attname AS column_name, confrelid::regclass AS parent, \
                          CASE confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' ELSE confdeltype::text END AS on_delete \
                          FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] \
                          WHERE contype = 'f'";

/// But for those of the primary keys.
#[cfg(not(feature = "postgres"))]
const INDEXES: &str = "SELECT indexed.name AS indexed, \
                       (SELECT group_concat(name, ' ') FROM pragma_index_info(list.name)) AS columns, \
                       CASE WHEN list.\"unique\" THEN 'yes' ELSE 'no' END AS one_row_each, \
                       CASE WHEN partial THEN substr(made.sql, instr(made.sql, ' WHERE ') + 7) ELSE 'all' END AS of_rows \
                       FROM sqlite_master AS indexed, pragma_index_list(indexed.name) AS list \
                       JOIN sqlite_master AS made ON made.name = list.name \
                       WHERE indexed.type = 'table' AND origin <> 'pk'";
#[cfg(feature = "postgres")]
const INDEXES: &str = "SELECT indrelid::regclass AS indexed, \
                       (SELECT string_agg(attname, ' ' ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS key (number, place) \
                       JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns, \
                       CASE WHEN indisunique THEN 'yes' ELSE 'no' END AS one_row_each, \
                       coalesce(trim(BOTH '()' FROM pg_get_expr(indpred, indrelid)), 'all') AS of_rows \
                       FROM pg_index JOIN pg_class ON pg_class.oid = indrelid \
                       WHERE relnamespace = 'public'::regnamespace AND NOT indisprimary \
                       AND relname <> '__diesel_schema_migrations'";

#[test]
fn o2_every_column_exists() {
    let mut database = Database::migrated(&MIGRATIONS);
    let tables = database.tables();
    let columns = tables.lines().skip(1).map(|table| {
        let columns = database.columns(table);
        format!("{table}\n{}", columns.lines().skip(1).collect::<Vec<_>>().join("\n"))
    });
    let columns = columns.collect::<Vec<_>>().join("\n\n");
    insta::assert_snapshot!(columns, @r"
    cooked_portions
    id | integer | no | yes
    order_detail_id | integer | no | no
    quantity | integer | no | no
    cooked_at | bigint | no | no

    employees
    id | integer | no | yes
    name | text | no | no
    employee_number | integer | no | no
    hashed_password | text | no | no
    role | text | no | no
    retired_at | bigint | yes | no
    session_key | text | no | no

    failed_sign_ins
    employee_number | integer | no | yes
    address | text | no | yes
    failures | integer | no | no
    next_turn_at | bigint | no | no

    log_entries
    id | integer | no | yes
    logged_at | bigint | no | no
    employee_id | integer | no | no
    employee_name | text | no | no
    order_id | integer | yes | no
    table_number | integer | yes | no
    event | text | no | no
    reason | text | yes | no

    menu_item_types
    id | integer | no | yes
    name | text | no | no
    position | integer | no | no

    menu_items
    id | integer | no | yes
    name | text | no | no
    price_cents | bigint | no | no
    menu_id | integer | no | no
    menu_item_type_id | integer | no | no
    retired_at | bigint | yes | no
    sold_out_until | bigint | yes | no

    menus
    id | integer | no | yes
    name | text | no | no

    order_details
    id | integer | no | yes
    order_id | integer | no | no
    menu_item_id | integer | no | no
    name | text | no | no
    price_cents | bigint | no | no
    quantity | integer | no | no
    note | text | no | no
    cooked | integer | no | no

    ordered_portions
    id | integer | no | yes
    order_detail_id | integer | no | no
    quantity | integer | no | no
    ordered_at | bigint | no | no

    orders
    id | integer | no | yes
    employee_id | integer | no | no
    table_id | integer | no | no
    guests | integer | yes | no
    opened_at | bigint | no | no
    changed_at | bigint | no | no
    closed_at | bigint | yes | no

    sessions
    id | text | no | yes
    data | text | no | no
    expires_at | bigint | no | no

    spent_tokens
    token | text | no | yes
    spent_at | bigint | no | no

    tables
    id | integer | no | yes
    number | integer | no | no
    capacity | integer | no | no
    retired_at | bigint | yes | no
    ");
}

/// SQLite itself never leaves a key of one integer empty; `diesel print-schema` relies on the declaration.
#[cfg(not(feature = "postgres"))]
#[test]
fn no_key_is_declared_as_nullable() {
    let may_be_empty = "sqlite_master AS made, pragma_table_info(made.name) WHERE pk > 0 AND NOT \"notnull\" \
                        AND made.type = 'table' AND made.name <> '__diesel_schema_migrations'";
    assert_eq!(Database::migrated(&MIGRATIONS).rows("made.name", may_be_empty), "made.name");
}

#[test]
fn o2_every_reference_exists() {
    let references = Database::migrated(&MIGRATIONS)
        .rows("child, column_name, parent, on_delete", &format!("({REFERENCES}) AS keys ORDER BY 1"));
    insta::assert_snapshot!(references, @r"
    child | column_name | parent | on_delete
    cooked_portions | order_detail_id | order_details | CASCADE
    log_entries | employee_id | employees | RESTRICT
    log_entries | order_id | orders | RESTRICT
    menu_items | menu_id | menus | RESTRICT
    menu_items | menu_item_type_id | menu_item_types | RESTRICT
    order_details | menu_item_id | menu_items | RESTRICT
    order_details | order_id | orders | RESTRICT
    ordered_portions | order_detail_id | order_details | CASCADE
    orders | employee_id | employees | RESTRICT
    orders | table_id | tables | RESTRICT
    ");
}

#[test]
fn o2_every_index_exists() {
    let indexes = Database::migrated(&MIGRATIONS)
        .rows("indexed, columns, one_row_each, of_rows", &format!("({INDEXES}) AS indexes ORDER BY 1"));
    insta::assert_snapshot!(indexes, @r"
    indexed | columns | one_row_each | of_rows
    cooked_portions | cooked_at | no | all
    cooked_portions | order_detail_id | no | all
    employees | employee_number | yes | all
    log_entries | logged_at | no | all
    log_entries | order_id | no | all
    menu_item_types | name | yes | all
    menu_items | menu_id name | yes | retired_at IS NULL
    menus | name | yes | all
    order_details | order_id menu_item_id price_cents note | yes | all
    ordered_portions | order_detail_id | no | all
    orders | closed_at | no | all
    orders | table_id | yes | closed_at IS NULL
    sessions | expires_at | no | all
    spent_tokens | spent_at | no | all
    tables | number | yes | retired_at IS NULL
    ");
}

#[test]
fn every_migration_can_be_reverted() {
    let mut database = Database::migrated(&MIGRATIONS);
    let tables = database.tables();
    database.revert(&MIGRATIONS);
    assert_eq!(database.tables(), "name");
    database.migrate(&MIGRATIONS);
    assert_eq!(database.tables(), tables);
}

#[test]
fn o2_columns_accept_their_limits_and_refuse_anything_beyond() {
    let mut open = Open::new();
    let order = "INSERT INTO orders (employee_id, table_id, opened_at, changed_at) VALUES (1, 1, 0, 0)";
    let line = "INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity) VALUES (1, 1, '', 1, 1)";
    for insert in [order, line] {
        assert_eq!(open.database.run(insert), "done, 1 row(s)");
    }
    let text = |length: usize| format!("'{}'", "ä".repeat(length));
    let number = |number: i64| number.to_string();
    let range = |first: i64, last: i64| ([first, last].map(number), [first - 1, last + 1].map(number));
    let length = |longest: usize| ([1, longest].map(text), [0, longest + 1].map(text));
    let most = i64::from(i32::MAX);
    let cases = [
        ("employees", "name", length(100)),
        ("menus", "name", length(30)),
        ("menu_item_types", "name", length(20)),
        ("menu_items", "name", length(50)),
        ("menu_items", "price_cents", range(0, 1_000_000)),
        ("tables", "number", range(1, 9999)),
        ("tables", "capacity", range(1, 999)),
        ("orders", "guests", range(1, 999)),
        ("order_details", "quantity", range(1, 999)),
        ("order_details", "note", ([0, 100].map(text), [101, 102].map(text))),
        ("employees", "employee_number", ([number(1), number(most)], [number(0), number(-1)])),
        (
            "employees",
            "role",
            (["'server'", "'manager'"].map(str::to_owned), ["''", "'Server'"].map(str::to_owned)),
        ),
    ];
    for (table, column, (taken, refused)) in cases {
        let mut set =
            |value: &str| open.database.run(&format!("UPDATE {table} SET {column} = {value} WHERE id = 1"));
        for value in taken {
            assert_eq!(set(&value), "done, 1 row(s)", "{table}.{column} = {value}");
        }
        for value in refused {
            assert_eq!(set(&value), "refused: CheckViolation", "{table}.{column} = {value}");
        }
    }
}
