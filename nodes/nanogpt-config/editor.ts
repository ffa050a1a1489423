import type { EditorRed } from '../shared/editor/red.js';
import { cancelDialog, openDialog, saveDialog } from '../shared/editor/open-dialog.js';
import { type Accepts, isOneOf, isNumberBetween, plainValidator } from '../shared/editor/validators.js';
import { choices, defaults, isAccountName, type NanogptConfigConfig, type NumberRange, ranges } from './config.js';

declare const RED: EditorRed;

RED.nodes.registerType<NanogptConfigConfig>('nanogpt-config', {
  category: 'config',
  defaults: {
    name: { value: defaults.name },
    service: {
      value: defaults.service,
      validate: plainValidator('service', isOneOf(...choices.service)),
    },
    baseUrl: { value: defaults.baseUrl, validate: plainValidator('baseUrl', isBaseUrl, 'service') },
    edits: { value: defaults.edits, validate: plainValidator('edits', isOneOf(...choices.edits)) },
    billing: { value: defaults.billing, validate: plainValidator('billing', isOneOf(...choices.billing)) },
    model: { value: defaults.model },
    timeout: { value: defaults.timeout, validate: plainValidator('timeout', required(isInRange(ranges.timeout))) },
    concurrency: {
      value: defaults.concurrency,
      validate: plainValidator('concurrency', required(isInRange(ranges.concurrency))),
    },
    perMinute: {
      value: defaults.perMinute,
      validate: plainValidator('perMinute', required(isInRange(ranges.perMinute))),
    },
    queueLimit: {
      value: defaults.queueLimit,
      validate: plainValidator('queueLimit', required(isInRange(ranges.queueLimit))),
    },
    retries: { value: defaults.retries, validate: plainValidator('retries', required(isInRange(ranges.retries))) },
    retryUnknown: { value: defaults.retryUnknown },
    budget: { value: defaults.budget, validate: plainValidator('budget', isInRange(ranges.budget)) },
    budgetPeriod: {
      value: defaults.budgetPeriod,
      validate: plainValidator('budgetPeriod', isOneOf(...choices.budgetPeriod)),
    },
    imageUrls: { value: defaults.imageUrls, validate: plainValidator('imageUrls', isOneOf(...choices.imageUrls)) },
    history: { value: defaults.history, validate: plainValidator('history', isOneOf(...choices.history)) },
    historyMegabytes: {
      value: defaults.historyMegabytes,
      validate: plainValidator('historyMegabytes', required(isInRange(ranges.historyMegabytes))),
    },
    historyDays: {
      value: defaults.historyDays,
      validate: plainValidator('historyDays', isInRange(ranges.historyDays)),
    },
    proxy: { value: defaults.proxy, type: 'http proxy', required: false },
    tls: { value: defaults.tls, type: 'tls-config', required: false },
    cluster: { value: defaults.cluster, type: 'nanogpt-cluster', required: false },
    clusterAccount: {
      value: defaults.clusterAccount,
      validate: plainValidator('clusterAccount', (name, cluster) => cluster === '' || isAccountName(name), 'cluster'),
    },
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
    openDialog(this);
  },
  oneditsave() {
    return saveDialog(this);
  },
  oneditcancel() {
    cancelDialog('nanogpt-config', this.id);
  },
  oneditdelete() {
    cancelDialog('nanogpt-config', this.id);
  },
});

/** Accepts a URL or a bare host, also in quotes; only a compatible server needs one. */
function isBaseUrl(value: string, service: string): boolean {
  if (service === 'sandbox') return true;
  if (value === '') return service !== 'compatible';
  const bare = value.replace(/^["'<]+|["'>]+$/g, '');
  const address = bare.includes('://') ? bare : `https://${bare}`;
  return /^https?:\/\/[^\s/]\S*$/i.test(address) && URL.canParse(address);
}

/** Accepts a key for API calls; only compatible servers and the built-in service work without one. */
function isKey(value: string, service: string): boolean {
  if (service === 'sandbox') return true;
  return value === '' ? service === 'compatible' : /^(?!sk-nano-mgmt-)[\x21-\x7e]+$/i.test(value);
}

function isInRange({ min, max, isWhole }: NumberRange): Accepts {
  return isWhole ? isNumberBetween(min, max, 'whole') : isNumberBetween(min, max);
}

function required(accepts: Accepts): Accepts {
  return (value, other) => value !== '' && accepts(value, other);
}
