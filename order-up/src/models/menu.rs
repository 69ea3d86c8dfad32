//! The menu: what guests can order.

pub mod types;

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Constraint, Db, violated, write};
use thiserror::Error;

use crate::alphabetical::Alphabetical;
use crate::models::employee::Employee;
use crate::models::log::{self, Event};
use crate::money::Cents;
use crate::schema::{menu_item_types, menu_items, menus};

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = menu_items, check_for_backend(Backend))]
pub struct MenuItem {
    pub id: i32,
    pub name: String,
    #[diesel(column_name = price_cents)]
    pub price: Cents,
    pub menu_id: i32,
    pub menu_item_type_id: i32,
    /// It cannot be ordered before this time.
    pub sold_out_until: Option<Timestamp>,
}

impl MenuItem {
    pub fn is_sold_out(&self, now: Timestamp) -> bool {
        self.sold_out_until.is_some_and(|until| now < until)
    }
}

/// The items of one type on one menu.
#[derive(Debug, PartialEq)]
pub struct Section {
    pub menu: String,
    pub kind: String,
    pub items: Vec<MenuItem>,
}

/// An item as a manager describes it, with its menu and its type by their names, which may be new.
#[derive(Clone, Debug)]
pub struct Description {
    pub name: String,
    pub price: Cents,
    pub menu: String,
    pub kind: String,
}

/// Why the menu could not be changed.
#[derive(Debug, Error)]
pub enum MenuError {
    /// There is no such item, or it has been removed.
    #[error("there is no such item on the menu")]
    Unknown,
    #[error("the menu has an item of this name")]
    NameTaken,
    /// Somebody else has moved a type.
    #[error("the types are in another order by now")]
    Reordered,
    #[error(transparent)]
    Database(diesel::result::Error),
}

impl From<diesel::result::Error> for MenuError {
    fn from(error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Unique(columns)) if columns == ["menu_items.menu_id", "menu_items.name"] => {
                Self::NameTaken
            }
            _ if error == diesel::NotFound => Self::Unknown,
            _ => Self::Database(error),
        }
    }
}

/// Everything that is served: by menu, by the position of the type, and by name.
///
/// # Errors
///
/// When the database fails.
pub fn sections(conn: &mut Db) -> QueryResult<Vec<Section>> {
    let mut rows: Vec<(MenuItem, String, (i32, String))> = menu_items::table
        .inner_join(menus::table)
        .inner_join(menu_item_types::table)
        .filter(menu_items::retired_at.is_null())
        .select((MenuItem::as_select(), menus::name, (menu_item_types::position, menu_item_types::name)))
        .load(conn)?;
    rows.sort_by_cached_key(|(item, menu, (position, kind))| {
        (Alphabetical::new(menu), *position, Alphabetical::new(kind), Alphabetical::new(&item.name))
    });
    let mut sections: Vec<Section> = Vec::new();
    for (item, menu, (_, kind)) in rows {
        match sections.last_mut() {
            Some(section) if section.menu == menu && section.kind == kind => section.items.push(item),
            _ => sections.push(Section { menu, kind, items: vec![item] }),
        }
    }
    Ok(sections)
}

/// The names of all menus, for a person to choose from.
///
/// # Errors
///
/// When the database fails.
pub fn names(conn: &mut Db) -> QueryResult<Vec<String>> {
    let mut names: Vec<String> = menus::table.select(menus::name).load(conn)?;
    names.sort_by_cached_key(|name| Alphabetical::new(name));
    Ok(names)
}

/// An item that is served, as a manager would describe it.
///
/// # Errors
///
/// [`MenuError::Unknown`] if the item is not served.
pub fn describe(conn: &mut Db, id: i32) -> Result<Description, MenuError> {
    let (item, menu, kind): (MenuItem, String, String) = menu_items::table
        .inner_join(menus::table)
        .inner_join(menu_item_types::table)
        .filter(menu_items::id.eq(id).and(menu_items::retired_at.is_null()))
        .select((MenuItem::as_select(), menus::name, menu_item_types::name))
        .first(conn)?;
    Ok(Description { price: item.price, name: item.name, menu, kind })
}

/// Adds an item. A menu or a type that is new is added with it.
///
/// # Errors
///
/// [`MenuError::NameTaken`] if the menu has an item of this name.
pub fn create(conn: &mut Db, new: &Description) -> Result<MenuItem, MenuError> {
    write(conn, |conn| {
        let values = (
            menu_items::name.eq(&new.name),
            menu_items::price_cents.eq(new.price),
            menu_items::menu_id.eq(menu_named(conn, &new.menu)?),
            menu_items::menu_item_type_id.eq(type_named(conn, &new.kind)?),
        );
        let insert = diesel::insert_into(menu_items::table).values(values);
        Ok(insert.returning(MenuItem::as_returning()).get_result(conn)?)
    })
}

/// Changes an item. What has been ordered keeps the name and price that the item had then. The log keeps the price
/// that it had on the menu.
///
/// # Errors
///
/// [`MenuError::NameTaken`] if the menu has another item of this name, and [`MenuError::Unknown`] if
/// this one is not served.
pub fn update(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    new: &Description,
    now: Timestamp,
) -> Result<(), MenuError> {
    write(conn, |conn| {
        let (item, from) = held(conn, id)?;
        let set = (
            menu_items::name.eq(&new.name),
            menu_items::price_cents.eq(new.price),
            menu_items::menu_id.eq(menu_named(conn, &new.menu)?),
            menu_items::menu_item_type_id.eq(type_named(conn, &new.kind)?),
        );
        diesel::update(served(id)).set(set).execute(conn)?;
        if from != new.price {
            log::of_dish(conn, me, &Event::PriceChanged { item, from, to: new.price }, now)?;
        }
        Ok(())
    })
}

/// Takes an item off the menu. Its row stays, because past bills refer to it.
///
/// # Errors
///
/// [`MenuError::Unknown`] if the item is not served.
pub fn remove(conn: &mut Db, id: i32, now: Timestamp) -> Result<(), MenuError> {
    match diesel::update(served(id)).set(menu_items::retired_at.eq(now)).execute(conn)? {
        0 => Err(MenuError::Unknown),
        _ => Ok(()),
    }
}

/// The name and price of an item that is served. The update changes nothing, but until this transaction ends nobody
/// else can change the item, so this is what a change is made from.
fn held(conn: &mut Db, id: i32) -> QueryResult<(String, Cents)> {
    let update = diesel::update(served(id)).set(menu_items::price_cents.eq(menu_items::price_cents));
    update.returning((menu_items::name, menu_items::price_cents)).get_result(conn)
}

#[diesel::dsl::auto_type]
pub(super) fn served(id: i32) -> _ {
    menu_items::table.filter(menu_items::id.eq(id).and(menu_items::retired_at.is_null()))
}

/// The id of the menu with this name, which is added if it is new.
fn menu_named(conn: &mut Db, name: &str) -> QueryResult<i32> {
    diesel::insert_into(menus::table).values(menus::name.eq(name)).on_conflict_do_nothing().execute(conn)?;
    menus::table.filter(menus::name.eq(name)).select(menus::id).first(conn)
}

/// The id of the type with this name. If it is new, it is added, and comes last.
///
/// # Errors
///
/// When the database fails.
pub fn type_named(conn: &mut Db, name: &str) -> QueryResult<i32> {
    let new = menu_item_types::name.eq(name);
    let insert = diesel::insert_into(menu_item_types::table).values(new).on_conflict_do_nothing();
    if let Some(id) = insert.returning(menu_item_types::id).get_result::<i32>(conn).optional()? {
        let added = menu_item_types::table.find(id);
        diesel::update(added).set(menu_item_types::position.eq(id)).execute(conn)?;
    }
    menu_item_types::table.filter(menu_item_types::name.eq(name)).select(menu_item_types::id).first(conn)
}
