import { ModelChooser } from '../../shared/editor/model-chooser.js';
import type { Model } from '../../shared/editor/models.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { fillMissing, keepSaved, revealUnfolded, unfoldUsed } from '../../shared/editor/dialog.js';
import { findForm } from '../../shared/editor/field-value.js';
import { textArea } from '../../shared/editor/text-area.js';
import { findInput, typedField } from '../../shared/editor/typed-field.js';
import { isLiteral } from '../../shared/editor/validators.js';
import { isPrompt, isParameters, numberFields } from './accepted.js';
import { defaults } from '../config.js';
import { warnOfMissingKey } from './account-key.js';
import { watchAccount } from './account-watch.js';
import { knownRequest } from './known-request.js';
import { ModelFields } from './model-fields.js';
import { ModelPages } from './model-pages.js';
import { Notes } from './notes.js';
import { type ChosenAccount, forecastRequest, toPriceQuery } from './request-forecast.js';
import { TryIt } from './try-it.js';

declare const RED: EditorRed;

const ELSEWHERE = ['msg', 'flow', 'global', 'jsonata'];
const TEXT_FIELDS = ['model', 'size', 'negativePrompt', 'quality', 'outputFormat', 'user'] as const;
const LISTS = ['kontextMaxMode', 'responseFormat', 'output', 'deliver'];

/** Sets up the dialog of an image node. */
export function prepare(node: EditedNode): void {
  prepareFields(node);
  warnOfMissingKey();

  const [form, model] = [findForm(node), $('#node-input-model')];
  let chosen: ChosenAccount | undefined;
  const models = new ModelChooser(node, findInput(model), {
    isLiteral: () => isLiteral(model.typedInput('type')),
    priceQuery: () => toPriceQuery(knownRequest(node)),
    isFree: () => forecastRequest(node, chosen).isFree,
  });
  const pages = new ModelPages(node, () => refresh());
  const complete = (listed: Model | undefined): void => void pages.complete(listed, chosen?.posted);
  const [fields, notes] = [new ModelFields(node), new Notes(node)];
  const tryIt = new TryIt(node, form, { chosen: () => chosen, complete });

  const refresh = (): void => {
    // It has no fields while the dialog of its account is on top.
    if (form.closest('body').length === 0) return;
    const forecast = forecastRequest(node, chosen);
    complete(forecast.model);
    models.refresh();
    fields.show(forecast);
    notes.show(forecast, chosen);
    tryIt.refresh();
  };
  watchAccount(node, (now) => {
    chosen = now;
    models.offer(now?.listing?.models ?? []);
    refresh();
  });
  form.on('change', once(refresh));
  RED.events.on('editor:change', refresh);
  // jQuery UI triggers it however the dialog is closed.
  form.on('remove', () => RED.events.off('editor:change', refresh));
}

function prepareFields(node: EditedNode): void {
  fillMissing(node, defaults);
  for (const name of LISTS) keepSaved(node, name);
  textArea(node, 'prompt', [...ELSEWHERE, 'env'], isPrompt);
  for (const name of ['image', 'mask'] as const) typedField(node, name, ELSEWHERE);
  for (const name of TEXT_FIELDS) typedField(node, name, ['str', ...ELSEWHERE, 'env']);
  for (const name of Object.keys(numberFields) as (keyof typeof numberFields)[])
    typedField(node, name, ['num', ...ELSEWHERE, 'env'], numberFields[name]);
  typedField(node, 'parameters', ['json', ...ELSEWHERE], isParameters);
  unfoldUsed(node, defaults);
  revealUnfolded(node);

  const prompt = $('#node-input-prompt');
  prompt.on('change', () => {
    $('#nanogpt-prompt-tip').text(
      node._(prompt.typedInput('type') === 'str' ? 'tip.promptText' : 'tip.promptProperty'),
    );
  });
}

/** Runs the work once for all calls in one turn, as when all fields trigger a change. */
function once(work: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      work();
    });
  };
}
