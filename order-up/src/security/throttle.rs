//! Throttles attempts to guess a password: each failure lengthens the wait for the next one.

use super::sign_in_queue::Place;
use crate::app::App;
use crate::error::AppError;
use crate::models::failed_sign_in;

/// Waits until an attempt for this employee number from this address may be made, and returns a place in the queue of
/// sign-ins to verify next. Returns `None` when too many others are waiting, so this attempt is not allowed at all.
///
/// # Errors
///
/// When the database fails.
pub async fn wait_for_turn(
    app: &App,
    employee_number: i32,
    address: &str,
) -> Result<Option<Place>, AppError> {
    let (place, now) = (address.to_owned(), app.clock.now());
    let take = move |conn: &mut _| failed_sign_in::take_turn(conn, employee_number, &place, now);
    let Some(wait) = app.pool.run(take).await?? else { return Ok(None) };
    tokio::time::sleep(wait).await;
    Ok(app.sign_in_queue.enter(address))
}

/// The message for a person whose attempt is not allowed.
pub const TOO_MANY: &str = "Too many attempts at once. Wait half a minute, then try again.";
