import type { EditorRed } from '../shared/editor/red.js';
import { fillMissing, unfoldUsed } from '../shared/editor/dialog.js';
import { textArea } from '../shared/editor/text-area.js';
import { typedField } from '../shared/editor/typed-field.js';
import { accountValidator, numberIn, typedValidator } from '../shared/editor/validators.js';
import { defaults, type NanogptImageConfig } from './config.js';

declare const RED: EditorRed;

const ELSEWHERE = ['msg', 'flow', 'global', 'jsonata'];
const TEXT_FIELDS = ['model', 'size', 'negativePrompt', 'quality', 'outputFormat', 'user'];
const NUMBER_FIELDS = {
  count: isCount,
  seed: isWhole,
  strength: numberIn(0, 1),
  guidanceScale: numberIn(0, 20),
  steps: numberIn(1, 100, 'whole'),
};

RED.nodes.registerType<NanogptImageConfig>('nanogpt-image', {
  category: 'NanoGPT',
  color: '#B7B1D8',
  icon: 'nanogpt-image.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    account: { value: defaults.account, type: 'nanogpt-config', validate: accountValidator() },
    prompt: { value: defaults.prompt, validate: typedValidator('prompt', isFilled) },
    promptType: { value: defaults.promptType },
    image: { value: defaults.image, validate: typedValidator('image') },
    imageType: { value: defaults.imageType },
    mask: { value: defaults.mask, validate: typedValidator('mask') },
    maskType: { value: defaults.maskType },
    model: { value: defaults.model, validate: typedValidator('model') },
    modelType: { value: defaults.modelType },
    count: { value: defaults.count, validate: typedValidator('count', NUMBER_FIELDS.count) },
    countType: { value: defaults.countType },
    size: { value: defaults.size, validate: typedValidator('size') },
    sizeType: { value: defaults.sizeType },
    negativePrompt: { value: defaults.negativePrompt, validate: typedValidator('negativePrompt') },
    negativePromptType: { value: defaults.negativePromptType },
    quality: { value: defaults.quality, validate: typedValidator('quality') },
    qualityType: { value: defaults.qualityType },
    outputFormat: { value: defaults.outputFormat, validate: typedValidator('outputFormat') },
    outputFormatType: { value: defaults.outputFormatType },
    seed: { value: defaults.seed, validate: typedValidator('seed', NUMBER_FIELDS.seed) },
    seedType: { value: defaults.seedType },
    strength: { value: defaults.strength, validate: typedValidator('strength', NUMBER_FIELDS.strength) },
    strengthType: { value: defaults.strengthType },
    guidanceScale: { value: defaults.guidanceScale, validate: typedValidator('guidanceScale', NUMBER_FIELDS.guidanceScale) },
    guidanceScaleType: { value: defaults.guidanceScaleType },
    steps: { value: defaults.steps, validate: typedValidator('steps', NUMBER_FIELDS.steps) },
    stepsType: { value: defaults.stepsType },
    user: { value: defaults.user, validate: typedValidator('user') },
    userType: { value: defaults.userType },
    kontextMaxMode: { value: defaults.kontextMaxMode },
    responseFormat: { value: defaults.responseFormat },
    parameters: { value: defaults.parameters, validate: typedValidator('parameters', isParameters) },
    parametersType: { value: defaults.parametersType },
    output: { value: defaults.output },
    deliver: { value: defaults.deliver },
    preview: { value: defaults.preview },
  },
  paletteLabel() {
    return this._('label.palette');
  },
  label() {
    return this.name || (this.modelType === 'str' && this.model) || this._('label.palette');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('label.input');
  },
  outputLabels() {
    return this._(`label.output-${this.deliver}`);
  },
  oneditprepare() {
    fillMissing(this, defaults);
    textArea(this, 'prompt', [...ELSEWHERE, 'env'], isFilled);
    for (const name of ['image', 'mask']) typedField(this, name, ELSEWHERE);
    for (const name of TEXT_FIELDS) typedField(this, name, ['str', ...ELSEWHERE, 'env']);
    for (const [name, accepts] of Object.entries(NUMBER_FIELDS)) typedField(this, name, ['num', ...ELSEWHERE, 'env'], accepts);
    typedField(this, 'parameters', ['json', ...ELSEWHERE], isParameters);
    unfoldUsed(this, defaults);

    const prompt = $('#node-input-prompt');
    prompt.on('change', () => {
      $('#nanogpt-prompt-tip').text(this._(prompt.typedInput('type') === 'str' ? 'tip.promptText' : 'tip.promptProperty'));
    });
  },
});

function isFilled(value: string): boolean {
  return value !== '';
}

function isCount(value: string): boolean {
  return numberIn(1, Number.MAX_SAFE_INTEGER, 'whole')(value, '');
}

function isWhole(value: string): boolean {
  return numberIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'whole')(value, '');
}

/** Accepts an object of further API fields, or nothing. Those that the node itself must set are refused, as at run time. */
function isParameters(value: string): boolean {
  if (value === '') return true;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
    return !Object.keys(parsed).some((key) => /^(prompt|stream|partial_images|imageDataUrls?|maskDataUrls?)$/.test(key));
  } catch {
    return false;
  }
}
