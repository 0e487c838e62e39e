export const checkout: string;
export function workspaceFolders(): string[];
