import type { NodeAPI, NodeDef } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { History } from '../../src/history/history.js';
import type { NanogptAccount } from '../shared/nanogpt-account.js';
import type { NanogptConfigConfig } from './config.js';

/**
 * The client is loaded with the first message, the history when it is
 * first needed, once for all accounts of this process.
 */
let opening: Promise<typeof import('./open-account.js')> | undefined;
let openingHistory: Promise<typeof import('./open-history.js')> | undefined;

/** An account with NanoGPT, or any server with the same endpoint, for the nodes that use it. */
export default function (RED: NodeAPI): void {
  function NanogptConfig(this: NanogptAccount, saved: NodeDef & Partial<NanogptConfigConfig>): void {
    RED.nodes.createNode(this, saved);
    // Not from config.ts: every file that is loaded here delays the start of Node-RED.
    const service = saved.service ?? 'nanogpt';
    let apiKey = (this.credentials?.apiKey ?? '').trim();
    let account: Promise<Account> | undefined;
    let history: Promise<History> | undefined;

    this.service = service;
    this.baseUrl = String(saved.baseUrl ?? '').trim();
    this.budget = saved.budget ?? '';
    this.budgetPeriod = saved.budgetPeriod ?? 'day';
    this.isConfigured =
      { sandbox: true, compatible: this.baseUrl !== '', nanogpt: apiKey !== '', openai: apiKey !== '' }[service] ??
      false;
    this.isShared = Boolean(saved.cluster);
    this.useKey = (key) => {
      this.credentials = { ...this.credentials, apiKey: key };
      apiKey = key;
      account = undefined;
    };
    this.open = () =>
      (account ??= (opening ??= import('./open-account.js')).then(({ openNodeAccount }) =>
        openNodeAccount(RED, this, saved, apiKey),
      ));
    this.openHistory = () =>
      (history ??= (openingHistory ??= import('./open-history.js')).then(({ openNodeHistory }) =>
        openNodeHistory(RED, this, saved),
      ));

    // An account of a cluster takes requests of the others, too. All nodes must be there to find what it names.
    if (this.isShared)
      RED.events.once('flows:started', () => {
        this.open().catch((error) => this.error(String(error)));
      });

    this.on('close', (removed: boolean, done: () => void) => {
      const report = (error: unknown): void => this.error(String(error));
      if (removed) {
        opening?.then(({ closeNodeAccount }) => closeNodeAccount(this.id)).catch(report);
        openingHistory?.then(({ closeNodeHistory }) => closeNodeHistory(this.id)).catch(report);
      }
      done();
    });
  }
  RED.nodes.registerType<NanogptAccount, NodeDef & Partial<NanogptConfigConfig>, object, { apiKey?: string }>(
    'nanogpt-config',
    NanogptConfig,
    {
      credentials: { apiKey: { type: 'password' } },
    },
  );
}
