/** The types of install.mjs, for the tests that use it. */
export const root: string;
export function installIfNeeded(): Promise<void>;
export function install(title: string, folder: string): Promise<void>;
export function isInstalled(folder: string): boolean;
