import type { EditedNode } from '../../shared/editor/red.js';
import { fillMissing, unfoldUsed } from '../../shared/editor/dialog.js';
import { textArea } from '../../shared/editor/text-area.js';
import { typedField } from '../../shared/editor/typed-field.js';
import { isFilled, isParameters, numberFields } from './accepted.js';
import { defaults } from '../config.js';

const ELSEWHERE = ['msg', 'flow', 'global', 'jsonata'];
const TEXT_FIELDS = ['model', 'size', 'negativePrompt', 'quality', 'outputFormat', 'user'];

/** Sets up the dialog of an image node. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  textArea(node, 'prompt', [...ELSEWHERE, 'env'], isFilled);
  for (const name of ['image', 'mask']) typedField(node, name, ELSEWHERE);
  for (const name of TEXT_FIELDS) typedField(node, name, ['str', ...ELSEWHERE, 'env']);
  for (const [name, accepts] of Object.entries(numberFields)) typedField(node, name, ['num', ...ELSEWHERE, 'env'], accepts);
  typedField(node, 'parameters', ['json', ...ELSEWHERE], isParameters);
  unfoldUsed(node, defaults);

  const prompt = $('#node-input-prompt');
  prompt.on('change', () => {
    $('#nanogpt-prompt-tip').text(node._(prompt.typedInput('type') === 'str' ? 'tip.promptText' : 'tip.promptProperty'));
  });
}
