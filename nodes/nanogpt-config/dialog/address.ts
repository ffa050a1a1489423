import { type Choice, ChoiceList, piece } from '../../shared/editor/choice-list.js';
import { Combobox } from '../../shared/editor/combobox.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { chosenService } from './services.js';

const NANOGPT_HOSTS = [
  'https://nano-gpt.com',
  'https://api.nano-gpt.com',
  'https://cake.nano-gpt.com',
  'https://ai.bitcoin.com',
  'https://bcashgpt.com',
];

/** Puts the base URL where it belongs: beside the service where it needs one, else into the folded network section, which unfolds where one is set. */
export function addressField(node: EditedNode): void {
  const row = $('#nanogpt-address');
  const network = $('#nanogpt-network');
  const service = $('#node-config-input-service');
  const field = $('#node-config-input-baseUrl');

  const place = (): void => {
    const isNeeded = chosenService() === 'compatible';
    if (isNeeded) row.insertBefore('#nanogpt-edits');
    else row.insertAfter(network.children('summary'));
    field.attr('placeholder', isNeeded ? 'http://192.168.1.20:8080' : node._('label.serviceOwn'));
    if (!isNeeded && chosenService() !== 'sandbox' && field.val() !== '') network.prop('open', true);
  };
  place();
  service.on('change', place);

  const hosts = new Combobox(field, new ChoiceList({ label: node._('label.hosts') }), {
    isLiteral: () => chosenService() === 'nanogpt',
  });
  hosts.offer(NANOGPT_HOSTS.map(hostChoice));
  service.on('change', () => hosts.refresh());
  field.on('input change', () => $('#nanogpt-clear-tip').toggle(isClear(String(field.val()).trim())));
}

/** Whether a key would go in clear over the internet, as the runtime judges it by the name of the host: without a scheme, a number is taken as plain http. */
function isClear(address: string): boolean {
  const host = /^(?:http:\/\/(\[[^\]]*\]|[^/:]+)|(\d+\.\d+\.\d+\.\d+))/i.exec(address)?.slice(1).find(Boolean) ?? '';
  const inTheHouse =
    !host.includes('.') ||
    /\.(localhost|local|lan|home|internal|arpa)$|^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./i.test(host);
  return host !== '' && !inTheHouse;
}

function hostChoice(host: string): Choice {
  return { value: host, words: host, show: () => [piece(host)] };
}
