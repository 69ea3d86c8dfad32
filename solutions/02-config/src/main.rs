//! Serves step 2 to a class.
//!
//!     cargo run -p solution-02-config

use std::future::pending;
use std::process::ExitCode;

use gates::Database;
use groundwork::dotenv;
use tokio::net::TcpListener;

use solution_02_config::{Config, app};

#[tokio::main]
async fn main() -> ExitCode {
    gates::demo::plain_errors();
    let address = std::env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    match serve(&address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot listen on {address}: {error}. Set ADDRESS to another, as in {ANOTHER}.");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: &str) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let title = "Lesson 2: settings, a pool, an app";
    println!("\n{title}\n{}", "═".repeat(title.chars().count()));

    println!("\nYour settings, from the shell and from {}:\n", dotenv::path().display());
    match Config::from_env() {
        Ok(config) => println!("  {config:?}"),
        Err(error) => println!("  {error}"),
    }

    // The demo's own database, so that there is a shop to ask and nothing of yours is touched.
    let shop = Database::with("CREATE TABLE shop (books INTEGER); INSERT INTO shop VALUES (1865);");
    let config = settings_for(&shop);
    let echo = if config.sql_echo.is_some() { "on" } else { "off" };
    println!("\nServing a throwaway database at {url} with SQL echo {echo}.");
    println!("{}", WHAT_TO_TRY.replace("{url}", &url));

    axum::serve(listener, app(&config)).with_graceful_shutdown(ctrl_c()).await?;
    println!("\nStopped. The pool had opened {} connection(s).", shop.connections());
    Ok(())
}

/// The settings of this process, but for the database. Where they are an error, which has been
/// shown, SQL echo is off.
fn settings_for(shop: &Database) -> Config {
    let database_url = shop.url().to_owned();
    // Among the variables the last of a name counts.
    let variables = std::env::vars().chain([("DATABASE_URL".to_owned(), database_url.clone())]);
    Config::load(variables, &dotenv::path()).unwrap_or(Config { database_url, sql_echo: None })
}

/// Ends when somebody presses Ctrl-C.
async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Where the key cannot be listened for, it ends the process by itself.
        pending::<()>().await;
    }
}

const ANOTHER: &str = "`ADDRESS=127.0.0.1:8001 cargo run -p solution-02-config`";

const WHAT_TO_TRY: &str = r#"
Try, in a browser or in a second terminal:

  one request             curl {url}
  an unknown address      curl -i {url}nowhere
  forty requests at once  curl -Z --no-progress-meter -o answer.txt -w "%{http_code}\n" "{url}?[1-40]"

Ctrl-C stops the server: it answers what it has been asked, says how many connections the pool
had opened, and deletes the database. Then start it again, and compare:

  without DATABASE_URL    unset it in your shell, take its line out of .env:
                          cargo run -p solution-02-config
  with it                 DATABASE_URL=sqlite://bookshop.db cargo run -p solution-02-config
  with SQL echo           SQL_ECHO=1 cargo run -p solution-02-config
  with a typing error     SQL_ECHO=perhaps cargo run -p solution-02-config

In PowerShell a variable is set by a command of its own: $env:SQL_ECHO='1'"#;
