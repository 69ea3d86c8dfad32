//! Pages. Each is put into a frame, which says who has signed in and what went wrong.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::db::{Me, Offer, Tab};

/// What was typed, so that a form that was refused comes back with it.
#[derive(Clone, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    pub fn read(form: &[u8]) -> Self {
        Self(form_urlencoded::parse(form).into_owned().collect())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Without the spaces around it; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default().trim()
    }
}

pub fn money(cents: i64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} · Order Up</title>
</head>
<body>
{% if let Some(me) = me %}<header>
<nav aria-label="Pages">
<a href="/">Board</a>{% if me.is_boss %} <a href="/menu">Edit the menu</a>{% endif %}
{{ me.name }}
</nav>
<form method="post" action="/session/logout"><input type="hidden" name="token" value="{{ token }}"><button>Log out</button></form>
</header>
{% endif %}<main>
<h1>{{ title }}</h1>
{% if let Some(alert) = alert %}<p role="alert">{{ alert }}</p>
{% endif %}{{ inner|safe }}
</main>
</body>
</html>"#
)]
struct Frame<'a> {
    title: &'a str,
    me: Option<&'a Me>,
    token: &'a str,
    alert: Option<&'a str>,
    inner: String,
}

/// Who reads a page, and the token for all its forms.
pub struct Reader<'a> {
    pub me: Option<&'a Me>,
    pub token: &'a str,
}

pub fn page(
    status: StatusCode,
    title: &str,
    reader: &Reader<'_>,
    alert: Option<&str>,
    inner: &impl Template,
) -> Response {
    let inner = match inner.render() {
        Ok(inner) => inner,
        Err(error) => return broken(&error),
    };
    let frame = Frame { title, me: reader.me, token: reader.token, alert, inner };
    match frame.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &askama::Error) -> Response {
    eprintln!("a page cannot be made: {error}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[derive(Template)]
#[template(ext = "html", source = r#"<p><a href="/">To the board</a></p>"#)]
pub struct Apology;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<form method="post" action="/session/">
<input type="hidden" name="token" value="{{ token }}">
<input type="hidden" name="next" value="{{ next }}">
<p><label>Employee number <input name="employee_number" inputmode="numeric" autocomplete="username" required value="{{ number }}"></label></p>
<p><label>Password <input type="password" name="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p>
</form>"#
)]
pub struct SignIn<'a> {
    pub token: &'a str,
    pub next: &'a str,
    pub number: &'a str,
}

pub struct Pick {
    pub id: i32,
    pub label: String,
    pub chosen: bool,
}

pub struct Group {
    /// Of the first group of a menu.
    pub card: Option<String>,
    pub kind: String,
    pub boxes: Vec<Tick>,
}

pub struct Tick {
    pub id: i32,
    pub name: String,
    pub price: String,
    pub checked: bool,
    pub portions: String,
}

/// One pass: the offers are sorted, so neighbours share menu and type.
pub fn groups(offers: Vec<Offer>, typed: &Typed) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut last: Option<(String, String)> = None;
    for Offer { id, card, kind, name, cents } in offers {
        if last.as_ref().is_none_or(|it| *it != (card.clone(), kind.clone())) {
            let is_new_card = last.as_ref().is_none_or(|(it, _)| *it != card);
            let shown = is_new_card.then(|| card.clone());
            groups.push(Group { card: shown, kind: kind.clone(), boxes: Vec::new() });
            last = Some((card, kind));
        }
        let checked = typed.all("menu_item_ids").any(|it| it == id.to_string());
        let portions = typed.find(&format!("portions_{id}")).unwrap_or("1").to_owned();
        if let Some(group) = groups.last_mut() {
            group.boxes.push(Tick { id, name, price: money(cents), checked, portions });
        }
    }
    groups
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<form method="post" action="/seat">
<input type="hidden" name="token" value="{{ token }}">
<label>Table <select name="table_id">{% for it in tables %}<option value="{{ it.id }}"{% if it.chosen %} selected{% endif %}>{{ it.label }}</option>{% endfor %}</select></label>
<label>Server <select name="staff_id">{% for it in servers %}<option value="{{ it.id }}"{% if it.chosen %} selected{% endif %}>{{ it.label }}</option>{% endfor %}</select></label>
<label>Guests <input name="guests" inputmode="numeric" value="{{ guests }}"></label>
<button>Assign table</button>
</form>
<button form="card" disabled hidden></button>
<h2>{% if all %}All open orders{% else %}Your open orders{% endif %}</h2>
{% if is_boss %}<p>{% if all %}<a href="/">Only yours</a>{% else %}<a href="/?all=1">Those of all servers</a>{% endif %}</p>
{% endif %}{% if tabs.is_empty() %}<p>None.</p>
{% endif %}{% for tab in tabs %}<section class="tab" aria-labelledby="t{{ tab.id }}">
<h3 id="t{{ tab.id }}">Table {{ tab.table }}</h3>
<p>{{ tab.server }}{% if let Some(guests) = tab.guests %}, guests: {{ guests }}{% endif %}</p>
<table><tbody>{% for line in tab.lines %}
<tr><td>{{ line.portions }} × {{ line.dish }}</td><td>{{ crate::pages::money(*line.cents) }}</td></tr>{% endfor %}
</tbody></table>
<p>Total {{ crate::pages::money(*tab.cents) }}, <a href="/tabs/{{ tab.id }}">Bill</a></p>
<button form="card" formaction="/tabs/{{ tab.id }}/lines">Add to order</button>
<form method="post" action="/tabs/{{ tab.id }}/close"><input type="hidden" name="token" value="{{ token }}"><button>Close table</button></form>
</section>
{% endfor %}<h2>Menu</h2>
<form id="card" method="post" action="/">
<input type="hidden" name="token" value="{{ token }}">
{% for group in groups %}{% if let Some(card) = group.card %}<h3>{{ card }}</h3>
{% endif %}<fieldset><legend>{{ group.kind }}</legend>
{% for it in group.boxes %}<div><label><input type="checkbox" name="menu_item_ids" value="{{ it.id }}"{% if it.checked %} checked{% endif %}> {{ it.name }} <b>{{ it.price }}</b></label>
<input name="portions_{{ it.id }}" inputmode="numeric" size="2" value="{{ it.portions }}" aria-label="How many {{ it.name }}"></div>
{% endfor %}</fieldset>
{% endfor %}</form>"#
)]
pub struct Board<'a> {
    pub token: &'a str,
    pub tables: Vec<Pick>,
    pub servers: Vec<Pick>,
    pub guests: &'a str,
    pub is_boss: bool,
    pub all: bool,
    pub tabs: Vec<Tab>,
    pub groups: Vec<Group>,
}

#[derive(Default)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    pub error: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<form method="post" action="/menu">
<input type="hidden" name="token" value="{{ token }}">
{% for it in fields %}<p><label for="new-{{ it.name }}">{{ it.label }}</label>
<input id="new-{{ it.name }}" name="{{ it.name }}" value="{{ it.value }}"{% if !it.error.is_empty() %} aria-invalid="true" aria-describedby="wrong-{{ it.name }}"{% endif %}>
{% if !it.error.is_empty() %}<span id="wrong-{{ it.name }}">{{ it.error }}</span>
{% endif %}</p>
{% endfor %}<button>Add item</button>
</form>
<table>
<thead><tr><th>Menu</th><th>Type</th><th>Name</th><th>Price</th><th></th></tr></thead>
<tbody>{% for it in offers %}
<tr><td>{{ it.card }}</td><td>{{ it.kind }}</td><td>{{ it.name }}</td><td>{{ crate::pages::money(*it.cents) }}</td><td><form method="post" action="/menu/{{ it.id }}/remove"><input type="hidden" name="token" value="{{ token }}"><button>Remove</button></form></td></tr>{% endfor %}
</tbody>
</table>"#
)]
pub struct Menu<'a> {
    pub token: &'a str,
    pub fields: Vec<Field>,
    pub offers: Vec<Offer>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<h2>Table {{ tab.table }}</h2>
<table><tbody>{% for line in tab.lines %}
<tr><td>{{ line.portions }} × {{ line.dish }}</td><td>{{ crate::pages::money(*line.cents) }}</td></tr>{% endfor %}
</tbody></table>
<p>Total {{ crate::pages::money(*tab.cents) }}</p>"#
)]
pub struct Bill {
    pub tab: Tab,
}
