"""Pages that hold the panel, on an origin of their own: as the CRMs' do, message for message."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<style>html,body{margin:0;height:100%}iframe{display:block;border:0;width:100%;height:100%}</style>
<iframe id="panel" name="panel" title="Agent Assist" allow="clipboard-write"></iframe>
<script>
const query = new URLSearchParams(location.search);
const frame = document.getElementById("panel");
const target = new URL(query.get("src") ?? query.get("launch")).origin;
window.heard = [];
const post = (message) => frame.contentWindow.postMessage(message, target);
@script@
if (query.has("src")) frame.src = query.get("src");
</script></html>"""

_CHATWOOT = """
// ?generation=old answers when asked; new posts by itself as well, with a theme.
window.context = { conversation: { id: 1, meta: { sender: {} }, messages: [] }, contact: {} };
window.asked = 0;
const send = () => post(JSON.stringify({ event: "appContext", data: window.context }));
addEventListener("message", (event) => {
  if (event.data !== "chatwoot-dashboard-app:fetch-info") return;
  window.asked += 1;
  send();
});
frame.addEventListener("load", send);
window.show = (context) => {
  window.context = context;
  if (query.get("generation") === "new") send();
};
"""
_GENERIC = """
window.context = null;
const say = (type, payload) => post({ source: "agent-assist", v: 1, type, payload });
addEventListener("message", (event) => {
  if (event.origin !== target || event.source !== frame.contentWindow) return;
  window.heard.push(event.data);
  if (event.data.type === "ready" && window.context) say("context", window.context);
});
window.show = (context) => { window.context = context; say("context", context); };
window.turn = (message) => say("message", message);
"""
_ZENDESK = """
// The messages of Zendesk's own SDK, as it exchanged them with a page like this one.
window.ticket = {};
addEventListener("message", (event) => {
  if (event.origin !== target || event.source !== frame.contentWindow) return;
  const message = JSON.parse(event.data);
  window.heard.push(message);
  if (message.key === "iframe.handshake") {
    const context = { location: "ticket_sidebar", currentUser: { id: 1, role: "agent" } };
    const metadata = { appId: 1, installationId: 2, settings: {} };
    post(JSON.stringify({ key: "zaf.app.registered", message: { context, metadata } }));
  } else if (message.request === "get") {
    const known = message.params.filter((path) => path in window.ticket);
    const unknown = message.params.filter((path) => !known.includes(path));
    const errors = Object.fromEntries(unknown.map((path) => [path, { message: "No such Api" }]));
    const found = Object.fromEntries(known.map((path) => [path, window.ticket[path]]));
    post(JSON.stringify({ id: message.id, result: { errors, ...found } }));
  } else if (message.request === "invoke") {
    post(JSON.stringify({ id: message.id, result: { errors: {} } }));
  }
});
window.show = (ticket) => {
  window.ticket = ticket;
  post(JSON.stringify({ key: "zaf.ticket.conversation.changed", message: {}, needsReply: false }));
};
"""
_SILENT = "window.show = post;"
_ELEMENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<style>html,body{margin:0;height:100%}agent-assist-panel{display:block;height:100%}</style>
<agent-assist-panel id="panel" host="crm"></agent-assist-panel>
<script>
window.heard = [];
const panel = document.getElementById("panel");
panel.addEventListener("insert", (event) => window.heard.push(event.detail));
const loader = document.createElement("script");
loader.src = new URLSearchParams(location.search).get("launch") + "/panel/loader.js";
document.head.append(loader);
window.show = (context) => { panel.context = context; };
</script></html>"""
_KINDS = {
    "chatwoot": _CHATWOOT,
    "generic": _GENERIC,
    "zendesk": _ZENDESK,
    "silent": _SILENT,
    "element": "",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind = urlsplit(self.path).path.strip("/")
        if kind not in _KINDS:
            self.send_error(404)
            return
        page = _ELEMENT if kind == "element" else _PAGE.replace("@script@", _KINDS[kind])
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def host_pages() -> Iterator[int]:
    """Serves them on a port of the loopback interface, whose two names are two origins."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_context(*said: str, number: str = "k-1", **more: Any) -> dict[str, Any]:
    """A contact in the generic protocol: what customer and agent said, in turn."""
    messages = [
        {"from": "agent" if at % 2 else "customer", "text": text} for at, text in enumerate(said)
    ]
    return {
        "conversation": {"id": number, "channel": "chat", "locale": "en", "messages": messages},
        "customer": {"id": f"c-{number}", "name": "Ana Ruiz"},
        "order": {"id": f"o-{number}"},
        "attributes": {"contact.plan": "plus", "contact.months_since_opening": 48},
        "theme": None,
        **more,
    }


def for_chatwoot(context: dict[str, Any]) -> dict[str, Any]:
    """The same contact as Chatwoot tells it."""
    kinds = {"customer": 0, "agent": 1}
    customer = context["customer"]
    sender = {
        "id": 7,
        "name": customer["name"],
        "identifier": customer["id"],
        "custom_attributes": {"plan": "plus"},
    }
    return {
        "conversation": {
            "id": context["conversation"]["id"],
            "meta": {"sender": sender, "channel": "Channel::WebWidget"},
            "custom_attributes": {"order_id": context["order"]["id"]},
            "messages": [
                {"id": at, "content": one["text"], "message_type": kinds[one["from"]]}
                for at, one in enumerate(context["conversation"]["messages"])
            ],
        },
        "contact": sender,
        "currentAgent": {"id": 1, "name": "Somebody", "email": "somebody@example.com"},
    }


def for_zendesk(context: dict[str, Any]) -> dict[str, Any]:
    """The same contact as a Zendesk ticket."""
    roles = {"customer": "end-user", "agent": "agent"}
    return {
        "ticket.id": context["conversation"]["id"],
        "ticket.requester": {
            "id": 3,
            "externalId": context["customer"]["id"],
            "name": context["customer"]["name"],
            "userFields": {"plan": "plus"},
        },
        "ticket.customField:order_id": context["order"]["id"],
        "ticket.conversation": [
            {
                "author": {"role": roles[one["from"]], "name": "x"},
                "channel": {"name": "web"},
                "message": {"content": one["text"], "contentType": "text/plain"},
                "timestamp": "2026-11-22T10:00:00Z",
            }
            for one in context["conversation"]["messages"]
        ],
        "currentUser.locale": "en",
    }
