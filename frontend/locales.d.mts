export function catalogues(folder: string): Record<string, Record<string, string | string[]>>;
export function textsOf(folders: readonly string[]): [string, string | null][];
export const PANEL: readonly string[];
