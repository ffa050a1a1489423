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
 * The field of the default model, which offers the models of the service. They are fetched when the dialog opens, and
 * again when the list is opened after the server was changed or the last fetch failed.
 */
export class ModelField {
  readonly #node: EditedNode;
  readonly #field: JQuery;
  readonly #list: ModelChooser;
  readonly #onAnswer: (listing: ModelListing) => void;
  /** By server. */
  readonly #listings = new Map<string, ModelListing>();
  #fetching = '';
  #shown = '';

  /** `onAnswer` gets what else is known of the account. */
  constructor(node: EditedNode, onAnswer: (listing: ModelListing) => void) {
    this.#node = node;
    this.#onAnswer = onAnswer;
    this.#field = $(`${fieldPrefix(node)}model`);
    this.#list = new ModelChooser(node, this.#field, { isFree: () => chosenService() === 'sandbox' });
    this.#field.on('focus', () => this.#fetchAgain());
    $('#nanogpt-models').on('toggle', () => this.#fetchAgain());
    findForm(node).on('input change', () => {
      if (this.#shown !== currentServer(node)) this.#show();
    });
    void this.#fetch();
  }

  #fetchAgain(): void {
    const known = this.#listings.get(currentServer(this.#node));
    if (!known || known.problem) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const server = currentServer(this.#node);
    if (this.#fetching === server) return;
    this.#fetching = server;
    const listing = await fetchModels(this.#node, postedAccount(this.#node));
    if (this.#fetching === server) this.#fetching = '';
    if (!this.#field[0]!.isConnected) return;
    this.#listings.set(server, listing);
    this.#show();
    this.#onAnswer(listing);
  }

  #show(): void {
    this.#shown = currentServer(this.#node);
    const { models, defaultModel, problem } = this.#listings.get(this.#shown) ?? NOTHING;
    this.#list.offer(models);
    const key = defaultModel === '' ? 'label.serviceOwn' : 'label.serviceOwnModel';
    this.#field.attr('placeholder', this.#node._(key, { model: defaultModel }));
    $('#nanogpt-no-models').text(problem ? translate(this.#node, problem) : '');
  }
}
