//! Signing in and out, and who is behind a request.

use askama::Template;
use askama_web::WebTemplate;
use axum::Form;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use diesel::prelude::*;
use groundwork::Db;
use groundwork::order_up::form_token;
use serde::Deserialize;
use tower_sessions::Session;

use crate::App;
use crate::error::{AppError, Refusal, refused};
use crate::schema::employees;

/// Where the session keeps the employee's number.
const EMPLOYEE: &str = "employee";

/// Who has signed in, and the token for the forms of their page.
#[derive(Clone)]
pub struct Me {
    pub number: i32,
    pub name: String,
    pub is_manager: bool,
    pub token: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "refused.html")]
struct Refused {
    me: Option<Me>,
    reason: String,
}

/// Lets employees pass, and sends visitors to sign in.
pub async fn required(
    State(app): State<App>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let Some(me) = who(&app, &session).await? else {
        let page = request.uri().path_and_query().map_or("/", |page| page.as_str());
        if request.method() != Method::GET || page == "/" {
            return Ok(Redirect::to("/session/").into_response());
        }
        let page: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
        return Ok(Redirect::to(&format!("/session/?next={page}")).into_response());
    };
    request.extensions_mut().insert(me.clone());
    let response = next.run(request).await;
    if let Some(Refusal(status, reason)) = response.extensions().get().cloned() {
        return Ok((status, Refused { me: Some(me), reason }).into_response());
    }
    Ok(response)
}

async fn who(app: &App, session: &Session) -> Result<Option<Me>, AppError> {
    let Some(number) = session.get::<i32>(EMPLOYEE).await? else { return Ok(None) };
    let Some(id) = session.id() else { return Ok(None) };
    let employee = app
        .pool
        .run(move |conn| {
            employees::table
                .find(number)
                .filter(employees::has_retired.eq(false))
                .select((employees::name, employees::is_manager))
                .first::<(String, bool)>(conn)
                .optional()
        })
        .await??;
    let Some((name, is_manager)) = employee else { return Ok(None) };
    let token = form_token::issue(&app.config.secret_key, &id.to_string());
    Ok(Some(Me { number, name, is_manager, token }))
}

/// The fields of a form that has our token. Handlers take it in place of `Form`.
pub struct Posted {
    pub token: String,
    pub path: String,
    fields: Vec<(String, String)>,
}

impl Posted {
    /// The field of this name, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

impl Posted {
    /// All fields of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }
}

impl Posted {
    /// Whether this form comes for the first time. Call it first in the `write` that does its work.
    pub fn is_new(&self, conn: &mut Db, app: &App) -> QueryResult<bool> {
        form_token::spend(conn, &format!("{} {}", self.token, self.path), app.clock.now())
    }
}

impl FromRequest<App> for Posted {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let path = request.uri().path().to_owned();
        let session = request.extensions().get::<Session>().and_then(Session::id);
        let Ok(bytes) = to_bytes(request.into_body(), 64 * 1024).await else {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, "This form is too large.");
        };
        let fields: Vec<(String, String)> = form_urlencoded::parse(&bytes).into_owned().collect();
        let mut form = Self { token: String::new(), path, fields };
        form.token = form.get("token").to_owned();
        let is_ours = session
            .is_some_and(|id| form_token::is_ours(&app.config.secret_key, &id.to_string(), &form.token));
        if !is_ours {
            return refused(
                StatusCode::FORBIDDEN,
                "This form is not from a page of yours. Load the page again.",
            );
        }
        Ok(form)
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    me: Option<Me>,
    query: String,
    is_wrong: bool,
}

#[derive(Deserialize)]
pub struct Next_ {
    #[serde(default)]
    next: String,
}

impl Next_ {
    /// The page that was asked for, if it is one of ours.
    fn page(&self) -> &str {
        let is_ours = self.next.starts_with('/')
            && !self.next[1..].starts_with(['/', '\\'])
            && self.next.chars().all(|c| c.is_ascii_graphic());
        if is_ours { &self.next } else { "/" }
    }

    fn query(&self) -> String {
        if self.page() == "/" {
            return String::new();
        }
        let page: String = form_urlencoded::byte_serialize(self.page().as_bytes()).collect();
        format!("?next={page}")
    }
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(next): Query<Next_>,
) -> Result<Response, AppError> {
    if who(&app, &session).await?.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(SignInPage { me: None, query: next.query(), is_wrong: false }.into_response())
}

#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    number: String,
    #[serde(default)]
    password: String,
}

pub async fn sign_in(
    State(app): State<App>,
    session: Session,
    Query(next): Query<Next_>,
    Form(form): Form<SignIn>,
) -> Result<Response, AppError> {
    let number = form.number.trim().parse::<i32>().ok();
    let hash = app
        .pool
        .run(move |conn| {
            let Some(number) = number else { return Ok(None) };
            employees::table
                .find(number)
                .filter(employees::has_retired.eq(false))
                .select(employees::password_hash)
                .first::<String>(conn)
                .optional()
        })
        .await??;
    if !app.passwords.verify(form.password, hash).await {
        let page = SignInPage { me: None, query: next.query(), is_wrong: true };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let now = app.clock.now();
    app.pool.run(move |conn| form_token::delete_old(conn, now)).await??;
    session.cycle_id().await?;
    session.insert(EMPLOYEE, number).await?;
    Ok(Redirect::to(next.page()).into_response())
}

pub async fn log_out(session: Session, _form: Posted) -> Result<Redirect, AppError> {
    session.flush().await?;
    Ok(Redirect::to("/session/"))
}

pub async fn not_found() -> AppError {
    AppError::Refused(StatusCode::NOT_FOUND, "There is no such page.".to_owned())
}

pub async fn not_a_page() -> AppError {
    AppError::Refused(StatusCode::METHOD_NOT_ALLOWED, "This is the address of a form.".to_owned())
}
