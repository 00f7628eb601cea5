// "Vær en anden": one press and the browser tab plays another person.

import { avatar, h, patchList, unreadBadge } from "./dom.js";
import { addressFor, store } from "./state.js";
import { words } from "./words.js";

const KINDS = { admin: words.admin, guest: words.guest, deactivated: words.deactivated };

let become = () => {};
let list = null;

export function setupPeople(options) {
  become = options.become;
  list = h("ul", { class: "people" });
  return h("section", { "aria-labelledby": "people-title" }, list);
}

export function drawPeople() {
  patchList(list, store.data.people, {
    key: (person) => person.id,
    signature: (person) => JSON.stringify([person, person.id === store.as, store.home, store.channel]),
    build: (person) => h("li", {}, link(person)),
  });
}

// A link, so that another person can also be opened in a tab beside this one.
function link(person) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    become(person.id);
  };
  return h("a", {
    href: addressFor({ as: person.id, home: store.home, channel: store.channel }),
    class: ["person", person.kind], "aria-current": person.id === store.as ? "true" : null,
    dataset: { testid: "person-" + person.id }, on: { click: open },
  }, avatar(person.id, person.name, true),
  h("span", { class: "person-words" },
    h("span", { class: "person-name" }, person.name), h("span", { class: "sr-only" }, ", "),
    h("span", { class: "person-title" }, [person.title, KINDS[person.kind]].filter(Boolean).join(" · "))),
  unreadBadge(person.unread));
}
