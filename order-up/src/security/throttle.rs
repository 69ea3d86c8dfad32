//! Throttles attempts to guess a password: each failure lengthens the wait for the next one.

use crate::app::App;
use crate::error::AppError;
use crate::models::failed_sign_in;

/// Waits until an attempt for this employee number from this address may be made. Returns `false`
/// when so many others are waiting that this one must not be made at all.
///
/// # Errors
///
/// When the database fails.
pub async fn wait_for_turn(app: &App, employee_number: i32, address: &str) -> Result<bool, AppError> {
    let (address, now) = (address.to_owned(), app.clock.now());
    let take = move |conn: &mut _| failed_sign_in::take_turn(conn, employee_number, &address, now);
    let Some(wait) = app.pool.run(take).await?? else { return Ok(false) };
    tokio::time::sleep(wait).await;
    Ok(true)
}

/// What a person reads when they must not try.
pub const TOO_MANY: &str = "Too many tries at once. Wait half a minute, and try again.";
