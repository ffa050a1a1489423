/** Fields of the open dialog without a name for those who cannot see it, and labels that belong to no field; as HTML. */
export const nameless = `(() => {
  const form = $('.nanogpt-form');
  const isNamed = (field) => field.ariaLabel || $('label[for="' + field.id + '"]:visible').text().trim();
  const fields = form.find('input, select, textarea').filter(':visible').get().filter((field) => !isNamed(field));
  const labels = form.find('label:visible').get().filter((label) => !document.getElementById(label.htmlFor));
  return [...fields, ...labels].map((element) => element.outerHTML);
})()`;

/** What sticks out of the open dialog, and what widens it beyond the width that dialogs have by default; as HTML. */
export const tooWide = `(() => {
  const form = $('.nanogpt-form');
  const edge = form[0].getBoundingClientRect().right + 1;
  const widened = $('.red-ui-tray').width() > 501 ? form.get() : [];
  const outside = form.find(':visible').get().filter((element) => element.getBoundingClientRect().right > edge);
  return [...widened, ...outside].map((element) => element.outerHTML);
})()`;

/** What sticks out of the open dialog when its tray is 340 px wide, and what makes the tray scroll sideways; as HTML. */
export const tooWideFor340 = `(() => {
  $('.red-ui-tray').last().css('width', '340px');
  $(window).trigger('resize');
  const form = $('.nanogpt-form');
  const { right } = form[0].getBoundingClientRect();
  const edge = form.closest('.red-ui-tray')[0].getBoundingClientRect().right;
  const outside = form.find(':visible').get().filter((element) => element.getBoundingClientRect().right > right + 1);
  return [...(right > edge ? form.get() : []), ...outside].map((element) => element.outerHTML);
})()`;

/**
 * Texts of the open dialog that do not fit into their place: labels that need a second line, choices wider than their list, examples
 * wider than their field. What a label has below its line may wrap, and a list that others stand for shows nothing. Letters of
 * Chinese and Japanese count with their full width, which fonts without them do not show.
 */
export const cutOff = `(() => {
  const form = $('.nanogpt-form');
  const pen = document.createElement('canvas').getContext('2d');
  const measureWidth = (text, { font, fontSize }) => {
    pen.font = font;
    const others = text.replace(/[\\u3000-\\u9fff\\uff00-\\uffef]/g, '');
    return Math.max(pen.measureText(text).width, pen.measureText(others).width + (text.length - others.length) * parseFloat(fontSize));
  };
  const fits = (text, element, used) => {
    const style = getComputedStyle(element);
    return measureWidth(text, style) <= element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - used;
  };
  const iconWidth = (label) => $(label).children('i').outerWidth(true) ?? 0;
  const isInLine = (part) => !(part instanceof Element) || getComputedStyle(part).display !== 'block';
  const ownText = (label) => [...label.childNodes].filter(isInLine).map((part) => part.textContent).join('').trim();
  const labels = form.find('.form-row > label:visible').get().map((label) => [ownText(label), label, iconWidth(label)]);
  const choices = form.find('select:visible:not(.nanogpt-unseen) option:not([value="_ADD_"])').get().map((option) => [option.text, option.parentElement, 18]);
  const examples = form.find('input:visible').get().map((input) => [input.placeholder, input, 0]);
  return [...labels, ...choices, ...examples].filter(([text, element, used]) => !fits(text, element, used)).map(([text]) => text);
})()`;

/** Texts of the sidebar tab, of a dialog over the editor or of the mask's tools that are cut off or stick out; a prompt may be cut. */
export const cutOffIn = (container: string): string => `(() => {
  const box = $('${container}');
  const { right } = box[0].getBoundingClientRect();
  const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible';
  const texts = box.find(':visible').get().filter((element) => !$(element).is('.nanogpt-tile > span, .nanogpt-prompt, svg, svg *'));
  const cut = texts.filter((element) => isCut(element) || element.getBoundingClientRect().right > right + 1);
  return cut.map((element) => element.outerHTML);
})()`;

/** The ids of the fields marked as wrong in the open dialog. */
export const marked = `$('.red-ui-tray .input-error').get().map((field) => field.id)`;
