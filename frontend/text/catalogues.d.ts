declare module "catalogues" {
  const catalogues: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  export default catalogues;
}

declare module "*.svg" {
  const markup: string;
  export default markup;
}
