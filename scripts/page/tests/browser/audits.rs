//! Every state on each kind of screen, by day and by night: what axe finds, and whether text stays in its place.

use std::fs;
use std::path::Path;

use kata::{Database, running};

use crate::axe::{findings, violations, violations_of_colors};
use crate::chrome::{Chrome, DESKTOP, NARROW, Setting, TABLET, WALL};
use crate::device::for_axe;
use crate::shop::Shop;
use crate::states::{ALL, LESSON, Site, State};
use crate::{open, open_without_script};

#[tokio::test]
async fn at_320_pixels_and_on_a_tablet() {
    audit_all([NARROW, TABLET]).await;
}

#[tokio::test]
async fn on_a_desktop_and_on_a_wall() {
    audit_all([DESKTOP, WALL]).await;
}

#[tokio::test]
async fn without_scripts() {
    let site = Site::new();
    let chrome = open_without_script(&site, NARROW).await;
    chrome.open(&format!("{LESSON}/")).await;
    assert_eq!(chrome.eval("document.getElementById('again').checkVisibility()").await, true);
    let found = audit_states(&site, chrome, [NARROW, DESKTOP]).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Audits each page in each of its states on two devices, and reports everything that was found.
///
/// # Panics
///
/// When anything was found.
async fn audit_all(devices: [Setting; 2]) {
    let site = Site::new();
    let chrome = open(&site, devices[0]).await;
    let found = audit_states(&site, chrome, devices).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

async fn audit_states(site: &Site, chrome: Chrome, devices: [Setting; 2]) -> Vec<String> {
    let mut tour = Tour { chrome, devices, states: 0, found: Vec::new() };
    for state in ALL {
        site.set(state);
        tour.chrome.open(&format!("{}/", state.lesson())).await;
        tour.see_places(&format!("{state:?}")).await;
        // What is folded away is a part of the page, too.
        tour.chrome.eval("document.querySelectorAll('details').forEach(it => it.open = true)").await;
        tour.see(&format!("{state:?}, unfolded")).await;
    }
    let shop = Shop::open().await;
    for lesson in APPS {
        let _runs = announce(site, &shop, lesson);
        tour.chrome.open(&format!("{lesson}/")).await;
        assert_ne!(tour.chrome.eval("document.querySelector('#app iframe')").await, serde_json::Value::Null);
        tour.see(&format!("the app of {lesson}")).await;
    }
    for path in ["08-order-up/2-sign-in/", "01-database/", ""] {
        tour.chrome.open(path).await;
        tour.see(path).await;
    }
    tour.chrome.quit().await;
    tour.found
}

struct Tour {
    chrome: Chrome,
    devices: [Setting; 2],
    /// How many states were looked at.
    states: usize,
    found: Vec<String>,
}

impl Tour {
    /// Looks at what the browser shows on both devices, by day and by night.
    async fn see(&mut self, state: &str) {
        self.see_places(state).await;
        let [all, colors] = for_axe(self.devices, self.states);
        self.chrome.turn_into(all).await;
        self.add(state, all, violations(&self.chrome).await);
        self.chrome.turn_into(colors).await;
        self.add(state, colors, violations_of_colors(&self.chrome).await);
        self.chrome.turn_into(self.devices[0]).await;
        self.states += 1;
    }

    /// What is out of its place on either device.
    async fn see_places(&mut self, state: &str) {
        let [first, second] = self.devices;
        for device in [second, first] {
            self.chrome.turn_into(device).await;
            assert_eq!(self.chrome.eval("document.documentElement.clientWidth").await, device.width);
            let found = self.chrome.execute(PLACES, vec![]).await.expect("the script runs");
            self.add(state, device, findings(found));
        }
    }

    fn add(&mut self, state: &str, setting: Setting, found: Vec<String>) {
        self.found.extend(found.into_iter().map(|what| format!("{state}, {setting:?}: {what}")));
    }
}

/// The lessons that are apps.
const APPS: [&str; 3] = ["02-config", "07-sessions", "08-order-up"];

/// Has the app of a lesson run, as long as what is returned is there. Lesson 7 has two.
fn announce(site: &Site, shop: &Shop, lesson: &str) -> running::Announcement {
    let mut sites = vec![shop.site("Sessions in cookies")];
    if lesson == "07-sessions" {
        sites.push(shop.under_another_name("Sessions in the database"));
    }
    let app = running::App { sites, starts: 1 };
    running::Announcement::new(site.folder.path(), lesson, Database::Sqlite, &app).expect("it is told")
}

/// A picture of each state on a phone, a tablet and a desk, by day and by night, for somebody to look at.
///
///     SCREENSHOTS=target/screenshots cargo test -p page --features browser --test browser screenshots -- --ignored
#[tokio::test]
#[ignore = "it writes pictures"]
async fn screenshots() {
    for (width, height) in [(320, 2600), (768, 2600), (1280, 1900)] {
        let day = Setting { width, height, dark: false, script: true };
        for setting in [day, day.by_night()] {
            let site = Site::new();
            let chrome = open(&site, setting).await;
            for state in ALL {
                site.set(state);
                show(&chrome, state.lesson(), "#verdict").await;
                keep_picture(&chrome, &format!("{state:?}"), setting).await;
            }
            for (name, state) in [
                ("hints", State::WrongRows),
                ("folded", State::ManyStatements),
                ("compiler", State::CompileError),
            ] {
                site.set(state);
                show(&chrome, state.lesson(), "#verdict").await;
                let is_shown =
                    "document.querySelectorAll('details').forEach(it => it.open = !/learned/.test(it.id))";
                chrome.eval(is_shown).await;
                keep_picture(&chrome, &format!("{name}-open"), setting).await;
            }
            let shop = Shop::open().await;
            for lesson in APPS {
                let _runs = announce(&site, &shop, lesson);
                show(&chrome, lesson, "#app").await;
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                keep_picture(&chrome, &format!("app-{lesson}"), setting).await;
            }
            show(&chrome, "05-crud", "").await;
            keep_picture(&chrome, "text", setting).await;
            chrome.open("").await;
            keep_picture(&chrome, "map", setting).await;
            chrome.quit().await;
        }
    }
}

/// Opens a lesson at this place. The same address again would not load it again.
async fn show(chrome: &Chrome, lesson: &str, place: &str) {
    chrome.open("").await;
    chrome.open(&format!("{lesson}/{place}")).await;
}

/// Keeps a picture where the variable `SCREENSHOTS` says, by its path in the workspace.
async fn keep_picture(chrome: &Chrome, name: &str, setting: Setting) {
    let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let picture = chrome.screenshot().await.expect("the browser makes a picture");
    let scheme = if setting.dark { "dark" } else { "light" };
    fs::write(folder.join(format!("{name}-{}-{scheme}.png", setting.width)), picture)
        .expect("the picture can be written");
}

/// Nothing is wider than the screen, but for what can be scrolled; what can be clicked is 24 pixels wide and high, but
/// for links in a text; text in a picture is not cut off; and an id is there once.
const PLACES: &str = "
    const found = new Set();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.add(`the page is ${wide} pixels too wide`);
    for (const it of document.querySelectorAll('body *')) {
        if (!it.checkVisibility() || it.closest('.scroll, pre, .skip, .for-readers, svg')) continue;
        const { left, right } = it.getBoundingClientRect();
        if (left < -1 || right > innerWidth + 1) found.add(`off the screen: ${it.cloneNode(false).outerHTML}`);
    }
    for (const it of document.querySelectorAll('summary, .gates a, .button, .bar a, .lessons a, .documents a, .apps a')) {
        const { width, height } = it.getBoundingClientRect();
        if (it.checkVisibility() && (width < 24 || height < 24)) found.add(`${width} by ${height}: ${it.cloneNode(false).outerHTML}`);
    }
    for (const picture of document.querySelectorAll('svg')) {
        if (!picture.checkVisibility()) continue;
        const edge = picture.getBoundingClientRect();
        for (const it of picture.querySelectorAll('text')) {
            const { left, right, top, bottom } = it.getBoundingClientRect();
            const isIn = left >= edge.left - 1 && right <= edge.right + 1 && top >= edge.top - 1 && bottom <= edge.bottom + 1;
            if (!isIn) found.add(`cut off in its picture: ${it.outerHTML}`);
        }
    }
    const ids = [...document.querySelectorAll('[id]')].map(it => it.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.add(`an id is there twice: ${id}`);
    return [...found];
";
