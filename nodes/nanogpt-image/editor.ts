import type { EditorRed } from '../shared/editor/red.js';
import { openDialog } from '../shared/editor/open-dialog.js';
import { takeOnlyAccount } from '../shared/editor/take-only-account.js';
import {
  accountValidator,
  historyValidator,
  isNumberBetween,
  isOneOf,
  plainValidator,
  sourceValidator,
  typedValidator,
} from '../shared/editor/validators.js';
import { isOutputSize, isPrompt, isParameters, numberFields } from './dialog/accepted.js';
import { modelLabel } from '../shared/editor/model-label.js';
import { choices, defaults, ranges, type NanogptImageConfig } from './config.js';

declare const RED: EditorRed;

RED.nodes.registerType<NanogptImageConfig>('nanogpt-image', {
  category: 'NanoGPT',
  color: '#B7B1D8',
  icon: 'nanogpt-image.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    account: { value: defaults.account, type: 'nanogpt-config', validate: accountValidator() },
    prompt: { value: defaults.prompt, validate: typedValidator('prompt', isPrompt) },
    promptType: { value: defaults.promptType },
    image: { value: defaults.image, validate: sourceValidator('image') },
    imageType: { value: defaults.imageType },
    mask: { value: defaults.mask, validate: sourceValidator('mask') },
    maskType: { value: defaults.maskType },
    model: { value: defaults.model, validate: sourceValidator('model') },
    modelType: { value: defaults.modelType },
    count: { value: defaults.count, validate: typedValidator('count', numberFields.count) },
    countType: { value: defaults.countType },
    size: { value: defaults.size, validate: sourceValidator('size') },
    sizeType: { value: defaults.sizeType },
    negativePrompt: { value: defaults.negativePrompt, validate: sourceValidator('negativePrompt') },
    negativePromptType: { value: defaults.negativePromptType },
    quality: { value: defaults.quality, validate: sourceValidator('quality') },
    qualityType: { value: defaults.qualityType },
    outputFormat: { value: defaults.outputFormat, validate: sourceValidator('outputFormat') },
    outputFormatType: { value: defaults.outputFormatType },
    seed: { value: defaults.seed, validate: typedValidator('seed', numberFields.seed) },
    seedType: { value: defaults.seedType },
    strength: { value: defaults.strength, validate: typedValidator('strength', numberFields.strength) },
    strengthType: { value: defaults.strengthType },
    guidanceScale: {
      value: defaults.guidanceScale,
      validate: typedValidator('guidanceScale', numberFields.guidanceScale),
    },
    guidanceScaleType: { value: defaults.guidanceScaleType },
    steps: { value: defaults.steps, validate: typedValidator('steps', numberFields.steps) },
    stepsType: { value: defaults.stepsType },
    user: { value: defaults.user, validate: sourceValidator('user') },
    userType: { value: defaults.userType },
    kontextMaxMode: {
      value: defaults.kontextMaxMode,
      validate: plainValidator('kontextMaxMode', isOneOf('', ...choices.kontextMaxMode)),
    },
    responseFormat: {
      value: defaults.responseFormat,
      validate: plainValidator('responseFormat', isOneOf('', ...choices.responseFormat)),
    },
    parameters: { value: defaults.parameters, validate: typedValidator('parameters', isParameters) },
    parametersType: { value: defaults.parametersType },
    output: { value: defaults.output, validate: plainValidator('output', isOneOf('buffer', 'dataUrl', 'base64')) },
    deliver: { value: defaults.deliver, validate: plainValidator('deliver', isOneOf('each', 'all')) },
    preview: { value: defaults.preview },
    drafts: { value: defaults.drafts },
    reuse: {
      value: defaults.reuse,
      validate: historyValidator(plainValidator('reuse', isNumberBetween(ranges.reuse.min, ranges.reuse.max))),
    },
    outputSize: { value: defaults.outputSize, validate: plainValidator('outputSize', isOutputSize) },
    outputFit: { value: defaults.outputFit },
    outputType: { value: defaults.outputType },
    mark: { value: defaults.mark },
  },
  paletteLabel() {
    return this._('label.palette');
  },
  label() {
    return this.name || (this.modelType === 'str' && modelLabel(this.model)) || this._('label.palette');
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
  onadd: takeOnlyAccount,
  oneditprepare() {
    openDialog(this);
  },
});
