//! Accepts connections and serves them. A slow or silent client cannot keep others from being served.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use order_up::connection::Connection;
use order_up::patient::Patient;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

/// How long a browser may take for the head of a request, and how long a connection is kept without one.
const SILENT_FOR: Duration = Duration::from_secs(10);

/// How long a browser may go without reading what is sent to it.
const STALLED_FOR: Duration = Duration::from_secs(30);

/// How long requests that are in progress have when the program is asked to end.
const LAST_ORDERS: Duration = Duration::from_secs(10);

/// How long a response without an end has to deliver what it has sent.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The most connections that are open at a time, if the system allows it. Others wait in the system's queue.
const AT_ONCE: usize = 1000;

/// Serves until `told_to_stop` completes, then finishes the requests in progress.
pub async fn serve(listener: TcpListener, app: Router, told_to_stop: impl Future<Output = ()>) {
    let many = places();
    let places = Arc::new(Semaphore::new(many));
    let (stop, stopping) = watch::channel(());
    let connection = Connection { stopping, endless: Arc::new(Semaphore::new(many / 2)) };
    let mut connections = JoinSet::new();
    let mut told_to_stop = pin!(told_to_stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            next = next => next,
            () = &mut told_to_stop => break,
        };
        let (app, connection) = (app.clone(), connection.clone());
        connections.spawn(async move {
            answer(stream, peer, app, connection).await;
            drop(place);
        });
        // Drop the tasks that have ended.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    // It also ends the responses that have no end of their own.
    drop(stop);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if timeout(LAST_ORDERS, all_ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "closed connections that had not finished");
    }
}

/// The next connection. Retries when accepting fails, for example because too many files are open.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Answers the requests of one connection. Once the program is asked to stop, the current request is the last.
async fn answer(stream: TcpStream, peer: SocketAddr, app: Router, mut connection: Connection) {
    let of_requests = connection.clone();
    let is_endless = Arc::new(AtomicBool::new(false));
    let goes_on = Arc::clone(&is_endless);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(of_requests.clone());
        let (answer, is_endless) = (app.clone().oneshot(request), Arc::clone(&is_endless));
        async move {
            let answer = answer.await.unwrap_or_else(|never| match never {});
            is_endless.store(is_event_stream(&answer), Ordering::Relaxed);
            Ok::<_, Infallible>(answer)
        }
    });
    let mut builder = http1::Builder::new();
    let builder = builder.timer(TokioTimer::new()).header_read_timeout(SILENT_FOR);
    let mut served = pin!(builder.serve_connection(TokioIo::new(Patient::new(stream, STALLED_FOR)), service));
    // A connection that breaks off is not our error.
    let ended = tokio::select! {
        ended = served.as_mut() => Some(ended),
        () = connection.stopped() => None,
    };
    if ended.is_none() {
        served.as_mut().graceful_shutdown();
        let limit = if goes_on.load(Ordering::Relaxed) { LAST_WORDS } else { LAST_ORDERS };
        let _ = timeout(limit, served).await;
    }
}

/// Whether this response is a stream of events.
fn is_event_stream(answer: &Response<Body>) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream")
}

/// How many connections may be open: the system's limit on open files, minus the files that the app itself needs.
/// Those are a few for each connection to the database, and a few more.
#[cfg(unix)]
fn places() -> usize {
    const OWN_FILES: usize = 6 * order_up::pool::CONNECTIONS;
    let allowed = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let allowed = allowed.map_or(usize::MAX, |allowed| usize::try_from(allowed).unwrap_or(usize::MAX));
    allowed.saturating_sub(OWN_FILES).clamp(8, AT_ONCE)
}

#[cfg(not(unix))]
fn places() -> usize {
    AT_ONCE
}
