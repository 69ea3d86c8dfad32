//! Asks for a password.

use std::io::{IsTerminal, stdin};

use lesson_08_order_up::form::Form;
use lesson_08_order_up::security::passwords;

use super::Done;

/// Asks for a new password, and returns its hash. Where nobody types, it is the first line of the
/// input.
pub fn ask() -> Done<String> {
    let typed = if stdin().is_terminal() {
        let typed = rpassword::prompt_password("New password (it does not show): ")?;
        if typed != rpassword::prompt_password("Once more: ")? {
            return Err("the two are not the same; nothing was changed.".into());
        }
        typed
    } else {
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    // The same rules as on the page.
    let mut form = Form::filled([("password", typed)]);
    let password = form.new_password("password").ok_or_else(|| form.error("password").unwrap_or_default())?;
    Ok(passwords::hash(&password)?)
}
