//! Serves the app until it is told to stop.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use groundwork::connect;
use order_up::models::employee;
use order_up::{Clock, Config, app, migrate::migrate};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::args::Serve;
use super::settings;

pub async fn serve(folder: &Path, options: &Serve) -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();

    make_key(folder)?;
    let config = settings::load(folder, options)?;
    let conn = &mut connect(&config.database_url)?;
    migrate(conn, when_empty)?;

    let listener = TcpListener::bind(config.address).await;
    let listener = listener.with_context(|| {
        format!("cannot listen on {}. Choose another with --address, as in 127.0.0.1:8001.", config.address)
    })?;
    let address = listener.local_addr()?;
    // From here on a signal is not missed.
    let told_to_stop = stop_signals()?;
    println!("\n  Order Up: http://{address}/");
    println!("  Data:     {}\n", groundwork::place::place(&config.database_url));
    warn(&config, address);
    let app = app(config, Clock::system()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(told_to_stop).await?;
    println!("Stopped; everything is stored.");
    Ok(())
}

/// Warns about what would otherwise surprise.
fn warn(config: &Config, address: SocketAddr) {
    if address.ip().is_loopback() {
        return;
    }
    if config.insecure_http {
        println!("{INSECURE}");
    } else {
        println!("{SECURE}");
    }
}

/// On a new SQLite file there is something to look at.
#[cfg(not(feature = "postgres"))]
fn when_empty(conn: &mut groundwork::Db) -> Result<()> {
    if employee::is_empty(conn)? {
        order_up::seed(conn, &order_up::Restaurant::demo())?;
        println!("A new database, with a restaurant to try: sign in as 1234 with `password`.");
    }
    Ok(())
}

/// On a server there is no demo.
#[cfg(feature = "postgres")]
fn when_empty(conn: &mut groundwork::Db) -> Result<()> {
    if employee::is_empty(conn)? {
        println!(
            "Nobody can sign in yet: `order-up create-employee --manager …` adds you, `order-up seed` a demo."
        );
    }
    Ok(())
}

/// Makes a secret key if there is none, and reports it.
#[cfg(not(feature = "postgres"))]
fn make_key(folder: &Path) -> Result<()> {
    use groundwork::dotenv;
    use groundwork::order_up::config;

    let file = folder.join(".env");
    if config::make_key(dotenv::variables(), &file)? {
        println!("Made a SECRET_KEY, and wrote it to {}.", file.display());
    }
    Ok(())
}

/// On a server all instances share one key, so none of them makes it.
#[cfg(feature = "postgres")]
fn make_key(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Listens for Ctrl-C, and for the system to ask the program to end. The future ends when either has
/// come; requests that are in progress are answered first.
#[cfg(unix)]
fn stop_signals() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signals() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Where the key cannot be listened for, it ends the process by itself.
            std::future::pending::<()>().await;
        }
    })
}

const INSECURE: &str = "Warning: whoever can listen to this network can read passwords and take over sessions. \
                        Use --insecure-http where you know everybody, and HTTPS anywhere else.";

const SECURE: &str = "Cookies are sent over HTTPS alone: put a proxy that speaks HTTPS before this address, and name \
                      it in PROXY. Over plain HTTP nobody can sign in; on a network where you know everybody, \
                      --insecure-http allows it.";
