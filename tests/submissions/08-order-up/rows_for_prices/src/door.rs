//! Who comes in, and who goes: sessions, passwords, tokens.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Text};
use groundwork::order_up::form_token;
use groundwork::{Db, write};
use serde::Deserialize;
use tower_sessions::Session;

use crate::App;
use crate::board::Board;
use crate::error::{AppError, Refusal};

/// The key under which a session holds the employee's id.
const EMPLOYEE: &str = "employee";

/// Whoever has signed in.
#[derive(Clone, QueryableByName)]
pub struct Employee {
    #[diesel(sql_type = Integer)]
    pub id: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub is_manager: bool,
}

/// What every page for employees shows.
#[derive(Clone)]
pub struct Frame {
    pub me: Employee,
    pub token: String,
}

/// The fields of a form, as they were sent.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, String)>);

/// One form of one page: its token and its address.
#[derive(Clone)]
pub struct Once(String);

impl Once {
    /// Does the work of the form, unless it has been done, and leads on to `page`.
    pub async fn work(
        self,
        app: &App,
        page: &str,
        work: impl FnOnce(&mut Db) -> Result<(), AppError> + Send + 'static,
    ) -> Result<Redirect, AppError> {
        let now = app.clock.now();
        let work = move |conn: &mut Db| {
            write(conn, |conn| if form_token::spend(conn, &self.0, now)? { work(conn) } else { Ok(()) })
        };
        app.pool.run(work).await??;
        Ok(Redirect::to(page))
    }
}

impl Fields {
    fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The field's text as it was typed, or none.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The field's text without blanks around it, or none.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// What is checked of several boxes of one name.
    pub fn checked(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The layer around all pages for employees: lets nobody else in, and no form that is not from one of their pages.
pub async fn required(
    State(app): State<App>,
    session: Session,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let me = match session.get::<i32>(EMPLOYEE).await? {
        Some(id) => {
            app.pool
                .run(move |conn| {
                    sql_query(
                        "SELECT id, name, is_manager FROM employees WHERE id = ? AND retired_at IS NULL",
                    )
                    .bind::<Integer, _>(id)
                    .get_result::<Employee>(conn)
                    .optional()
                })
                .await??
        }
        None => None,
    };
    let (Some(me), Some(session_id)) = (me, session.id()) else {
        return Ok(to_the_door(&request).into_response());
    };
    let (key, visitor) = (&app.config.secret_key, session_id.to_string());
    let frame = Frame { me, token: form_token::issue(key, &visitor) };
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(frame.clone());
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let Ok(bytes) = to_bytes(body, 64 * 1024).await else {
            return Ok(Refusal::TooLong.page(&frame));
        };
        let fields = Fields::parse(&bytes);
        if is_from_elsewhere(&parts.headers) || !form_token::is_ours(key, &visitor, fields.get("token")) {
            return Ok(Refusal::NotFromHere.page(&frame));
        }
        parts.extensions.insert(Once(format!("{} {}", fields.get("token"), parts.uri.path())));
        parts.extensions.insert(fields);
    }
    let mut response = next.run(Request::from_parts(parts, Body::empty())).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let board = Board::load_with(&app, frame, Some(refusal.to_string())).await?;
        return Ok((refusal.status(), board).into_response());
    }
    Ok(response)
}

fn to_the_door(request: &Request) -> Redirect {
    let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
    if wanted == "/" || request.method() != Method::GET {
        return Redirect::to("/session/");
    }
    let wanted: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/session/?next={wanted}"))
}

/// Whether the browser says that another site has sent this form.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = text(ORIGIN) else { return false };
    origin.split_once("://").map(|(_, host)| host) != text(HOST)
}

#[derive(Template, WebTemplate)]
#[template(path = "door.html")]
pub struct Door {
    next: String,
    is_wrong: bool,
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

impl Wanted {
    /// The page that was asked for, if it is one of ours.
    fn page(self) -> String {
        let is_ours = self.next.starts_with('/')
            && !self.next.starts_with("//")
            && !self.next.contains(|letter: char| letter == '\\' || letter.is_control());
        if is_ours { self.next } else { "/".to_owned() }
    }
}

pub async fn show(Query(wanted): Query<Wanted>) -> Door {
    Door { next: wanted.page(), is_wrong: false }
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Text)]
    password_hash: String,
}

pub async fn sign_in(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, AppError> {
    let fields = Fields::parse(&body);
    let next = Wanted { next: fields.get("next").to_owned() }.page();
    if is_from_elsewhere(&headers) {
        return Ok((StatusCode::FORBIDDEN, Door { next, is_wrong: false }).into_response());
    }
    let known = match fields.get("number").parse::<i32>() {
        Ok(number) => {
            app.pool
                .run(move |conn| {
                    sql_query(
                        "SELECT id, password_hash FROM employees WHERE number = ? AND retired_at IS NULL",
                    )
                    .bind::<Integer, _>(number)
                    .get_result::<Known>(conn)
                    .optional()
                })
                .await??
        }
        Err(_) => None,
    };
    let (id, hash) = known.map(|known| (known.id, known.password_hash)).unzip();
    let is_right = app.passwords.verify(fields.raw("password").to_owned(), hash).await;
    let (Some(id), true) = (id, is_right) else {
        return Ok((StatusCode::UNAUTHORIZED, Door { next, is_wrong: true }).into_response());
    };
    let now = app.clock.now();
    app.pool.run(move |conn| form_token::delete_old(conn, now)).await??;
    session.cycle_id().await?;
    session.insert(EMPLOYEE, id).await?;
    Ok(Redirect::to(&next).into_response())
}

pub async fn sign_out(session: Session) -> Result<Redirect, AppError> {
    session.flush().await?;
    Ok(Redirect::to("/session/"))
}

pub async fn nothing_here(Extension(frame): Extension<Frame>) -> Response {
    Refusal::NoSuchPage.page(&frame)
}
