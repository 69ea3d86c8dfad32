//! Serves a lesson's app as its student has written it, and shows what is not written yet as a page.
//!
//!     cargo kata run 2

#[path = "serve/panic_page.rs"]
mod panic_page;
#[path = "serve/settings.rs"]
mod settings;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tokio::net::TcpListener;

pub use settings::Settings;

/// One of the lesson's apps.
pub struct Site {
    pub title: &'static str,
    /// The variable that names the address, and the usual one.
    pub address: (&'static str, &'static str),
    /// The host to print: a browser keeps the cookies of all ports of a host together.
    pub host: &'static str,
    /// Builds the app, or returns what a student should read instead.
    pub app: fn(&Settings) -> Result<Router, String>,
}

/// Serves until the process is ended.
pub fn serve(lesson: &str, sites: &[Site]) -> ExitCode {
    panic_page::remember_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let served = runtime
        .map_err(|error| format!("cannot start: {error}"))
        .and_then(|runtime| runtime.block_on(serve_all(lesson, sites)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve_all(lesson: &str, sites: &[Site]) -> Result<(), String> {
    let settings = Settings::read()?;
    println!("{lesson}\n{}\n", settings.about);
    let (mut tasks, mut served) = (Vec::new(), String::new());
    for site in sites {
        let (variable, usual) = site.address;
        let address = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        let listener = TcpListener::bind(&address).await.map_err(|error| {
            format!("cannot listen on {address}: {error}. Set {variable} to another address, such as 127.0.0.1:8010.")
        })?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let app = built(site, &settings)
            .layer(middleware::from_fn(with_a_page))
            .layer(middleware::from_fn(panic_page::around));
        println!("  {}: http://{}:{port}/", site.title, site.host);
        served.push_str(&format!("http://{}:{port}/ {}\n", site.host, site.title));
        tasks.push(tokio::spawn(axum::serve(listener, app).into_future()));
    }
    println!();
    list(&served);
    for task in tasks {
        let served = task.await.map_err(|error| error.to_string())?;
        served.map_err(|error| format!("the server stopped: {error}"))?;
    }
    Ok(())
}

/// Lists the apps for `cargo kata run`, whose page shows them. They run all the same if the list cannot be written.
fn list(served: &str) {
    let Ok(folder) = std::env::var(settings::FOLDER) else { return };
    let (file, new) = (Path::new(&folder).join("served"), Path::new(&folder).join("served.new"));
    // A reader finds a whole file or none.
    let _ = fs::write(&new, served).and_then(|()| fs::rename(&new, &file));
}

/// The app; or, where it cannot be built, one that says why at every address.
fn built(site: &Site, settings: &Settings) -> Router {
    match catch_unwind(AssertUnwindSafe(|| (site.app)(settings))) {
        Ok(Ok(app)) => app,
        Ok(Err(error)) => {
            eprintln!("{}: the app does not start. {error}", site.title);
            Router::new().fallback(move || {
                let error = error.clone();
                async move {
                    page(StatusCode::INTERNAL_SERVER_ERROR, "The app does not start", &paragraph(&error))
                }
            })
        }
        Err(panic) => {
            let words = panic_page::words(&*panic);
            Router::new().fallback(move || {
                let words = words.clone();
                async move { words.into_response() }
            })
        }
    }
}

/// A layer's own error is an empty answer, and nobody logs it: the session's layer answers so when its store fails.
async fn with_a_page(request: Request, next: Next) -> Response {
    let requested = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR
        || response.body().size_hint().exact() != Some(0)
    {
        return response;
    }
    const WHY: &str = "A layer around your handlers has failed. If it is the layer for sessions, its store returned an \
                       error. `cargo kata test` lists the statements that the database rejected.";
    eprintln!("{requested}: 500, without a page. {WHY}");
    page(StatusCode::INTERNAL_SERVER_ERROR, "An error without a page", &paragraph(&WHY.replace('`', "")))
}

/// A page of the runner's own, which asks for nothing else.
pub fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style><main><h1>{title}</h1>{body}</main></html>"
    );
    (status, axum::response::Html(page)).into_response()
}

pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

/// The text as it shows in a page.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif}\
    main{max-width:42rem;margin:0 auto;padding:12vh 1.25rem}h1{font-size:1.75rem;line-height:1.2}\
    code,pre{font:0.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}\
    pre{border-left:4px solid;padding:.25rem 1rem}";
