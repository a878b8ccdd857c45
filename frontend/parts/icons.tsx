// Icons of one set, drawn in the colour of the text. They say nothing that a name does not.

/** The part that draws icons of a set, given as markup by name. */
export function iconsOf<Name extends string>(set: Readonly<Record<Name, string>>) {
  return function Icon({ name }: { readonly name: Name }) {
    // Markup of the build's own, not of anybody's data.
    return <span class="icon" aria-hidden="true" dangerouslySetInnerHTML={{ __html: set[name] }} />;
  };
}
