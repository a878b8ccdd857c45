// A page that behaves like a CRM: conversations, a transcript that plays, and the panel beside it,
// to which it speaks as Chatwoot does. `?generation=1` speaks as builds before 2026-09 did.
import { contacts } from "./contacts.js";

const { person, panel } = JSON.parse(document.getElementById("boot").textContent);
const ASK = "chatwoot-dashboard-app:fetch-info";
const isOld = new URLSearchParams(location.search).get("generation") === "1";
const begun = Math.floor(Date.now() / 1000);

const at = (id) => document.getElementById(id);
const conversations = contacts.map((contact, place) => ({
  contact,
  said: [{ ...contact.turns[0], at: begun - 60 * (place + 1) }],
  next: 1,
  isPlaying: true,
  isNew: place > 0,
}));
let current = conversations[0];
let frame = null;
let timer = 0;

function element(tag, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

// What the panel is told.

function message(turn, number) {
  const isCustomer = turn.from === "customer";
  return {
    id: current.contact.id * 1000 + number,
    content: turn.text,
    message_type: isCustomer ? 0 : 1,
    content_type: "text",
    private: false,
    conversation_id: current.contact.id,
    inbox_id: 1,
    created_at: turn.at,
    sender: { name: isCustomer ? current.contact.name : person.name, type: isCustomer ? "contact" : "user" },
  };
}

function context() {
  const { contact, said } = current;
  const sender = { id: contact.id, name: contact.name, identifier: contact.customer, custom_attributes: contact.contact };
  const conversation = {
    id: contact.id,
    channel: "Channel::WebWidget",
    status: "open",
    custom_attributes: { order_id: contact.order, ...contact.conversation },
    additional_attributes: { browser_language: "en" },
    meta: { sender, channel: "Channel::WebWidget", assignee: { name: person.name } },
    messages: said.map(message),
  };
  const told = { conversation, contact: sender };
  if (isOld) return told;
  return { ...told, currentAgent: { id: person.id, name: person.name }, customAttributes: [], theme: theme() };
}

function tell() {
  frame?.contentWindow?.postMessage(JSON.stringify({ event: "appContext", data: context() }), location.origin);
}

addEventListener("message", ({ data, origin, source }) => {
  if (origin === location.origin && source === frame?.contentWindow && data === ASK) tell();
});

// The conversation.

function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function clock(seconds) {
  return new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false }).format(seconds * 1000);
}

function initials(name) {
  return name.split(/\s+/).map((part) => part[0]).join("").slice(0, 2);
}

function drawInbox() {
  at("count").textContent = conversations.length;
  at("conversations").replaceChildren(
    ...conversations.map((one) => {
      const last = one.said.at(-1);
      const button = element("button", { type: "button", "aria-current": one === current ? "true" : null }, [
        element("span", { class: "face", "aria-hidden": "true", text: initials(one.contact.name) }),
        element("span", { class: "inbox-name", text: one.contact.name }),
        element("span", { class: "inbox-time", text: clock(last.at) }),
        element("span", { class: "inbox-last", text: `${last.from === "agent" ? "You: " : ""}${last.text}` }),
        element("span", { class: "inbox-channel", text: one.contact.channel }),
        ...(one.isNew ? [element("span", { class: "inbox-new", text: "new" })] : []),
      ]);
      button.addEventListener("click", () => open(one));
      return element("li", {}, [button]);
    }),
  );
}

function turnElement(turn) {
  const who = turn.from === "customer" ? current.contact.name : person.name;
  return element("li", { class: "turn", "data-from": turn.from }, [
    element("p", { class: "turn-who", text: who }),
    element("p", { class: "turn-text", text: turn.text }),
    element("time", { class: "turn-at", text: clock(turn.at) }),
  ]);
}

function drawTalk() {
  at("name").textContent = current.contact.name;
  at("about").textContent = `${current.contact.channel} · ${current.contact.about}`;
  at("turns").replaceChildren(...current.said.map(turnElement));
  drawPlayer();
  atTheEnd();
}

function drawPlayer() {
  const waits = current.contact.turns[current.next];
  const isOver = waits === undefined;
  at("play").textContent = isOver ? "Played" : current.isPlaying ? "Pause" : "Play";
  at("play").disabled = at("next").disabled = isOver;
  at("turns").querySelector(".typing")?.remove();
  if (!isOver && current.isPlaying && waits.from === "customer") {
    const dots = [0, 1, 2].map(() => element("span"));
    at("turns").append(element("li", { class: "typing", "aria-hidden": "true" }, dots));
    atTheEnd();
  }
}

function atTheEnd() {
  at("turns").scrollTop = at("turns").scrollHeight;
}

function say(turn) {
  current.said.push({ ...turn, at: Math.floor(Date.now() / 1000) });
  at("turns").querySelector(".typing")?.remove();
  at("turns").append(turnElement(current.said.at(-1)));
  atTheEnd();
  drawInbox();
  // Older builds say nothing of a new message; the panel asks.
  if (!isOld) tell();
}

function advance() {
  const turn = current.contact.turns[current.next];
  if (turn === undefined) return;
  current.next += 1;
  say(turn);
  wait();
}

function wait() {
  clearTimeout(timer);
  drawPlayer();
  const turn = current.contact.turns[current.next];
  if (turn !== undefined && current.isPlaying) timer = setTimeout(advance, turn.after * 1000);
}

function open(one) {
  current = one;
  one.isNew = false;
  drawInbox();
  drawTalk();
  embed();
  wait();
}

/** A frame of its own for each conversation, as Chatwoot makes it. */
function embed() {
  const made = element("iframe", { title: "Agent Assist", src: panel, allow: "clipboard-write" });
  made.addEventListener("load", () => {
    if (made === frame) tell();
  });
  frame = made;
  at("frame").replaceChildren(made);
}

at("play").addEventListener("click", () => {
  current.isPlaying = !current.isPlaying;
  wait();
});
at("next").addEventListener("click", advance);
at("again").addEventListener("click", () => {
  Object.assign(current, { said: [{ ...current.contact.turns[0], at: Math.floor(Date.now() / 1000) }], next: 1, isPlaying: true });
  open(current);
});
at("theme").addEventListener("click", () => {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  drawTheme();
  if (!isOld) tell();
});
at("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const text = String(form.get("text")).trim();
  if (text === "") return;
  say({ from: String(form.get("as")), text });
  event.target.elements.text.value = "";
  drawPlayer();
});
at("composer").elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("composer").requestSubmit();
  }
});

function drawTheme() {
  const isDark = theme() === "dark";
  at("theme").textContent = isDark ? "Light" : "Dark";
  at("theme").setAttribute("aria-pressed", String(isDark));
}

drawTheme();
open(current);
