//! Serves the app until it is told to stop.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use order_up::models::employee;
use order_up::{Clock, Config, app, migrate::migrate};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::args::Serve;
use super::{connections, private, settings};

pub async fn serve(folder: &Path, options: &Serve) -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colors = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colors).init();

    make_key(folder)?;
    private::keep(&folder.join(".env"));
    let config = settings::load(folder, options)?;
    let conn = &mut private::connect(&config.database_url)?;
    migrate(conn, when_empty)?;

    let listener = TcpListener::bind(config.address).await;
    let listener = listener.with_context(|| {
        format!("cannot listen on {}. Choose another with --address, such as 127.0.0.1:8001.", config.address)
    })?;
    let address = listener.local_addr()?;
    // From here on a signal is not missed.
    let told_to_stop = stop_signals()?;
    println!("\n  Order Up: http://{address}/");
    println!("  Data:     {}\n", groundwork::place::place(&config.database_url));
    warn(&config, address);
    connections::serve(listener, app(config, Clock::system()), told_to_stop).await;
    println!("Stopped. Everything is saved.");
    Ok(())
}

/// Warns about settings that would otherwise surprise people.
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

/// A new SQLite file starts with the demo, so there is something to try.
#[cfg(not(feature = "postgres"))]
fn when_empty(conn: &mut groundwork::Db) -> Result<()> {
    if employee::is_empty(conn)? {
        order_up::seed(conn, &order_up::Restaurant::demo())?;
        println!("Created a database with a demo restaurant: sign in as 1234 with `password`.");
    }
    Ok(())
}

/// A database on a server starts without the demo.
#[cfg(feature = "postgres")]
fn when_empty(conn: &mut groundwork::Db) -> Result<()> {
    if employee::is_empty(conn)? {
        println!(
            "Nobody can sign in yet. Run `order-up create-employee --manager …`, or `order-up seed` for a demo."
        );
    }
    Ok(())
}

/// Creates a secret key if there is none, and reports it.
#[cfg(not(feature = "postgres"))]
fn make_key(folder: &Path) -> Result<()> {
    use groundwork::dotenv;
    use groundwork::order_up::config;

    let file = folder.join(".env");
    if config::make_key(dotenv::variables(), &file)? {
        println!("Created a SECRET_KEY, and saved it in {}.", file.display());
    }
    Ok(())
}

/// On a server all instances share one key, so none of them creates it.
#[cfg(feature = "postgres")]
fn make_key(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Completes on Ctrl-C, or when the system asks the program to end. Requests that are in progress are
/// answered first.
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
            // If Ctrl-C cannot be handled, it ends the process anyway.
            std::future::pending::<()>().await;
        }
    })
}

const INSECURE: &str = "Warning: anyone who can intercept this network's traffic can read passwords and take over \
                        sessions. Use --insecure-http only on a network that you trust, and HTTPS elsewhere.";

const SECURE: &str = "Cookies are sent over HTTPS only. Put an HTTPS proxy in front of this address, and set PROXY to \
                      its address. Over plain HTTP nobody can sign in, unless you pass --insecure-http on a \
                      network that you trust.";
