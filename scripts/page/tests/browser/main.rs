//! The page in a real browser: Chromium, driven by chromedriver. Linux.
//!
//!     sudo apt-get install chromium chromium-driver
//!     npm install --prefix target/axe axe-core@4.14.1
//!     SCREENSHOTS=target/screenshots cargo test -p page --features browser --test browser
//!
//! also keeps a picture of each state.

// A copy of the course may lack these tests, so the manifest does not name them.
#![cfg(feature = "browser")]

mod audits;
#[path = "../../../../order-up/tests/browser/axe.rs"]
mod axe;
mod chrome;
#[path = "../../../../order-up/tests/browser/device.rs"]
mod device;
#[path = "../../../../order-up/tests/browser/driver.rs"]
mod driver;
#[path = "../pages/gate_data.rs"]
mod gate_data;
mod live;
mod pictures;
mod shop;
#[path = "../pages/states.rs"]
mod states;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use chrome::{Chrome, Motion, Setting};
use page::access::Hosts;
use page::server::router;
use states::{Site, TOKEN};
use tokio::net::TcpListener;

/// Serves the site and starts a browser for it.
async fn open(site: &Site, setting: Setting) -> Chrome {
    let (listener, address) = listen().await;
    tokio::spawn(page::server::serve(listener, site.app.clone()));
    Chrome::start(&address, setting, Motion::Reduced).await
}

/// The same for somebody who does not mind motion.
async fn open_with_motion(site: &Site, setting: Setting) -> Chrome {
    let (listener, address) = listen().await;
    tokio::spawn(page::server::serve(listener, site.app.clone()));
    Chrome::start(&address, setting, Motion::Allowed).await
}

/// Serves the site without its script: so is the page in a browser that runs none, and axe can still run.
async fn open_without_script(site: &Site, setting: Setting) -> Chrome {
    let (listener, address) = listen().await;
    let hosts = Hosts::of_port(listener.local_addr().expect("it has an address").port());
    let pages: Router =
        router(site.app.clone(), &hosts).layer(from_fn(async |uri: Uri, request, next: Next| {
            match uri.path().ends_with("/page.js") {
                true => StatusCode::NOT_FOUND.into_response(),
                false => next.run(request).await,
            }
        }));
    tokio::spawn(axum::serve(listener, pages).into_future());
    Chrome::start(&address, setting, Motion::Reduced).await
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = format!("http://{}/{TOKEN}/", listener.local_addr().expect("it has an address"));
    (listener, address)
}
