//! The picture of the page in the course's README, made by the page itself. The test only makes it; this writes it:
//!
//!     WRITE_PICTURES=1 cargo test -p page --features browser --test browser picture

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::chrome::Setting;
use crate::open;
use crate::states::{LESSON, Site, State};

const SIZE: (u32, u32) = (1100, 900);
/// What the picture may weigh.
const MOST: usize = 150_000;

/// All files of the course are text, so the picture lies in an SVG.
#[tokio::test]
async fn a_picture_of_the_page_can_be_made() {
    let site = Site::new();
    site.set(State::WrongWrite);
    let chrome = open(&site, Setting { width: SIZE.0, height: SIZE.1, dark: false, script: true }).await;
    chrome.open(&format!("{LESSON}/")).await;
    let png = chrome.screenshot().await.expect("the browser makes a picture");
    chrome.goto("data:text/html,<title>smaller</title>").await.expect("it opens");
    let webp = chrome.execute_async(SMALLER, vec![json!(png)]).await.expect("the script runs");
    chrome.quit().await;
    let (width, height) = SIZE;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Lesson 5 in a \
         browser: the text beside the verdict on a gate\">\n<image width=\"{width}\" height=\"{height}\" \
         href=\"{}\"/>\n<rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#b9ab93\"/>\n</svg>\n",
        webp.as_str().expect("an address"),
        width - 1,
        height - 1,
    );
    assert!(svg.contains("href=\"data:image/webp;base64,UklGR"), "{}", &svg[..svg.len().min(400)]);
    assert!((20_000..MOST).contains(&svg.len()), "{} bytes", svg.len());
    if std::env::var_os("WRITE_PICTURES").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures/page.svg");
        fs::write(file, svg).expect("the picture can be written");
    }
}

/// The browser makes a smaller picture of a PNG.
const SMALLER: &str = "
    const [bytes, done] = arguments;
    createImageBitmap(new Blob([new Uint8Array(bytes)])).then(picture => {
        const canvas = document.createElement('canvas');
        canvas.width = picture.width;
        canvas.height = picture.height;
        canvas.getContext('2d').drawImage(picture, 0, 0);
        done(canvas.toDataURL('image/webp', 0.85));
    });
";
