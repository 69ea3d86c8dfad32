//! Asks for a password.

use std::io::{IsTerminal, stdin};

use anyhow::{Result, anyhow, bail};
use groundwork::order_up::passwords;
use order_up::form::Form;

/// Asks for a new password, and returns its hash. Without a terminal, the password is the first line
/// of the input.
pub fn ask() -> Result<String> {
    let typed = if stdin().is_terminal() {
        let typed = rpassword::prompt_password("New password (not shown): ")?;
        if typed != rpassword::prompt_password("Repeat the new password: ")? {
            bail!("the two passwords do not match; nothing was changed.");
        }
        typed
    } else {
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    // The same rules as on the page.
    let mut form = Form::filled([("password", typed)]);
    let Some(password) = form.new_password("password") else {
        return Err(anyhow!(form.error("password").unwrap_or_default().to_owned()));
    };
    Ok(passwords::hash(&password)?)
}
