import type { EditedNode, EditorRed } from '../shared/editor/red.js';
import { fillMissing, keepSaved, unfoldUsed } from '../shared/editor/dialog.js';
import { type Accepts, numberIn, plainValidator } from '../shared/editor/validators.js';
import { defaults, type NanogptConfigConfig } from './config.js';

declare const RED: EditorRed;

const NANOGPT_HOSTS = [
  'https://nano-gpt.com',
  'https://api.nano-gpt.com',
  'https://cake.nano-gpt.com',
  'https://ai.bitcoin.com',
  'https://bcashgpt.com',
];

const EXPLAINED = ['nanogpt', 'openai', 'compatible', 'sandbox'];

RED.nodes.registerType<NanogptConfigConfig>('nanogpt-config', {
  category: 'config',
  defaults: {
    name: { value: defaults.name },
    service: { value: defaults.service },
    baseUrl: { value: defaults.baseUrl, validate: plainValidator('baseUrl', isBaseUrl, 'service') },
    edits: { value: defaults.edits },
    model: { value: defaults.model },
    timeout: { value: defaults.timeout, validate: plainValidator('timeout', required(numberIn(1, 3600))) },
    concurrency: { value: defaults.concurrency, validate: plainValidator('concurrency', required(numberIn(1, Infinity, 'whole'))) },
    perMinute: { value: defaults.perMinute, validate: plainValidator('perMinute', required(numberIn(0, Infinity))) },
    queueLimit: { value: defaults.queueLimit, validate: plainValidator('queueLimit', required(numberIn(0, Infinity, 'whole'))) },
    retries: { value: defaults.retries, validate: plainValidator('retries', required(numberIn(0, 10, 'whole'))) },
    retryUnknown: { value: defaults.retryUnknown },
    budget: { value: defaults.budget, validate: plainValidator('budget', numberIn(0, Infinity)) },
    budgetPeriod: { value: defaults.budgetPeriod },
    imageUrls: { value: defaults.imageUrls },
    proxy: { value: defaults.proxy, type: 'http proxy', required: false },
    tls: { value: defaults.tls, type: 'tls-config', required: false },
  },
  credentials: {
    apiKey: { type: 'password', validate: plainValidator('apiKey', isKey, 'service') },
  },
  paletteLabel() {
    return this._('label.account');
  },
  label() {
    return this.name || this._(`service.${this.service}`);
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    fillMissing(this, defaults);
    keepSaved(this, 'service');
    unfoldUsed(this, defaults);

    showSpending(this);

    const service = $('#node-config-input-service');
    const baseUrl = $('#node-config-input-baseUrl');
    baseUrl.autoComplete({ minLength: 0, search: (text) => (service.val() === 'nanogpt' ? hostsLike(text) : []) });
    baseUrl.on('input change', () => $('#nanogpt-clear-tip').toggle(isClear(String(baseUrl.val())))).trigger('change');
    service.on('change', () => {
      const chosen = String(service.val());
      $('#nanogpt-service-tip').text(EXPLAINED.includes(chosen) ? this._(`tip.service.${chosen}`) : '');
      $('.nanogpt-remote').toggle(chosen !== 'sandbox');
      $('#nanogpt-edits').toggle(chosen === 'compatible');
      baseUrl.attr('placeholder', chosen === 'compatible' ? 'http://192.168.1.20:8080' : this._('label.serviceOwn'));
    });
  },
});

/** What was spent so far, where the account is deployed and has an answer. */
function showSpending(node: EditedNode): void {
  void $.getJSON(`nanogpt-config/${node.id}/spending`, (spending?: { unknown: number; inMemory: boolean }) => {
    if (!spending) return;
    const spent = node._(spending.unknown > 0 ? 'tip.spentUnknown' : 'tip.spent', spending);
    $('#nanogpt-spent').text(spending.inMemory ? `${spent} ${node._('tip.spentInMemory')}` : spent);
  });
}

/** Accepts a web address or a bare host; only a server of the user's own must have one. */
function isBaseUrl(value: string, service: string): boolean {
  if (service === 'sandbox') return true;
  if (value === '') return service !== 'compatible';
  const address = value.includes('://') ? value : `https://${value}`;
  return /^https?:\/\/[^\s/]\S*$/i.test(address) && URL.canParse(address);
}

/** Accepts a key for calls; only servers of the user's own and the built-in service can do without. */
function isKey(value: string, service: string): boolean {
  if (service === 'sandbox') return true;
  return value === '' ? service === 'compatible' : !value.startsWith('sk-nano-mgmt-');
}

function required(accepts: Accepts): Accepts {
  return (value, other) => value !== '' && accepts(value, other);
}

/** Whether a key would go in clear over the internet, as the runtime judges it by the name of the host. */
function isClear(address: string): boolean {
  const host = /^http:\/\/(\[[^\]]*\]|[^/:]+)/i.exec(address.trim())?.[1] ?? '';
  const inTheHouse = !host.includes('.') || /\.(localhost|local|lan|home|internal|arpa)$|^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./i.test(host);
  return host !== '' && !inTheHouse;
}

/** Those of the service's hosts that hold what was typed so far. */
function hostsLike(text: string): string[] {
  return NANOGPT_HOSTS.filter((host) => host.includes(text.trim().toLowerCase()));
}
