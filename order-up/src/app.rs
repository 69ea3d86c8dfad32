//! The app: what all requests share, and what each of them passes.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Router, middleware};
use axum_login::AuthManagerLayerBuilder;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::clock::Clock;
use crate::config::Config;
use crate::error::{self, AppError};
use crate::models::spent_token;
use crate::pool::{Pool, PoolError};
use crate::routes;
use crate::security::employees::Employees;
use crate::security::form_token::{self, FormToken};
use crate::security::passwords::Passwords;
use crate::security::session_store::{DatabaseStore, KEPT_FOR};
use crate::security::{headers, signed_in};
use groundwork::Db;
use groundwork::write;

/// An answer takes no longer than this: the longest wait after failed sign-ins, and some more.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all handlers share. Nothing in it changes from one request to the next, so any number of
/// apps can run on one database.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub pool: Pool,
    pub passwords: Passwords,
}

/// Whether a form has done its work now, or had done it before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sent {
    Now,
    Before,
}

/// The app for these settings, ready to be served or tested.
pub fn app(config: Config, clock: Clock) -> Router {
    let pool = Pool::new(&config);
    let passwords = Passwords::default();
    let app = App { config: config.into(), clock, pool, passwords };

    let sessions = SessionManagerLayer::new(DatabaseStore::new(app.pool.clone(), app.clock.clone()))
        .with_name("session")
        .with_expiry(Expiry::OnInactivity(KEPT_FOR))
        .with_same_site(SameSite::Lax)
        .with_secure(app.config.secure_cookies());
    let employees = Employees { pool: app.pool.clone(), passwords: app.passwords.clone() };
    let sign_in = AuthManagerLayerBuilder::new(employees, sessions).build();

    // A request passes the layers from the last to the first.
    routes::for_employees()
        .layer(middleware::from_fn_with_state(app.clone(), form_token::of_session))
        .layer(middleware::from_fn_with_state(app.clone(), signed_in::required))
        .merge(
            routes::for_visitors().layer(middleware::from_fn_with_state(app.clone(), form_token::of_visitor)),
        )
        .layer(sign_in)
        .merge(routes::for_everybody())
        .fallback(async || AppError::NotFound)
        .method_not_allowed_fallback(async || AppError::WrongMethod)
        // Task: Refuse forms that come from another site, by what the browser says, with `AppError::CrossSite`.
        .layer(CsrfLayer::new().with_rejection_response(|_| AppError::CrossSite.into_response()))
        // End of task.
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn(error::log))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .with_state(app)
}

impl App {
    /// Runs `work` in one transaction with the note that this form is spent: a second tap on a
    /// button, or the same form sent again, does nothing.
    ///
    /// # Errors
    ///
    /// The inner one is what `work` says. The form can then be sent again.
    pub async fn write_once<E>(
        &self,
        token: FormToken,
        work: impl FnOnce(&mut Db) -> Result<(), E> + Send + 'static,
    ) -> Result<Result<Sent, E>, PoolError>
    where
        E: From<diesel::result::Error> + Send + 'static,
    {
        let now = self.clock.now();
        let once = move |conn: &mut Db| {
            write(conn, |conn| {
                if !spent_token::spend(conn, token.text(), now)? {
                    return Ok(Sent::Before);
                }
                work(conn)?;
                Ok(Sent::Now)
            })
        };
        self.pool.run(once).await
    }
}
