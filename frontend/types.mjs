// The types of the API, from its published document: `node types.mjs < openapi.json` prints them.
// A test keeps the committed file as it is made here.
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(0, "utf8"));
const schemas = document.components.schemas;
const named = (ref) => ref.slice("#/components/schemas/".length);

function reached(value, found) {
  if (Array.isArray(value)) for (const one of value) reached(one, found);
  else if (value !== null && typeof value === "object") {
    if (typeof value.$ref === "string" && value.$ref.startsWith("#/components/schemas/")) {
      const name = named(value.$ref);
      if (!found.has(name)) {
        found.add(name);
        reached(schemas[name], found);
      }
    }
    for (const one of Object.values(value)) reached(one, found);
  }
  return found;
}

function written(schema) {
  if (schema.$ref) return identifier(named(schema.$ref));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const either = schema.anyOf ?? (schema.type === "object" ? undefined : schema.oneOf);
  if (either) return [...new Set(either.map(written))].join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return schema.items ? `readonly ${bracketed(written(schema.items))}[]` : "readonly unknown[]";
    case "object":
      return object(schema);
  }
  return "unknown";
}

const bracketed = (type) => (/[ |]/.test(type) ? `(${type})` : type);

function object(schema) {
  if (!schema.properties) {
    const values = schema.additionalProperties || Object.values(schema.patternProperties ?? {})[0];
    return `Readonly<Record<string, ${values ? written(values) : "unknown"}>>`;
  }
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(
    ([name, of]) =>
      `  readonly ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${written(of)};`,
  );
  return `{\n${fields.join("\n")}\n}`;
}

const identifier = (name) => name.replace(/\W+/g, "_");

const names = reached(document.paths, new Set(["Problem", "Conflict", "Proving"]));
reached(schemas.Problem, names);
reached(schemas.Conflict, names);
const types = [...names].sort().map((name) => {
  const schema = schemas[name];
  const type = written(schema);
  const kind = type.startsWith("{") ? `interface ${identifier(name)} ${type}` : `type ${identifier(name)} = ${type};`;
  return `export ${kind}`;
});
process.stdout.write(
  `// Made by types.mjs from the API's document; a test tells when it is outdated.\n\n${types.join("\n\n")}\n`,
);
