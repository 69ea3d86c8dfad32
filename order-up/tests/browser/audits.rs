//! What is checked on every page: what axe finds, whether a finger hits what it aims at, whether text stays
//! in its place, and whether what is hidden is.

use crate::axe::{findings, violations};
use crate::chrome::Chrome;

/// Everything that is wrong with the page that the browser shows.
pub async fn audit(chrome: &Chrome) -> Vec<String> {
    let mut found = places(chrome).await;
    found.extend(violations(chrome).await);
    found
}

/// What is not where it belongs.
pub async fn places(chrome: &Chrome) -> Vec<String> {
    let mut found = Vec::new();
    for script in [HIDDEN, TEXT, TARGETS] {
        found.extend(findings(chrome.execute(script, vec![]).await.expect("the script runs")));
    }
    found
}

/// The attribute `hidden` hides whatever has it. No rule of the style sheet makes an exception: not for the
/// elements that have it now, and not for those that may get it.
const HIDDEN: &str = "
    const all = [...document.body.querySelectorAll('*')];
    const visible = all.filter(it => !it.hidden);
    visible.forEach(it => it.hidden = true);
    const shown = all.filter(it => getComputedStyle(it).display !== 'none').map(it => `shown though hidden: ${it.cloneNode(false).outerHTML}`);
    visible.forEach(it => it.hidden = false);
    return [...new Set(shown)];
";

/// Text is inside of the screen, and of what is drawn around it, unless that can be scrolled, or ends a long
/// text in an ellipsis.
const TEXT: &str = "
    const AROUND = 'a, button, .ticket, .item, .field, .notice, .empty, legend, caption, td, th';
    const found = new Set();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.add(`the page is ${wide} pixels too wide`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const it = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !it.checkVisibility() || it.closest('option, datalist, nav, .skip, .for-readers')) continue;
        if (getComputedStyle(it).textOverflow === 'ellipsis') continue;
        const scrolled = it.closest('.scroll');
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const { left, right } = range.getBoundingClientRect();
        for (let around = it; around && !around.contains(scrolled); around = around.parentElement.closest(AROUND)) {
            const box = around.getBoundingClientRect();
            if (left < box.left - 1 || right > box.right + 1) found.add(`text runs out of ${around.cloneNode(false).outerHTML}: ${texts.currentNode.data.trim()}`);
        }
        if (!scrolled && (left < 0 || right > innerWidth)) found.add(`text runs off the screen: ${it.cloneNode(false).outerHTML}`);
    }
    return [...found];
";

/// What can be tapped is 44 pixels wide and high, and it is what a tap in its middle hits. What stays
/// within reach at the bottom covers no more than a third of the screen.
const TARGETS: &str = "
    const found = [];
    for (const it of document.querySelectorAll('a, button, input:not([type=hidden]), select')) {
        // A box is tapped by its label, which is around it.
        const target = ['checkbox', 'radio'].includes(it.type) ? it.closest('label') : it;
        if (!target.checkVisibility() || it.classList.contains('skip')) continue;
        target.scrollIntoView({ block: 'center', inline: 'center' });
        const { left, top, width, height } = target.getBoundingClientRect();
        if (width < 44 || height < 44) found.push(`${width} by ${height} pixels: ${it.cloneNode(false).outerHTML}`);
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        if (!hit || !(target.contains(hit) || hit.contains(target))) found.push(`${hit?.cloneNode(false).outerHTML} covers ${it.cloneNode(false).outerHTML}`);
    }
    scrollTo(0, 0);
    for (const bar of document.querySelectorAll('.within-reach')) {
        const { height } = bar.getBoundingClientRect();
        if (height > innerHeight / 3) found.push(`${height} pixels of ${innerHeight} are covered by what is within reach`);
    }
    return found;
";
