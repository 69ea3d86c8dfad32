//! The part of a browser that the measures need: cookies, forms, and the page after a form.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ureq::http::Response;
use ureq::{Agent, Body};

/// Where an app answers, and what a browser has to know about its forms.
#[derive(Clone)]
pub struct Site {
    pub url: String,
    /// The field in which this app's forms hold their token.
    pub token_field: &'static str,
}

pub struct Browser {
    agent: Agent,
    site: Site,
    cookies: BTreeMap<String, String>,
}

pub struct Page {
    pub status: u16,
    pub html: String,
    next: Option<String>,
}

impl Browser {
    pub fn new(site: &Site) -> Self {
        let config = Agent::config_builder()
            // A cookie may be set on the way, so redirects are followed here.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), site: site.clone(), cookies: BTreeMap::new() }
    }

    /// Signs Margot in and returns the board.
    ///
    /// # Errors
    ///
    /// When it does not get there.
    pub fn sign_in(&mut self) -> Result<Page> {
        let page = self.get("/session/")?;
        let token = self.token(&page)?;
        let fields = [("employee_number", "1234"), ("password", "password")];
        let board = self.post("/session/", &token, &fields)?;
        if !board.html.contains("Margot") {
            bail!("Margot cannot sign in: {}", board.html);
        }
        Ok(board)
    }

    /// # Errors
    ///
    /// When the server does not answer, or not as a server of pages does.
    pub fn get(&mut self, path: &str) -> Result<Page> {
        let request = self.agent.get(format!("{}{path}", self.site.url)).header("Cookie", self.cookie());
        let response = request.call()?;
        self.read(response)
    }

    /// Sends a form. The answer may lead to another page.
    ///
    /// # Errors
    ///
    /// As [`Self::get`].
    pub fn send(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let request = self.agent.post(format!("{}{path}", self.site.url)).header("Cookie", self.cookie());
        let fields = fields.iter().copied().chain([(self.site.token_field, token)]);
        let response = request.send_form(fields)?;
        self.read(response)
    }

    /// Sends a form and returns the page that it leads to.
    ///
    /// # Errors
    ///
    /// As [`Self::get`], and when it leads to none.
    pub fn post(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let page = self.send(path, token, fields)?;
        let Some(next) = page.next else { bail!("POST {path}: {}\n{}", page.status, page.html) };
        let page = self.get(&next)?;
        if page.status != 200 {
            bail!("{next} after POST {path}: {}\n{}", page.status, page.html);
        }
        Ok(page)
    }

    /// The token of the forms on this page.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn token(&self, page: &Page) -> Result<String> {
        let form = page.html.split_once(&format!("name=\"{}\"", self.site.token_field));
        let token = form.and_then(|(_, rest)| between(rest, "value=\"", "\""));
        Ok(token.with_context(|| format!("no token on the page: {}", page.html))?.to_owned())
    }

    /// The cookies, as they are sent.
    pub fn cookie(&self) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    fn read(&mut self, mut response: Response<Body>) -> Result<Page> {
        for cookie in response.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str()?.split_once('=').context("a cookie without a name")?;
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let next = response.headers().get("location").map(|next| next.to_str().map(str::to_owned));
        let (status, next) = (response.status().as_u16(), next.transpose()?);
        Ok(Page { status, html: response.body_mut().read_to_string()?, next })
    }
}

/// The text between the first `start` and the `end` after it.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// The text between the `start` that is nearest before `here`, and `end`.
pub fn before<'a>(text: &'a str, here: &str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(here)?.0.rsplit_once(start)?.1.split_once(end)?.0)
}
