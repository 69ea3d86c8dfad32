//! Serves the app on this machine.
//!
//!     cargo kata run 8

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, Error, Result};
use diesel_migrations::MigrationHarness;
use groundwork::connect;
use groundwork::order_up::{Restaurant, own_tables};
use lesson_08_order_up::{Clock, Config, MIGRATIONS, app, seed};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<()> {
    let config = Config::for_development(env!("CARGO_PKG_NAME"))?;
    let conn = &mut connect(&config.settings.database_url)?;
    conn.run_pending_migrations(MIGRATIONS).map_err(Error::from_boxed)?;
    if own_tables::are_empty(conn)?
        && let Err(error) = seed(conn, &Restaurant::evening())
    {
        println!("`seed` has not stored anything: {error:#}");
    }
    let listener = TcpListener::bind(config.address).await;
    let listener = listener.with_context(|| {
        format!("cannot listen on {}. Set ADDRESS to use another address", config.address)
    })?;
    println!("Order Up: http://{}/", listener.local_addr()?);
    let app = app(config, Clock::system()).into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, app).await?)
}
