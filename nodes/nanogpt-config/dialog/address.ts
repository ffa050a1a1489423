import { isPlaintextHttp, parseAddress } from '../../../src/api/address.js';
import { type Choice, ChoiceList, makeSpan } from '../../shared/editor/choice-list.js';
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

/**
 * Places the base URL: below a service that needs one, else in the
 * folded network section, which unfolds where one is set.
 */
export function addressField(node: EditedNode): void {
  const row = $('#nanogpt-address');
  const network = $('#nanogpt-network');
  const service = $('#node-config-input-service');
  const field = $('#node-config-input-baseUrl');

  const place = (): void => {
    const isNeeded = chosenService() === 'compatible';
    if (isNeeded) row.insertAfter('#nanogpt-service-row');
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
  field.on('input change', () => $('#nanogpt-plaintext-tip').toggle(isPlaintext(String(field.val()).trim())));
}

/** Whether a key would be sent unencrypted over the internet, by the runtime's own rule. */
function isPlaintext(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && isPlaintextHttp(address);
}

function hostChoice(host: string): Choice {
  return { value: host, words: host, show: () => [makeSpan(host)] };
}
