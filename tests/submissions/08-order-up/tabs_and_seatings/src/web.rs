//! Who asks for what, and what they get.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{
    ConnectInfo, Extension, FromRequest, FromRequestParts, OriginalUri, Path, RawQuery, Request, State,
};
use axum::http::header::{self, HeaderName, HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{RequestExt, Router};
use groundwork::order_up::random::random_text;
use groundwork::order_up::{Passwords, SecretKey, form_token};
use tower_http::csrf::CsrfLayer;

use crate::db::{self, Done, Fault, Me, Pool};
use crate::pages::{self, Field, Reader, Typed, money, page};
use crate::{Clock, Config, Db};

/// Seconds after which looking at a page keeps the session on.
const REFRESHED_AFTER: i64 = 300;
/// Tries to sign in before one has to wait.
const FREE_TRIES: i32 = 5;
const MOST_PORTIONS: i32 = 999;
const HIGHEST_PRICE: i64 = 1_000_000;

#[derive(Clone)]
struct App {
    db: Pool,
    clock: Clock,
    key: SecretKey,
    passwords: Passwords,
}

const COOKIE: &str = "order-up";

pub fn router(config: Config, clock: Clock) -> Router {
    let app = App {
        db: Pool::new(config.settings.database_url),
        clock,
        key: config.secret_key,
        passwords: Passwords::start(),
    };
    let inside = Router::new()
        .route("/", get(board))
        .route("/seat", post(seat))
        .route("/tabs/{id}/lines", post(add))
        .route("/tabs/{id}/close", post(close))
        .route("/tabs/{id}", get(bill))
        .route("/menu", get(menu).post(add_item))
        .route("/menu/{id}/remove", post(remove_item))
        .route("/session/logout", post(sign_out))
        .fallback(async || Fault::told(StatusCode::NOT_FOUND, "There is no such page."))
        .method_not_allowed_fallback(async || {
            Fault::told(StatusCode::METHOD_NOT_ALLOWED, "This address is for forms only.")
        })
        .layer(from_fn_with_state(app.clone(), required));
    let from_elsewhere = |_| -> Response {
        Fault::told(StatusCode::FORBIDDEN, "This form came from another site. Nothing was done.")
            .into_response()
    };
    Router::new()
        .route("/session/", get(ask_sign_in).post(sign_in))
        .merge(inside)
        .layer(CsrfLayer::new().with_rejection_response(from_elsewhere))
        .layer(map_response(protect))
        .with_state(app)
}

async fn protect(mut response: Response) -> Response {
    const HEADERS: [(&str, &str); 4] = [
        (
            "content-security-policy",
            "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// What a fault says, for the layer that knows whose page it is on.
#[derive(Clone)]
struct Said(StatusCode, String);

impl Fault {
    fn said(self) -> Said {
        match self {
            Self::Told(status, text) => Said(status, text),
            Self::Broken(error) => {
                eprintln!("not the visitor's fault: {error}");
                let text = "Something went wrong here. Nothing was changed; please try again.";
                Said(StatusCode::INTERNAL_SERVER_ERROR, text.to_owned())
            }
        }
    }
}

impl Said {
    fn page(&self, reader: &Reader<'_>) -> Response {
        page(self.0, "That did not work", reader, Some(&self.1), &pages::Apology)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let said = self.said();
        let mut response = said.page(&Reader { me: None, token: "" });
        response.extensions_mut().insert(said);
        response
    }
}

// ---- who asks

impl App {
    /// What the browser's cookie holds: the id of a session, or of a visitor of whom no row is kept.
    fn visitor(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs = cookies.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        let value = pairs.find(|(name, _)| *name == COOKIE)?.1;
        (value.len() == 32).then(|| value.to_owned())
    }

    fn set_cookie(value: &str, more: &str) -> [(HeaderName, String); 1] {
        [(SET_COOKIE, format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax{more}"))]
    }

    async fn who(&self, visitor: Option<&str>) -> Done<Option<Me>> {
        let Some(visitor) = visitor else { return Ok(None) };
        let (session, now) = (visitor.to_owned(), self.clock.now().0);
        self.db.run(move |conn| db::who(conn, &session, now)).await
    }

    /// Does the work of a form, unless it has been done.
    async fn once(&self, sent: &Sent, work: impl FnOnce(&mut Db) -> Done + Send + 'static) -> Done {
        let (session, token, path) = (sent.me.session.clone(), sent.token.clone(), sent.path.clone());
        let work = move |conn: &mut Db| {
            if db::spend(conn, &session, &token, &path)? { work(conn) } else { Ok(()) }
        };
        self.db.write(work).await
    }
}

/// A token for one page.
#[derive(Clone)]
struct Token(String);

/// Around all that is not for visitors.
async fn required(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Fault> {
    let visitor = app.visitor(request.headers());
    let me = app.who(visitor.as_deref()).await?;
    let (Some(visitor), Some(me)) = (visitor, me) else {
        let asked = request.uri().path_and_query().map_or("/", |it| it.as_str());
        let asked = if request.method() == Method::GET { own_page(asked) } else { "/".to_owned() };
        let more: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
        let more = if asked == "/" { String::new() } else { format!("?next={more}") };
        return Ok(Redirect::to(&format!("/session/{more}")).into_response());
    };
    let now = app.clock.now().0;
    if now - me.seen_at >= REFRESHED_AFTER {
        let session = me.session.clone();
        app.db.write(move |conn| db::keep_session(conn, &session, now)).await?;
    }
    let token = form_token::issue(&app.key, &visitor);
    request.extensions_mut().insert(me.clone());
    request.extensions_mut().insert(Visitor(visitor));
    request.extensions_mut().insert(Token(token.clone()));
    let response = next.run(request).await;
    Ok(match response.extensions().get::<Said>() {
        Some(said) => said.page(&Reader { me: Some(&me), token: &token }),
        None => response,
    })
}

#[derive(Clone)]
struct Visitor(String);

/// A page of this site, or the board: no other site, however a browser may read it.
fn own_page(next: &str) -> String {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_own = next.starts_with('/') && !next.starts_with("//") && is_plain;
    // Nobody who has just signed in wants to sign in.
    let is_own = is_own && !next.starts_with("/session/");
    if is_own { next.to_owned() } else { "/".to_owned() }
}

/// A manager. No handler that takes one runs for anybody else.
struct Boss(Me);

impl FromRequestParts<App> for Boss {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Done<Self> {
        match parts.extensions.get::<Me>() {
            Some(me) if me.is_boss => Ok(Self(me.clone())),
            _ => Err(Fault::told(StatusCode::FORBIDDEN, "This is for managers.")),
        }
    }
}

/// A form from a page of the one who sends it.
struct Sent {
    me: Me,
    token: String,
    path: String,
    typed: Typed,
}

async fn read_form(request: Request) -> Done<Typed> {
    let body: axum::body::Bytes = request
        .extract()
        .await
        .map_err(|_| Fault::told(StatusCode::PAYLOAD_TOO_LARGE, "This form is too large."))?;
    Ok(Typed::read(&body))
}

fn not_yours() -> Fault {
    Fault::told(StatusCode::FORBIDDEN, "This form is not from a page of yours. Please go back and try again.")
}

impl FromRequest<App> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request<Body>, app: &App) -> Done<Self> {
        let me = request.extensions().get::<Me>().cloned().ok_or_else(not_yours)?;
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or_else(not_yours)?;
        let path = match request.extensions().get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.path().to_owned(),
            None => request.uri().path().to_owned(),
        };
        let typed = read_form(request).await?;
        let token = typed.get("token").to_owned();
        if !form_token::is_ours(&app.key, &visitor.0, &token) {
            return Err(not_yours());
        }
        Ok(Self { me, token, path, typed })
    }
}

fn number(text: &str) -> Done<i32> {
    text.parse().map_err(|_| Fault::told(StatusCode::NOT_FOUND, "There is no such page."))
}

fn mistake(text: impl Into<String>) -> Fault {
    Fault::told(StatusCode::UNPROCESSABLE_ENTITY, text)
}

// ---- signing in and out

async fn ask_sign_in(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let next = own_page(Typed::read(query.unwrap_or_default().as_bytes()).get("next"));
    let known = app.visitor(&headers);
    let me = app.who(known.as_deref()).await?;
    let visitor = known.clone().unwrap_or_else(random_text);
    let token = form_token::issue(&app.key, &visitor);
    let inner = pages::SignIn { token: &token, next: &next, number: "" };
    let reader = Reader { me: me.as_ref(), token: &token };
    let response = page(StatusCode::OK, "Sign in", &reader, None, &inner);
    Ok(if known.is_some() { response } else { (App::set_cookie(&visitor, ""), response).into_response() })
}

async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Fault> {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = address.map_or_else(String::new, |it| it.0.ip().to_string());
    let visitor = app.visitor(request.headers()).ok_or_else(not_yours)?;
    let typed = read_form(request).await?;
    if !form_token::is_ours(&app.key, &visitor, typed.get("token")) {
        return Err(not_yours());
    }
    let (now, badge) = (app.clock.now().0, typed.get("employee_number").parse::<i32>().ok());
    let mut person = None;
    if let Some(badge) = badge {
        let from = address.clone();
        let tries = app.db.write(move |conn| db::note_try(conn, badge, &from, now)).await?;
        if tries > FREE_TRIES {
            let seconds = 1_u64 << (tries - FREE_TRIES - 1).min(5);
            tokio::time::sleep(Duration::from_secs(seconds.min(30))).await;
        }
        person = app.db.run(move |conn| db::secret(conn, badge)).await?;
    }
    // As it was typed: a password may begin with a space.
    let password = typed.find("password").unwrap_or_default().to_owned();
    let secret = person.as_ref().map(|it| it.secret.clone());
    let fits = app.passwords.verify(password, secret).await;
    let person = person.filter(|_| fits);
    let (Some(person), Some(badge)) = (person, badge) else {
        let token = form_token::issue(&app.key, &visitor);
        let next = own_page(typed.get("next"));
        let inner = pages::SignIn { token: &token, next: &next, number: typed.get("employee_number") };
        let text = "Employee number and password do not fit together.";
        let reader = Reader { me: None, token: &token };
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, "Sign in", &reader, Some(text), &inner));
    };
    let new = random_text();
    let session = new.clone();
    let begin =
        move |conn: &mut Db| db::begin_session(conn, (badge, &address), person.id, (&visitor, &session), now);
    app.db.write(begin).await?;
    Ok((App::set_cookie(&new, ""), Redirect::to(&own_page(typed.get("next")))).into_response())
}

async fn sign_out(State(app): State<App>, sent: Sent) -> Result<Response, Fault> {
    app.db.write(move |conn| db::end_session(conn, &sent.me.session)).await?;
    Ok((App::set_cookie("", "; Max-Age=0"), Redirect::to("/session/")).into_response())
}

// ---- the board

async fn board(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    Extension(me): Extension<Me>,
    Extension(Token(token)): Extension<Token>,
) -> Result<Response, Fault> {
    let all = me.is_boss && Typed::read(query.unwrap_or_default().as_bytes()).find("all").is_some();
    show_board(&app, &me, &token, all, &Typed::default(), None).await
}

async fn show_board(
    app: &App,
    me: &Me,
    token: &str,
    all: bool,
    typed: &Typed,
    said: Option<Said>,
) -> Result<Response, Fault> {
    let whose = (!all).then_some(me.id);
    let load = move |conn: &mut Db| {
        Ok((db::free_tables(conn)?, db::servers(conn)?, db::open_tabs(conn, whose)?, db::offers(conn)?))
    };
    let (tables, servers, tabs, offers) = app.db.run(load).await?;
    let options = |choices: Vec<db::Choice>, chosen: &str| {
        let option =
            |it: db::Choice| pages::Pick { chosen: it.id.to_string() == chosen, id: it.id, label: it.label };
        choices.into_iter().map(option).collect::<Vec<_>>()
    };
    let inner = pages::Board {
        token,
        tables: options(tables, typed.get("table_id")),
        servers: options(servers, typed.find("staff_id").unwrap_or(&me.id.to_string())),
        guests: typed.get("guests"),
        is_boss: me.is_boss,
        all,
        tabs,
        groups: pages::groups(offers, typed),
    };
    let status = said.as_ref().map_or(StatusCode::OK, |it| it.0);
    let text = said.as_ref().map(|it| it.1.as_str());
    Ok(page(status, "The board", &Reader { me: Some(me), token }, text, &inner))
}

/// Back to the board when the work is done; if not, the board says why, with all that was typed.
async fn to_board(app: &App, token: &str, sent: &Sent, done: Done) -> Result<Response, Fault> {
    match done {
        Ok(()) => Ok(Redirect::to("/").into_response()),
        Err(fault) => show_board(app, &sent.me, token, false, &sent.typed, Some(fault.said())).await,
    }
}

async fn seat(
    State(app): State<App>,
    Extension(Token(token)): Extension<Token>,
    sent: Sent,
) -> Result<Response, Fault> {
    let read = || {
        let table = sent.typed.get("table_id").parse().map_err(|_| mistake("Choose a table."))?;
        let staff = sent.typed.get("staff_id").parse().map_err(|_| mistake("Choose a server."))?;
        let guests = match sent.typed.get("guests") {
            "" => None,
            text => Some(
                text.parse()
                    .ok()
                    .filter(|it| (1..=999).contains(it))
                    .ok_or_else(|| mistake("Guests is a number from 1 to 999, or left empty."))?,
            ),
        };
        Ok((table, staff, guests))
    };
    let now = app.clock.now().0;
    let done = match read() {
        Ok((table, staff, guests)) => {
            app.once(&sent, move |conn| db::assign(conn, table, staff, guests, now)).await
        }
        Err(fault) => Err(fault),
    };
    to_board(&app, &token, &sent, done).await
}

/// Each box that is checked, and how often.
fn wishes(typed: &Typed) -> Done<Vec<(i32, i32)>> {
    let mut wishes: Vec<(i32, i32)> = Vec::new();
    for text in typed.all("menu_item_ids") {
        let id = text.parse().map_err(|_| mistake("A dish that you checked is not on the menu."))?;
        let portions = match typed.get(&format!("portions_{text}")) {
            "" => 1,
            text => text.parse().ok().filter(|it| (1..=MOST_PORTIONS).contains(it)).ok_or_else(|| {
                mistake(format!("How many is a number from 1 to {MOST_PORTIONS}. Nothing was added."))
            })?,
        };
        if wishes.iter().all(|(it, _)| *it != id) {
            wishes.push((id, portions));
        }
    }
    if wishes.is_empty() { Err(mistake("Check a dish first. Nothing was added.")) } else { Ok(wishes) }
}

async fn add(
    State(app): State<App>,
    Extension(Token(token)): Extension<Token>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let (id, me) = (number(&id)?, sent.me.clone());
    let wishes = wishes(&sent.typed);
    // Whose order it is comes first, so this is asked inside.
    let done = app.once(&sent, move |conn| db::add(conn, &me, id, wishes)).await;
    to_board(&app, &token, &sent, done).await
}

async fn close(
    State(app): State<App>,
    Extension(Token(token)): Extension<Token>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let (id, me, now) = (number(&id)?, sent.me.clone(), app.clock.now().0);
    let done = app.once(&sent, move |conn| db::close(conn, &me, id, now)).await;
    to_board(&app, &token, &sent, done).await
}

async fn bill(
    State(app): State<App>,
    Extension(me): Extension<Me>,
    Extension(Token(token)): Extension<Token>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let (id, reader) = (number(&id)?, me.clone());
    let tab = app.db.run(move |conn| db::bill(conn, &reader, id)).await?;
    Ok(page(StatusCode::OK, "Bill", &Reader { me: Some(&me), token: &token }, None, &pages::Bill { tab }))
}

// ---- for managers

async fn menu(
    State(app): State<App>,
    Boss(me): Boss,
    Extension(Token(token)): Extension<Token>,
) -> Result<Response, Fault> {
    show_menu(&app, &me, &token, empty_fields(), None).await
}

async fn show_menu(
    app: &App,
    me: &Me,
    token: &str,
    fields: Vec<Field>,
    said: Option<Said>,
) -> Result<Response, Fault> {
    let offers = app.db.run(db::offers).await?;
    let status = said.as_ref().map_or(StatusCode::OK, |it| it.0);
    let inner = pages::Menu { token, fields, offers };
    let text = said.as_ref().map(|it| it.1.as_str());
    Ok(page(status, "Edit the menu", &Reader { me: Some(me), token }, text, &inner))
}

/// The four fields with what is wrong with them, and the price in cents.
fn description(typed: &Typed) -> (Vec<Field>, i64) {
    let text = |name: &'static str, label: &'static str, most: usize| {
        let value = typed.get(name).to_owned();
        let error = match value.chars().count() {
            0 => "This is missing.".to_owned(),
            length if length > most => format!("At most {most} characters."),
            _ if value.chars().any(char::is_control) => "Letters, digits and signs only.".to_owned(),
            _ => String::new(),
        };
        Field { name, label, value, error }
    };
    let price = typed.get("price");
    let cents = cents(price).filter(|it| *it <= HIGHEST_PRICE);
    let error = match cents {
        Some(_) => String::new(),
        None => format!("An amount like 3.50, at most {}.", money(HIGHEST_PRICE)),
    };
    let price = Field { name: "price", label: "Price", value: price.to_owned(), error };
    let fields = vec![text("name", "Name", 50), price, text("menu", "Menu", 30), text("type", "Type", 20)];
    (fields, cents.unwrap_or_default())
}

/// The form before anybody has typed.
fn empty_fields() -> Vec<Field> {
    let (fields, _) = description(&Typed::default());
    fields.into_iter().map(|it| Field { error: String::new(), ..it }).collect()
}

/// `3.50`, `$3.5` or `3`.
fn cents(text: &str) -> Option<i64> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 2 {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

async fn add_item(
    State(app): State<App>,
    Boss(me): Boss,
    Extension(Token(token)): Extension<Token>,
    sent: Sent,
) -> Result<Response, Fault> {
    let (fields, cents) = description(&sent.typed);
    let done = if fields.iter().any(|it| !it.error.is_empty()) {
        Err(mistake("Nothing was added. See beside the fields."))
    } else {
        let [name, card, kind] = ["name", "menu", "type"].map(|it| sent.typed.get(it).to_owned());
        let put = move |conn: &mut Db| match db::put_on_menu(conn, &card, &kind, &name, cents)? {
            true => Ok(()),
            false => Err(Fault::told(StatusCode::CONFLICT, format!("{name} is on that menu already."))),
        };
        app.once(&sent, put).await
    };
    match done {
        Ok(()) => Ok(Redirect::to("/menu").into_response()),
        Err(fault) => show_menu(&app, &me, &token, fields, Some(fault.said())).await,
    }
}

async fn remove_item(
    State(app): State<App>,
    Boss(me): Boss,
    Extension(Token(token)): Extension<Token>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let id = number(&id)?;
    match app.once(&sent, move |conn| db::take_off_menu(conn, id)).await {
        Ok(()) => Ok(Redirect::to("/menu").into_response()),
        Err(fault) => show_menu(&app, &me, &token, empty_fields(), Some(fault.said())).await,
    }
}
