// Shows each verdict as it comes. Without this script, "Load again" does.
"use strict";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** Brings the section of the gate to pass into view. */
const showCurrent = () => {
  const section = document.querySelector(".task[aria-current]");
  section?.scrollIntoView({ block: "start", behavior: reduced.matches ? "auto" : "smooth" });
};

/** Says what happens. A verdict stands on the page, too, so a small screen need not show it twice. */
const say = (text, isVerdict = false) => {
  const now = document.getElementById("now");
  if (!now) return;
  now.textContent = text;
  now.classList.toggle("told", isVerdict);
};

/** What scrolls: beside the text the verdict does by itself, below it the page does. */
const scroller = () => {
  const side = document.querySelector(".side");
  return side && getComputedStyle(side).overflowY === "auto" ? side : document.scrollingElement;
};

/** Whether somebody is reading the verdict, and not the text above it. */
const isInVerdict = () => {
  const top = document.getElementById("verdict")?.getBoundingClientRect().top ?? Infinity;
  return scroller() !== document.scrollingElement || top < innerHeight / 2;
};

/** The top of the verdict: what has happened, and why. */
const head = () => {
  const parts = document.querySelectorAll("#verdict > .card:first-of-type > :is(h2, p:not(.edit), pre)");
  return [...parts].map((part) => part.textContent).join("\n");
};

/** The section of the verdict that is being read, and how far down the window it is. */
const place = () => {
  const sections = [...document.querySelectorAll("#verdict details[id]")].map((it) => {
    const { top, bottom } = it.getBoundingClientRect();
    // What is inside a closed one has a place as well.
    return { id: it.id, top, isSeen: it.checkVisibility() && bottom > 80 && top < innerHeight };
  });
  const seen = sections.filter((it) => it.isSeen);
  // One that begins in sight: what changes inside of one that began further up may move the rest.
  return seen.find((it) => it.top >= 0 && it.top < innerHeight / 2) ?? seen[0];
};

/** Keeps the reader's place, or shows the top of a verdict that says something else. */
const keepPlace = (was, isSameHead) => {
  if (!isSameHead) {
    if (scroller() === document.scrollingElement) document.getElementById("verdict")?.scrollIntoView();
    else scroller().scrollTop = 0;
  } else if (was) {
    const top = document.getElementById(was.id)?.getBoundingClientRect().top ?? was.top;
    scroller().scrollTop += top - was.top;
  }
};

/** The page as it is now, in the place of the parts that change. What is open stays open, and the focus where it is. */
const update = async () => {
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const gate = document.getElementById("verdict")?.dataset.gate;
  const states = new Map([...document.querySelectorAll("details[id]")].map((it) => [it.id, it.open]));
  const [oldHead, oldPlace, wasInVerdict] = [head(), place(), isInVerdict()];
  const focused = document.activeElement?.closest("details[id]")?.id;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  // The student's app is loaded again only when it has started again.
  const app = document.getElementById("app");
  const nextApp = page.getElementById("app");
  if (app && nextApp && app.dataset.app !== nextApp.dataset.app) app.replaceWith(document.adoptNode(nextApp));
  // Of the text, only the marks of the gates change.
  for (const section of document.querySelectorAll("[data-gate].task")) {
    const next = page.getElementById(section.id);
    if (next && next.className !== section.className) section.replaceWith(document.adoptNode(next));
  }
  const verdict = document.getElementById("verdict");
  const isSameGate = verdict?.dataset.gate === gate;
  for (const details of document.querySelectorAll("details[id]")) {
    const isOfGate = /^(hint-|plan-|wanted$)/.test(details.id);
    if (states.has(details.id) && (isSameGate || !isOfGate)) details.open = states.get(details.id);
  }
  if (focused) document.querySelector(`#${focused} > summary`)?.focus({ preventScroll: true });
  if (verdict) {
    const words = ["h2", ".headline"].map((part) => verdict.querySelector(part)?.textContent).filter(Boolean);
    say(words.join(": "), true);
    if (wasInVerdict) keepPlace(oldPlace, head() === oldHead);
    // Below the text, the text's section would take a reader of the verdict away from it.
    const isBeside = scroller() !== document.scrollingElement;
    if (!isSameGate && (isBeside || !wasInVerdict)) showCurrent();
  }
};

document.documentElement.classList.add("live");
if (!location.hash) showCurrent();
const events = new EventSource(document.body.dataset.events);
events.addEventListener("judging", ({ data }) => {
  if (document.getElementById("verdict")?.dataset.lesson === data) say("Checking…");
});
events.addEventListener("verdict", () => update());
// The server can be reached again: what was missed meanwhile is on the page.
events.addEventListener("open", () => {
  if (!events.wasClosed) return;
  say("");
  update();
});
events.addEventListener("error", () => {
  events.wasClosed = true;
  say("This page is no longer served. Run cargo kata page again, and open the address that it prints.");
});
