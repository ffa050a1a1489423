import { defaults as clusterDefaults } from '../../nodes/nanogpt-cluster/config.js';
import { defaults as accountDefaults } from '../../nodes/nanogpt-config/config.js';
import { defaults as imageDefaults } from '../../nodes/nanogpt-image/config.js';
import { defaults as infoDefaults } from '../../nodes/nanogpt-info/config.js';

const place = { z: 'tab', x: 200, y: 100, wires: [[]] };

export const tab = { id: 'tab', type: 'tab', label: 'Flow 1' };
export const account = { id: 'account', type: 'nanogpt-config', ...accountDefaults, service: 'sandbox' };
export const cluster = { id: 'cluster', type: 'nanogpt-cluster', ...clusterDefaults };
export const image = { ...place, id: 'image', type: 'nanogpt-image', ...imageDefaults, account: 'account' };
export const info = { ...place, id: 'info', type: 'nanogpt-info', y: 180, ...infoDefaults, account: 'account' };

/** Nodes with few settings, as somebody writes a flow by hand or an older version saved it. */
export const sparse = [
  { id: 'account', type: 'nanogpt-config', service: 'sandbox' },
  { ...place, id: 'image', type: 'nanogpt-image', account: 'account' },
];

/** Settings of every kind and other than their defaults, those without a field in the dialog too. */
export const unusual = [
  {
    ...account,
    name: 'home',
    service: 'openai',
    baseUrl: 'https://proxy.example',
    edits: 'multipart',
    model: 'gpt-image-1',
    timeout: '60',
    concurrency: 1,
    budget: '2',
    cluster: 'cluster',
    clusterAccount: 'house',
  },
  {
    ...image,
    name: 'poster',
    prompt: 'A lighthouse\nat {{payload}}',
    promptType: 'str',
    image: '#:(file)::snap',
    imageType: 'flow',
    mask: '',
    model: 'hidream',
    count: '${COUNT}',
    size: 'size',
    sizeType: 'msg',
    negativePrompt: 'fog',
    quality: 'hd',
    outputFormat: 'png',
    seed: '-7',
    strength: '0.5',
    guidanceScale: '7.5',
    steps: '30',
    user: 'HOSTNAME',
    userType: 'env',
    kontextMaxMode: 'true',
    responseFormat: 'url',
    parameters: '{"style":"vivid"}',
    output: 'dataUrl',
    deliver: 'all',
    preview: false,
  },
  {
    ...cluster,
    name: 'attic',
    url: 'rediss://pi@redis.example:6380/2',
    prefix: 'house',
    role: 'ask',
    replicas: 'pair',
    timezone: 'Europe/Berlin',
  },
  { ...info, name: 'costs', ask: 'spending', filter: 'text' },
];
