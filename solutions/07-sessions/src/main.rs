//! Serves step 7 to a class.
//!
//!     cargo run -p solution-07-sessions

use std::future::pending;
use std::process::ExitCode;

use gates::Database;
use groundwork::dotenv;
use tokio::net::TcpListener;
use tower_sessions_cookie_store::Key;

use solution_07_sessions::config::KEY_LENGTH;
use solution_07_sessions::{Config, MIGRATIONS, app_with_cookies, app_with_store};

#[tokio::main]
async fn main() -> ExitCode {
    gates::demo::plain_errors();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    let cookies = listen("ADDRESS", "127.0.0.1:8000").await?;
    let store = listen("STORE_ADDRESS", "127.0.0.1:8001").await?;
    // A browser keeps one set of cookies for all ports of a host, and both apps call theirs
    // `session`; under two names of this machine neither overwrites the other's.
    let one = format!("http://{}/", address(&cookies)?);
    let other = format!("http://{}/", address(&store)?.replace("127.0.0.1", "localhost"));
    let title = "Lesson 7: sessions";
    println!("\n{title}\n{}", "═".repeat(title.chars().count()));

    // The demo's own database, so that nothing of yours is touched.
    let mut shop = Database::migrated(&MIGRATIONS);
    let config = settings_for(&shop);
    println!("\n  sessions in cookies        {one}\n  sessions in the database   {other}");
    println!("\nThe database is a throwaway one: {}", shop.url());
    println!("{}", WHAT_TO_TRY.replace("{one}", &one).replace("{other}", &other));

    let serve_cookies = axum::serve(cookies, app_with_cookies(&config)).with_graceful_shutdown(ctrl_c());
    let serve_store = axum::serve(store, app_with_store(&config)).with_graceful_shutdown(ctrl_c());
    let stopped = tokio::try_join!(serve_cookies.into_future(), serve_store.into_future());
    stopped.map_err(|error| format!("the server stopped: {error}."))?;
    println!("\nStopped. These sessions go with the throwaway database:\n");
    println!("{}", shop.rows("id, data, expires_at", "sessions ORDER BY id"));
    Ok(())
}

/// Listens where the variable `name` says, or else where the demo usually does.
async fn listen(name: &str, usual: &str) -> Result<TcpListener, String> {
    let address = std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let listener = TcpListener::bind(&address).await;
    listener.map_err(|error| {
        format!("cannot listen on {address}: {error}. Set {name} to another, as in `{name}=127.0.0.1:8002`.")
    })
}

fn address(listener: &TcpListener) -> Result<String, String> {
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(address.to_string())
}

/// The settings of this process, but for the database. Where they are an error, it is shown, and
/// the key is the demo's.
fn settings_for(shop: &Database) -> Config {
    let database_url = shop.url().to_owned();
    // Among the variables the last of a name counts.
    let variables = std::env::vars().chain([("DATABASE_URL".to_owned(), database_url.clone())]);
    Config::load(variables, &dotenv::path()).unwrap_or_else(|error| {
        println!("\n{error}\n{DEMO_KEY_WARNING}");
        Config {
            settings: groundwork::Config { database_url, sql_echo: None },
            secret_key: Key::from(&DEMO_KEY),
        }
    })
}

/// Ends when somebody presses Ctrl-C.
async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Where the key cannot be listened for, it ends the process by itself.
        pending::<()>().await;
    }
}

const DEMO_KEY: [u8; KEY_LENGTH] = [b'k'; KEY_LENGTH];

const DEMO_KEY_WARNING: &str = "Warning: cookies are signed with a key that everybody can read in the code of this \
                                demo. It serves for the demo, and for nothing else.";

const WHAT_TO_TRY: &str = r#"
Try, in a browser, at both addresses:

  look again; look from another browser, or from a private window
  clear the cookies of the page, and look again
  change one letter of the cookie `session` (developer tools, Storage or Application), and look
  read the first app's cookie: atob("…") in the tools' console, with what follows the `=` in it
  copy the cookie's value, look three times, put the old value back, and look: what is different?

And in a second terminal, at the top of the workspace:

  what a visitor is sent   curl -i {one}
  the same, with a store   curl -i {other}
  a page without session   curl -i {one}about
  with a jar of cookies    curl -s -b target/jar -c target/jar {one} | grep views
                           curl -s -b target/jar -c target/jar {other} | grep views

Then press Ctrl-C, start the demo anew, and look again. The first app goes on counting, if it has
the same key: its sessions were never here. The second begins anew, because each start of the demo
makes a database and deletes it at the end. With a database that stays, it would go on too."#;
