//! The student's apps on the page of their lesson: one is in a frame, and all have links.
//!
//! A browser keeps the cookies of all ports of a host together, and gives a frame none that are of another host than
//! the page. So lesson 7's two apps have two names of this machine, and the page under each name frames the app of that
//! name.

use kata::running::{App, Site};

/// The names of this machine under which the page and the apps may be asked for.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// What the page shows of the apps.
pub struct Framed {
    pub apps: Vec<Shown>,
    /// The title and the address of the one in the frame.
    pub title: String,
    pub address: String,
    /// Changes where the frame has to load again.
    pub version: String,
}

/// One of the apps.
pub struct Shown {
    pub title: String,
    pub address: String,
    /// The page with this app in its frame, where that is another one.
    pub page: Option<String>,
    pub is_framed: bool,
}

impl Framed {
    /// The apps, for a page that a browser has asked this host for, as in `127.0.0.1:4000`, under `path`.
    pub fn new(app: &App, host: Option<&str>, path: &str) -> Option<Self> {
        let (name, port) = host.and_then(|host| host.rsplit_once(':')).unwrap_or((NAMES[0], ""));
        let framed = app.sites.iter().position(|site| name_of(&site.address) == Some(name)).unwrap_or(0);
        let is_alone = app.sites.len() == 1;
        let site = app.sites.get(framed)?;
        // One app is the same under both names: it is framed under the page's own, which its cookies need.
        let is_known = NAMES.contains(&name);
        let address = match name_of(&site.address) {
            Some(own) if is_alone && is_known => site.address.replacen(own, name, 1),
            _ => site.address.clone(),
        };
        let page = |index: usize, site: &Site| {
            let other =
                name_of(&site.address).filter(|other| *other != name && index != framed && is_known)?;
            Some(format!("http://{other}:{port}{path}#app"))
        };
        let apps = app.sites.iter().enumerate().map(|(index, site)| Shown {
            title: title(site),
            address: site.address.clone(),
            page: page(index, site),
            is_framed: index == framed,
        });
        Some(Self {
            title: title(site),
            apps: apps.collect(),
            version: format!("{} {address}", app.starts),
            address,
        })
    }
}

fn title(site: &Site) -> String {
    site.title.clone().unwrap_or_else(|| "Your app".to_owned())
}

/// This machine's name in an address.
fn name_of(address: &str) -> Option<&'static str> {
    let host = address.strip_prefix("http://")?;
    NAMES.into_iter().find(|name| host.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/token/07-sessions/";

    fn app(sites: &[(&str, &str)]) -> App {
        let site = |(title, address): &(&str, &str)| Site {
            title: Some((*title).to_owned()),
            address: (*address).to_owned(),
        };
        App { sites: sites.iter().map(site).collect(), starts: 1 }
    }

    #[test]
    fn each_name_of_this_machine_frames_the_app_that_has_it() {
        let two = || app(&[("Cookies", "http://127.0.0.1:8000/"), ("Store", "http://localhost:8001/")]);
        for (host, framed, other) in [
            ("127.0.0.1:4000", "Cookies", "http://localhost:4000/token/07-sessions/#app"),
            ("localhost:4000", "Store", "http://127.0.0.1:4000/token/07-sessions/#app"),
        ] {
            let shown = Framed::new(&two(), Some(host), PATH).unwrap();
            assert_eq!(shown.title, framed);
            let of: Vec<_> = shown.apps.iter().map(|app| (app.is_framed, app.page.as_deref())).collect();
            assert!(of.contains(&(true, None)) && of.contains(&(false, Some(other))), "{of:?}");
        }
    }

    #[test]
    fn one_app_is_framed_under_the_pages_own_name() {
        for host in NAMES {
            let one = app(&[("The app", "http://127.0.0.1:8000/")]);
            let shown = Framed::new(&one, Some(&format!("{host}:4000")), PATH).unwrap();
            assert_eq!(shown.address, format!("http://{host}:8000/"));
            assert_eq!(shown.apps[0].page, None);
        }
    }

    #[test]
    fn an_app_at_another_address_and_a_page_without_a_host_are_shown_as_well() {
        let six = || app(&[("The app", "http://[::1]:8000/")]);
        for host in [None, Some("localhost:4000"), Some("[::1]:4000"), Some("odd")] {
            assert_eq!(Framed::new(&six(), host, PATH).unwrap().address, "http://[::1]:8000/", "{host:?}");
        }
        assert!(Framed::new(&app(&[]), Some("localhost:4000"), PATH).is_none());
        let two = app(&[("A", "http://127.0.0.1:8000/"), ("B", "http://127.0.0.1:8001/")]);
        let shown = Framed::new(&two, Some("localhost:4000"), PATH).unwrap();
        assert_eq!((&*shown.title, shown.apps[0].page.is_none()), ("A", true));
    }
}
