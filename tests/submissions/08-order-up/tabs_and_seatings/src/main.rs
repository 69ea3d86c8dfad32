use std::error::Error;
use std::net::SocketAddr;

use diesel_migrations::MigrationHarness;
use groundwork::order_up::{Restaurant, own_tables};
use lesson_08_order_up::{Clock, Config, MIGRATIONS, app, open, seed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::for_development("lesson-08-order-up")?;
    let mut conn = open(&config.settings.database_url)?;
    conn.run_pending_migrations(MIGRATIONS)?;
    if own_tables::are_empty(&mut conn)? {
        seed(&mut conn, &Restaurant::evening())?;
        println!("Sign in as 1234 with `password`.");
    }
    drop(conn);
    let listener = tokio::net::TcpListener::bind(&config.address).await?;
    println!("http://{}", listener.local_addr()?);
    let service = app(config, Clock::system()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await?;
    Ok(())
}
