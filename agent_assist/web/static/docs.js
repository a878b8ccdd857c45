// Shows the published document. Keys that are typed in stay in this page's memory.
const region = document.querySelector("#docs");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function followScheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

dark.addEventListener("change", followScheme);
followScheme();

window.SwaggerUIBundle({
  url: region.dataset.document,
  domNode: region,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
