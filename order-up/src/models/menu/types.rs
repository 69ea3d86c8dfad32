//! The types of items, such as starters and mains, in the order that the managers choose.
//!
//! Two types change places by *compare and swap*: each update names the position that the page showed, and matches no
//! row if the type is no longer there. Both updates are one transaction, so both types move, or neither does. A manager
//! whose page is out of date gets an error, and the types stay as somebody else has arranged them.
//!
//! A transaction that updates two rows may have to wait twice. If two managers swapped the same types, and each began
//! with another one, each could wait for the row that the other has updated: a deadlock. So the type with the smaller
//! id is always updated first.
//!
//! The position of a new type is its id. That is larger than all positions so far, because a swap only exchanges
//! positions. It also cannot be the position of another new type, even if both are added at once.

use diesel::prelude::*;
use groundwork::{Backend, Db, write};

use super::MenuError;
use crate::alphabetical::Alphabetical;
use crate::schema::menu_item_types;

#[derive(Clone, Debug, HasQuery, PartialEq)]
#[diesel(table_name = menu_item_types, check_for_backend(Backend))]
pub struct MenuItemType {
    pub id: i32,
    pub name: String,
    pub position: i32,
}

/// A type, and the position that a page showed it in.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub id: i32,
    pub position: i32,
}

/// All types, in their order.
///
/// # Errors
///
/// When the database fails.
pub fn all(conn: &mut Db) -> QueryResult<Vec<MenuItemType>> {
    let mut types: Vec<MenuItemType> = MenuItemType::query().load(conn)?;
    types.sort_by_cached_key(|it| (it.position, Alphabetical::new(&it.name)));
    Ok(types)
}

/// Lets two types change places: the upper one moves down, and the lower one up.
///
/// # Errors
///
/// [`MenuError::Reordered`] if one of them is no longer where it was shown, and [`MenuError::Unknown`] if there is no
/// such type.
pub fn swap(conn: &mut Db, upper: Shown, lower: Shown) -> Result<(), MenuError> {
    let mut moves = [(upper.id, upper.position, lower.position), (lower.id, lower.position, upper.position)];
    moves.sort_unstable();
    write(conn, |conn| {
        for (id, from, to) in moves {
            let as_shown = menu_item_types::table.find(id).filter(menu_item_types::position.eq(from));
            if diesel::update(as_shown).set(menu_item_types::position.eq(to)).execute(conn)? == 0 {
                // If there is no such type, this returns that error.
                menu_item_types::table.find(id).select(menu_item_types::id).first::<i32>(conn)?;
                return Err(MenuError::Reordered);
            }
        }
        Ok(())
    })
}

/// Gives positions to the types from before there were positions. They stay in alphabetical order, as they were listed
/// then, and share out their own ids, which no other type has as its position.
///
/// # Errors
///
/// When the database fails.
pub fn choose_positions(conn: &mut Db) -> QueryResult<()> {
    let without = MenuItemType::query().filter(menu_item_types::position.eq(0));
    let mut types: Vec<MenuItemType> = without.order(menu_item_types::id).load(conn)?;
    let positions: Vec<_> = types.iter().map(|it| it.id).collect();
    types.sort_by_cached_key(|it| Alphabetical::new(&it.name));
    for (it, position) in types.iter().zip(positions) {
        let update = diesel::update(menu_item_types::table.find(it.id));
        update.set(menu_item_types::position.eq(position)).execute(conn)?;
    }
    Ok(())
}
