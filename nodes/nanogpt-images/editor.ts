import type { ViewRed } from './editor/view-red.js';
import type { Texts } from './editor/texts.js';

declare const RED: ViewRed;

/** The URL of the code of preview and tab, which the build writes. */
const ADDRESS = 'resources/@flow-easel/node-red-nanogpt/images.js';

/** Users without this permission get neither preview nor tab. */
const PERMISSION = 'nanogpt-image.write';

/** The code once it is loaded. */
type ImagesCode = typeof import('./editor/images.js');

let loading: Promise<ImagesCode> | undefined;

/** Loads the code for the first image, or when the tab first shows. */
function load(): Promise<ImagesCode> {
  return (loading ??= import(new URL(ADDRESS, document.baseURI).href) as Promise<ImagesCode>);
}

RED.plugins.registerPlugin('nanogpt-images', {
  onadd(this: Texts) {
    if (!RED.user.hasPermission(PERMISSION)) return;
    const report = (error: unknown): void => RED.notify(String(error), 'error');
    const content = $('<div class="nanogpt-tab">');
    RED.sidebar.addTab({
      id: 'nanogpt-images',
      label: this._('tab.label'),
      name: this._('tab.name'),
      iconClass: 'fa fa-picture-o',
      content,
      enableOnEdit: true,
      onchange: () => void load().then(({ openTab }) => openTab(this, content), report),
    });
    RED.comms.subscribe('nanogpt-images/preview', (_topic, event) => {
      void load().then(({ showPreview }) => showPreview(this, event as object), report);
    });
    const hasImageNodes = (): boolean => RED.nodes.filterNodes({ type: 'nanogpt-image' }).length > 0;
    RED.events.on('flows:loaded', () => {
      if (hasImageNodes()) void load().then(({ showPreviews }) => showPreviews(this), report);
    });
    RED.events.on('deploy', () => {
      // Only a warning: without an answer there is none.
      if (hasImageNodes())
        void load().then(({ warnOfEndingModels }) => warnOfEndingModels(this).catch(() => undefined));
    });
  },
});
