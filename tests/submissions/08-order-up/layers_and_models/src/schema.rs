//! The tables, as `migrations` make them.

diesel::table! {
    employees (id) {
        id -> Integer,
        number -> Integer,
        name -> Text,
        password_hash -> Text,
        is_manager -> Bool,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tables (number) {
        number -> Integer,
        seats -> Integer,
    }
}

diesel::table! {
    dishes (id) {
        id -> Integer,
        menu -> Text,
        kind -> Text,
        name -> Text,
        price_cents -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    orders (id) {
        id -> Integer,
        table_number -> Integer,
        employee_id -> Integer,
        opened_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    lines (id) {
        id -> Integer,
        order_id -> Integer,
        dish_name -> Text,
        price_cents -> BigInt,
        quantity -> BigInt,
    }
}

diesel::joinable!(orders -> employees (employee_id));
diesel::joinable!(orders -> tables (table_number));
diesel::joinable!(lines -> orders (order_id));
diesel::allow_tables_to_appear_in_same_query!(employees, tables, dishes, orders, lines);
