import { type Sandbox, startSandbox } from './server.js';

/**
 * The key an account of service `sandbox` brings. Not a word that its answers hold: keys are removed from what a
 * service says.
 */
export const sandboxKey = 'sk-no-secret';

/** One account's hold on the service that all accounts of this process share. */
export interface SandboxHold {
  url: Promise<string>;
  /** Lets go; the service ends with the last hold. Safe to call twice, never throws. */
  release(): void;
}

let shared: Promise<Sandbox> | undefined;
let holders = 0;

/**
 * Holds the built-in service of this process, started if it is not running. Where it cannot start, `url` rejects and
 * the next call tries again.
 */
export function acquireSandbox(): SandboxHold {
  const running = (shared ??= start());
  holders += 1;
  let held = true;
  return {
    url: running.then(({ url }) => url),
    release() {
      if (!held) return;
      held = false;
      holders -= 1;
      if (holders > 0 || !shared) return;
      shared.then(({ close }) => close()).catch(() => undefined);
      shared = undefined;
    },
  };
}

function start(): Promise<Sandbox> {
  const starting = startSandbox();
  starting.catch(() => {
    if (shared === starting) shared = undefined;
  });
  return starting;
}
