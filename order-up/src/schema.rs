//! The tables as Diesel sees them.

diesel::table! {
    employees (id) {
        id -> Integer,
        name -> Text,
        employee_number -> Integer,
        hashed_password -> Text,
        role -> Text,
        retired_at -> Nullable<BigInt>,
        session_key -> Text,
    }
}

diesel::table! {
    menus (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    menu_item_types (id) {
        id -> Integer,
        name -> Text,
        position -> Integer,
    }
}

diesel::table! {
    menu_items (id) {
        id -> Integer,
        name -> Text,
        price_cents -> BigInt,
        menu_id -> Integer,
        menu_item_type_id -> Integer,
        retired_at -> Nullable<BigInt>,
        sold_out_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    tables (id) {
        id -> Integer,
        number -> Integer,
        capacity -> Integer,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    orders (id) {
        id -> Integer,
        employee_id -> Integer,
        table_id -> Integer,
        guests -> Nullable<Integer>,
        opened_at -> BigInt,
        changed_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    order_details (id) {
        id -> Integer,
        order_id -> Integer,
        menu_item_id -> Integer,
        name -> Text,
        price_cents -> BigInt,
        quantity -> Integer,
        note -> Text,
        cooked -> Integer,
    }
}

diesel::table! {
    log_entries (id) {
        id -> Integer,
        logged_at -> BigInt,
        employee_id -> Integer,
        employee_name -> Text,
        order_id -> Nullable<Integer>,
        table_number -> Nullable<Integer>,
        event -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    ordered_portions (id) {
        id -> Integer,
        order_detail_id -> Integer,
        quantity -> Integer,
        ordered_at -> BigInt,
    }
}

diesel::table! {
    cooked_portions (id) {
        id -> Integer,
        order_detail_id -> Integer,
        quantity -> Integer,
        cooked_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        data -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    failed_sign_ins (employee_number, address) {
        employee_number -> Integer,
        address -> Text,
        failures -> Integer,
        next_turn_at -> BigInt,
    }
}

diesel::joinable!(menu_items -> menus (menu_id));
diesel::joinable!(menu_items -> menu_item_types (menu_item_type_id));
diesel::joinable!(orders -> employees (employee_id));
diesel::joinable!(orders -> tables (table_id));
diesel::joinable!(order_details -> orders (order_id));
diesel::joinable!(order_details -> menu_items (menu_item_id));
diesel::joinable!(ordered_portions -> order_details (order_detail_id));
diesel::joinable!(cooked_portions -> order_details (order_detail_id));
diesel::allow_tables_to_appear_in_same_query!(
    employees,
    menus,
    menu_item_types,
    menu_items,
    tables,
    orders,
    order_details,
    ordered_portions,
    cooked_portions,
);
