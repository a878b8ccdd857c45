// Hands the code to the panel that opened this window, if it is one of ours, and closes.
const { code } = JSON.parse(document.getElementById("signed-in").textContent);
if (window.opener) {
  const message = { source: "agent-assist", v: 1, type: "signed-in", payload: { code } };
  // Our own exact origin: whoever else opened this window hears nothing.
  window.opener.postMessage(message, window.location.origin);
  window.close();
}
