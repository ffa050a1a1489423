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

/** The ids of the fields marked as wrong in the open dialog. */
export const marked = `$('.red-ui-tray .input-error').get().map((field) => field.id)`;
