//! A proxy between browsers and the processes that answer them.

use std::io::{Read, Result, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Response, StatusCode};

/// Where requests are sent, one after the other to each of them in turn. Any clone can change
/// it.
pub type Addresses = Arc<RwLock<Vec<String>>>;

/// Passes each request on to the next address. An answer that does not come whole is a 502.
pub fn proxy(addresses: &Addresses) -> Router {
    let (addresses, turn) = (Arc::clone(addresses), Arc::new(AtomicUsize::new(0)));
    Router::new().fallback(async move |request: Request| {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let address = {
            let addresses = addresses.read().expect("nobody panics while they hold this");
            addresses[turn % addresses.len()].clone()
        };
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a test's request is whole");
        let mut text =
            format!("{} {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n", parts.method, parts.uri);
        for (name, value) in &parts.headers {
            text += &format!("{name}: {}\r\n", value.to_str().expect("a test's header is text"));
        }
        text += &format!("content-length: {}\r\n\r\n", body.len());
        let answer = exchange(&address, &[text.as_bytes(), &body].concat());
        answer.ok().as_deref().and_then(response).unwrap_or_else(|| {
            Response::builder().status(StatusCode::BAD_GATEWAY).body(Body::empty()).expect("it is whole")
        })
    })
}

/// Sends a request and returns all that comes back.
fn exchange(address: &str, request: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Reads an answer: its head, and as much of a body as the head promises.
fn response(answer: &[u8]) -> Option<Response<Body>> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let mut head = std::str::from_utf8(&answer[..end]).ok()?.lines();
    let status = head.next()?.split(' ').nth(1)?;
    let body = &answer[end + 4..];
    let mut response = Response::builder().status(status);
    for line in head {
        let (name, value) = line.split_once(": ")?;
        if name == "content-length" && value.parse() != Ok(body.len()) {
            return None;
        }
        response = response.header(name, value);
    }
    response.body(Body::from(body.to_vec())).ok()
}
