// Takes the secret out of the address, where it would stay in the history, and into the form.
const form = document.forms.namedItem("invitation");
if (form && location.hash.length > 1) {
  form.elements.invitation.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
if (form && form.elements.invitation.value !== "") {
  form.elements.invitation.closest("label").hidden = true;
  form.elements.password.focus();
}
