use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::MigrationHarness;
use lesson_08_order_up::seed::{Restaurant, seed};
use lesson_08_order_up::{Clock, Config, MIGRATIONS, app, open};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().init();
    let dotenv = Path::new(".env");
    let config = Config::load(std::env::vars(), dotenv)?;
    if let Some(key) = &config.new_key {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(dotenv)?;
        writeln!(file, "\nSECRET_KEY={key}")?;
        println!("Made a SECRET_KEY and put it into {}.", dotenv.display());
    }
    let mut conn = open(&config.database_url)?;
    conn.run_pending_migrations(MIGRATIONS)?;
    let people = diesel::select(diesel::dsl::sql::<BigInt>("(SELECT count(*) FROM staff)"));
    if people.get_result::<i64>(&mut conn)? == 0 {
        seed(&mut conn, &Restaurant::demo())?;
        println!("Sign in as 1234 with `password`.");
    }
    drop(conn);
    let listener = tokio::net::TcpListener::bind(&config.address).await?;
    println!("http://{}", listener.local_addr()?);
    let service = app(config, Clock::system()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await?;
    Ok(())
}
