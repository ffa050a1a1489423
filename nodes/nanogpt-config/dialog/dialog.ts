import type { EditedNode } from '../../shared/editor/red.js';
import { fillMissing, keepSaved, unfoldUsed } from '../../shared/editor/dialog.js';
import { defaults } from '../config.js';

const NANOGPT_HOSTS = [
  'https://nano-gpt.com',
  'https://api.nano-gpt.com',
  'https://cake.nano-gpt.com',
  'https://ai.bitcoin.com',
  'https://bcashgpt.com',
];

const EXPLAINED = ['nanogpt', 'openai', 'compatible', 'sandbox'];

/** Sets up the dialog of an account. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  keepSaved(node, 'service');
  unfoldUsed(node, defaults);

  showSpending(node);

  const service = $('#node-config-input-service');
  const baseUrl = $('#node-config-input-baseUrl');
  baseUrl.autoComplete({ minLength: 0, search: (text) => (service.val() === 'nanogpt' ? hostsLike(text) : []) });
  baseUrl.on('input change', () => $('#nanogpt-clear-tip').toggle(isClear(String(baseUrl.val()))));
  service.on('change', () => {
    const chosen = String(service.val());
    $('#nanogpt-service-tip').text(EXPLAINED.includes(chosen) ? node._(`tip.service.${chosen}`) : '');
    $('.nanogpt-remote').toggle(chosen !== 'sandbox');
    $('#nanogpt-edits').toggle(chosen === 'compatible');
    baseUrl.attr('placeholder', chosen === 'compatible' ? 'http://192.168.1.20:8080' : node._('label.serviceOwn'));
  });
}

/** What was spent so far, where the account is deployed and has an answer. */
function showSpending(node: EditedNode): void {
  void $.getJSON(`nanogpt-config/${node.id}/spending`, (spending?: { unknown: number; inMemory: boolean }) => {
    if (!spending) return;
    const spent = node._(spending.unknown > 0 ? 'tip.spentUnknown' : 'tip.spent', spending);
    $('#nanogpt-spent').text(spending.inMemory ? `${spent} ${node._('tip.spentInMemory')}` : spent);
  });
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
