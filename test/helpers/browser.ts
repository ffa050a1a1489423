import type { Browser, Page } from 'playwright-core';

/** A page of its own in a real Chromium, and all that went wrong in it. */
export interface WatchedPage {
  page: Page;
  /** Uncaught errors, errors in the console, failed requests; one sentence each. */
  faults: string[];
  close(): Promise<void>;
}

/** Skips a suite from its `before` where there is no browser, and says so. */
export function requireBrowser(context: { skip(): void }): void {
  const missing = missingBrowser();
  if (missing === undefined) return;
  console.log(`    ${missing}`);
  context.skip();
}

/** Why there is no browser for the tests here; nothing where there is one. */
function missingBrowser(): string | undefined {
  if (process.env.CHROMIUM_PATH || (process.platform === 'linux' && process.arch === 'x64')) return undefined;
  return 'The Chromium from npm is for Linux on x64. Set CHROMIUM_PATH to a Chromium of this machine to run the tests of the editor.';
}

/** How its user sees the page: dark or light, in which language (`en-US`), and whether dialogs slide as slowly as they do for people. */
export interface PageOptions {
  dark?: boolean;
  locale?: string;
  animated?: boolean;
}

/** Opens an empty page in `CHROMIUM_PATH`, else in the Chromium from npm, which unpacks itself on first use (two seconds). */
export async function openPage(options: PageOptions = {}): Promise<WatchedPage> {
  const browser = await launch();
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    locale: options.locale ?? 'en-US',
    colorScheme: options.dark ? 'dark' : 'light',
  });
  if (options.dark) await page.addInitScript("localStorage.setItem('view-dark-theme', 'dark')");
  if (!options.animated) await page.addInitScript(withoutAnimations);
  const faults: string[] = [];
  page.on('pageerror', (error) => {
    if (!error.message.startsWith(monacoClosing)) faults.push(`uncaught: ${error.message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    const problem = request.failure()?.errorText ?? '';
    // The page went away meanwhile.
    if (problem !== 'net::ERR_ABORTED') faults.push(`request failed: ${request.url()} ${problem}`);
  });
  return { page, faults, close: () => browser.close() };
}

/**
 * Opening and closing a dialog of Node-RED takes 600 ms, by CSS transitions and by timers of 150 to 300 ms that wait for them. Both
 * end at once here, and the timers keep their order; a third of the time of the tests was this.
 */
const withoutAnimations = `
  const style = document.createElement('style');
  style.textContent = '*, *::before, *::after { transition: none !important; animation-duration: 0s !important; }';
  document.addEventListener('DOMContentLoaded', () => {
    document.head.append(style);
    if (window.jQuery) window.jQuery.fx.off = true;
  });
  const { setTimeout } = window;
  window.setTimeout = (run, delay = 0, ...rest) => setTimeout(run, delay > 100 && delay <= 300 ? delay / 20 : delay, ...rest);
`;

/** Node-RED's text editor, Monaco, says so now and then when it is closed while its worker still looks at the text. */
const monacoClosing = 'Model is disposed!';

async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const executablePath =
    process.env.CHROMIUM_PATH ?? (await (await import('@sparticuz/chromium')).default.executablePath());
  return await chromium.launch({ executablePath, headless: true });
}
