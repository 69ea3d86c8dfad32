//! Guests order.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use axum::response::Redirect;
use diesel::prelude::*;
use groundwork::Db;

use super::{OrderId, find_open_for};
use crate::App;
use crate::error::{AppError, Refusal};
use crate::models::{Dish, NewLine};
use crate::schema::dishes;
use crate::security::{Fields, Me};

/// More of one dish at once are a slip of a finger.
const MOST: i64 = 999;

/// So many of a dish.
struct Wish {
    dish_id: i32,
    quantity: i64,
}

pub async fn add(
    State(app): State<App>,
    OrderId(order_id): OrderId,
    me: Me,
    fields: Fields,
) -> Result<Redirect, AppError> {
    let wishes = wishes(&fields)?;
    let now = app.clock.now();
    let add = move |conn: &mut Db| {
        fields.once(conn, now, |conn| {
            find_open_for(&me.employee, conn, order_id)?;
            store(conn, order_id, &wishes)
        })
    };
    app.pool.run(add).await??;
    Ok(Redirect::to("/"))
}

/// What is checked on the menu, each dish once.
fn wishes(fields: &Fields) -> Result<Vec<Wish>, Refusal> {
    let mut seen = HashSet::new();
    let checked = fields.all("dish").filter(|&id| seen.insert(id.to_owned()));
    let wish = |id: &str| {
        let dish_id = id.parse().map_err(|_| Refusal::NoSuchDish)?;
        let quantity = match fields.get(&format!("quantity-{id}")).trim() {
            "" => 1,
            typed => typed.parse().map_err(|_| Refusal::NoQuantity)?,
        };
        if !(1..=MOST).contains(&quantity) {
            return Err(Refusal::NoQuantity);
        }
        Ok(Wish { dish_id, quantity })
    };
    checked.map(wish).collect()
}

fn store(conn: &mut Db, order_id: i32, wishes: &[Wish]) -> Result<(), AppError> {
    let menu: HashMap<i32, Dish> = Dish::query()
        .filter(dishes::id.eq_any(wishes.iter().map(|wish| wish.dish_id)))
        .filter(dishes::removed_at.is_null())
        .load(conn)?
        .into_iter()
        .map(|dish: Dish| (dish.id, dish))
        .collect();
    for wish in wishes {
        let dish = menu.get(&wish.dish_id).ok_or(Refusal::NoSuchDish)?;
        let line = NewLine {
            order_id,
            dish_name: &dish.name,
            price_cents: dish.price_cents.0,
            quantity: wish.quantity,
        };
        line.add(conn)?;
    }
    Ok(())
}
