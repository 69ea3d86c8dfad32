//! The tables as Diesel sees them.

diesel::table! {
    employees (number) {
        number -> Integer,
        name -> Text,
        password_hash -> Text,
        is_manager -> Bool,
        has_retired -> Bool,
    }
}

diesel::table! {
    seats (number) {
        number -> Integer,
        capacity -> Integer,
    }
}

diesel::table! {
    dishes (id) {
        id -> Integer,
        menu -> Text,
        kind -> Text,
        name -> Text,
        price_cents -> BigInt,
    }
}

diesel::table! {
    orders (id) {
        id -> Integer,
        table_number -> Integer,
        server -> Integer,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    lines (id) {
        id -> Integer,
        order_id -> Integer,
        name -> Text,
        price_cents -> BigInt,
        quantity -> Integer,
    }
}

diesel::joinable!(orders -> employees (server));
diesel::joinable!(orders -> seats (table_number));
diesel::joinable!(lines -> orders (order_id));
diesel::allow_tables_to_appear_in_same_query!(employees, seats, dishes, orders, lines);
