// Words by language. The English text is its own key, as gettext has it.
import catalogues from "catalogues"; // made of locales/*.po by the build

type Values = Readonly<Record<string, string | number>>;

let language = "en";
let plurals = new Intl.PluralRules("en");

/** Speak the nearest language there is to a locale; the locale itself rules numbers and dates. */
export function speak(locale: string): void {
  language = locale.toLowerCase().split("-")[0] ?? "en";
  plurals = new Intl.PluralRules(language in catalogues ? language : "en");
}

/** The language that texts are in. */
export function spoken(): string {
  return language in catalogues ? language : "en";
}

/** A text in the language that is spoken, with values in the place of {names}. */
export function t(text: string, values: Values = {}): string {
  const found = catalogues[language]?.[text];
  return fill(typeof found === "string" && found !== "" ? found : text, values);
}

/** The same for a number of things; {n} is the number. */
export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const found = catalogues[language]?.[one];
  const forms = Array.isArray(found) ? found : [one, many];
  // gettext's forms of the languages we have are one and other.
  const form = plurals.select(n) === "one" ? forms[0] : forms[1];
  return fill(form ?? many, { n, ...values });
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const FROM_RIGHT = new Set(["ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"]);

/** In which direction a locale is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  return FROM_RIGHT.has(locale.toLowerCase().split("-")[0] ?? "") ? "rtl" : "ltr";
}
