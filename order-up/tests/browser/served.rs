//! The app with a restaurant, on a port of its own.

use std::net::SocketAddr;

use gates::Database;
use order_up::{Clock, Config, MIGRATIONS, Restaurant, app, seed};
use tokio::net::TcpListener;

pub struct Served {
    pub address: String,
    pub database: Database,
}

/// Starts the app with the demo's restaurant.
pub async fn serve() -> Served {
    serve_restaurant(&Restaurant::demo()).await
}

/// Starts the app; it stops with the test's runtime.
pub async fn serve_restaurant(restaurant: &Restaurant) -> Served {
    let mut database = Database::migrated(&MIGRATIONS);
    seed(database.conn(), restaurant).expect("the restaurant fits into the tables");
    let key = "k".repeat(64);
    let settings =
        [("DATABASE_URL", database.url()), ("SECRET_KEY", &key), ("TIME_ZONE", "America/New_York")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(settings, ".env-of-no-test".as_ref()).expect("these settings are fine");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    let app = app(config, Clock::system()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(axum::serve(listener, app).into_future());
    Served { address: format!("http://{address}"), database }
}
