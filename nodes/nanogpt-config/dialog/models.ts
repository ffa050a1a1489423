import { fieldPrefix, findForm } from '../../shared/editor/field-value.js';
import { ModelChooser } from '../../shared/editor/model-chooser.js';
import { fetchModels } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { translate } from '../../shared/editor/request.js';
import { postedAccount } from '../../shared/editor/settings.js';
import { currentServer } from './connection.js';
import type { ModelListing } from '../../shared/route-answers.js';
import { chosenService } from './services.js';

const NOTHING: ModelListing = { models: [], defaultModel: '' };

/**
 * Offers the models of the service for the default model. They are fetched when the
 * dialog opens, and again when the list is opened after the server was changed or the
 * last fetch failed. `onAnswer` gets what else is known of the account.
 */
export function modelField(node: EditedNode, onAnswer: (listing: ModelListing) => void): void {
  const field = $(`${fieldPrefix(node)}model`);
  const list = new ModelChooser(node, field, { isFree: () => chosenService() === 'sandbox' });
  const answers = new Map<string, ModelListing>();
  let fetching = '';
  let shown = '';

  const fetchAgain = (): void => {
    const known = answers.get(currentServer(node));
    if (!known || known.problem) void fetchListing();
  };
  field.on('focus', fetchAgain);
  $('#nanogpt-models').on('toggle', fetchAgain);
  findForm(node).on('input change', () => {
    if (shown !== currentServer(node)) show();
  });
  void fetchListing();

  async function fetchListing(): Promise<void> {
    const server = currentServer(node);
    if (fetching === server) return;
    fetching = server;
    const listing = await fetchModels(node, postedAccount(node));
    if (fetching === server) fetching = '';
    if (!field[0]!.isConnected) return;
    answers.set(server, listing);
    show();
    onAnswer(listing);
  }

  function show(): void {
    shown = currentServer(node);
    const { models, defaultModel, problem } = answers.get(shown) ?? NOTHING;
    list.offer(models);
    field.attr(
      'placeholder',
      node._(defaultModel === '' ? 'label.serviceOwn' : 'label.serviceOwnModel', { model: defaultModel }),
    );
    $('#nanogpt-no-models').text(problem ? translate(node, problem) : '');
  }
}
