//! The layer around all pages for employees.

use askama::Template;
use askama_web::WebTemplate;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use groundwork::order_up::form_token;
use tower_sessions::Session;

use super::{AuthSession, Fields, Me, sign_in};
use crate::App;
use crate::error::{AppError, Refusal};

/// A form for a menu of a thousand dishes is smaller.
const LONGEST_FORM: usize = 256 * 1024;

#[derive(Template, WebTemplate)]
#[template(path = "refused.html")]
struct Refused {
    me: Me,
    reason: String,
}

/// Sends visitors to sign in, and lets no form in that is not from a page of its sender.
pub async fn required(
    State(app): State<App>,
    auth: AuthSession,
    session: Session,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let (Some(employee), Some(id)) = (auth.user, session.id()) else {
        let is_page = matches!(*request.method(), Method::GET | Method::HEAD);
        let asked_for = request.uri().path_and_query().filter(|_| is_page);
        return Ok(
            Redirect::to(&sign_in::address(asked_for.map_or("/", |asked| asked.as_str()))).into_response()
        );
    };
    let (key, id) = (&app.config.secret_key, id.to_string());
    let me = Me { employee, token: form_token::issue(key, &id) };

    let (mut parts, mut body) = request.into_parts();
    parts.extensions.insert(me.clone());
    if parts.method == Method::POST {
        let Ok(bytes) = to_bytes(body, LONGEST_FORM).await else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let fields = Fields::parse(&bytes, parts.uri.path());
        if !form_token::is_ours(key, &id, fields.get("token")) {
            return Ok(page(&Refusal::ForeignForm, me));
        }
        parts.extensions.insert(fields);
        body = Body::from(bytes);
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    Ok(match response.extensions().get::<Refusal>() {
        Some(refusal) => page(refusal, me),
        None => response,
    })
}

fn page(refusal: &Refusal, me: Me) -> Response {
    (refusal.status(), Refused { me, reason: refusal.to_string() }).into_response()
}
