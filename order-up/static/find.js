// Finds dishes on a long menu while one types. Without this, the button beside the field does.

const field = document.getElementById("find");
const button = document.getElementById("find-button");
const found = document.getElementById("found");
const menu = document.getElementById("menu");

// As `letters` in src/alphabetical.rs.
const letters = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase();

// What is ordered stays in sight, so that nobody adds what they do not see.
const isOrdered = (item) =>
  item.querySelector("[type=checkbox]").checked || item.querySelector(".quantity").value.trim() !== "";

const parts = [...menu.querySelectorAll("fieldset")].map((part) => ({
  part,
  link: document.querySelector(`.jump a[href="#${part.id}"]`),
  items: [...part.querySelectorAll(".item")].map((item) => ({
    item,
    text: letters(`${item.querySelector("bdi").textContent} ${part.querySelector("legend bdi").textContent}`),
  })),
}));

function find() {
  const words = letters(field.value).split(/\s+/).filter((word) => word);
  let count = 0;
  for (const { part, link, items } of parts) {
    let isEmpty = true;
    for (const { item, text } of items) {
      const isFound = words.every((word) => text.includes(word));
      item.hidden = !isFound && !isOrdered(item);
      isEmpty &&= item.hidden;
      count += isFound;
    }
    part.hidden = isEmpty;
    if (link) link.hidden = isEmpty;
  }
  found.textContent = words.length === 0 ? "" : count === 1 ? "1 dish" : `${count} dishes`;
}

field.addEventListener("input", find);
// The browser may have kept what was typed before the page was loaded again.
find();

// What Enter and the button would do is done.
menu.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("formaction")?.startsWith("/find")) event.preventDefault();
});
button.hidden = true;
