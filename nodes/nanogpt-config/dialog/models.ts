import { fieldPrefix, formOf } from '../../shared/editor/field-value.js';
import { ModelList } from '../../shared/editor/model-list.js';
import { type Catalogue, fetchCatalogue } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { say } from '../../shared/editor/request.js';
import { postedAccount } from '../../shared/editor/settings.js';
import { serverNow } from './connection.js';
import { chosenService } from './services.js';

/**
 * Offers the models of the service for the default model. They are asked for once, when the dialog opens; again only where the
 * field is used and another server is set, or the first answer was a problem. `onAnswer` gets what else is known of the account.
 */
export function modelField(node: EditedNode, onAnswer: (catalogue: Catalogue) => void): void {
  const field = $(`${fieldPrefix(node)}model`);
  const list = new ModelList(node, field, { isFree: () => chosenService() === 'sandbox' });
  let asked = '';
  let shown = '';

  field.on('focus', () => {
    if (asked !== serverNow(node)) void load();
  });
  formOf(node).on('input change', () => {
    if (shown !== '' && shown !== serverNow(node)) show('', { models: [], defaultModel: '' });
  });
  void load();

  async function load(): Promise<void> {
    const server = serverNow(node);
    asked = server;
    const catalogue = await fetchCatalogue(node, postedAccount(node));
    if (!field[0]!.isConnected || server !== serverNow(node)) return;
    if (catalogue.problem) asked = '';
    show(server, catalogue);
    onAnswer(catalogue);
  }

  function show(server: string, { models, defaultModel, problem }: Catalogue): void {
    shown = server;
    list.offer(models);
    field.attr('placeholder', node._(defaultModel === '' ? 'label.serviceOwn' : 'label.serviceOwnModel', { model: defaultModel }));
    $('#nanogpt-no-models').text(problem ? say(node, problem) : '');
  }
}
