/** The content of a mark in XMP. */
export interface XmpContent {
  /** Whether the image was made from another one. */
  isEdit: boolean;
  /** The model and the service. */
  system: string;
  prompt?: string;
}

/** How an image came to be (IPTC NewsCodes: Digital Source Type). */
const sourceTypes = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** An XMP packet with the properties of IPTC for images made by AI (IPTC Photo Metadata Standard 2025.1). */
export function writeXmp({ isEdit, system, prompt }: XmpContent): Buffer {
  const type = isEdit ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia';
  const properties = [
    element('DigitalSourceType', sourceTypes + type),
    element('AISystemUsed', system),
    ...(prompt === undefined ? [] : [element('AIPromptInformation', prompt)]),
  ];
  return Buffer.from(
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">' +
      properties.join('') +
      '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
  );
}

function element(name: string, text: string): string {
  return `<Iptc4xmpExt:${name}>${escapeText(text)}</Iptc4xmpExt:${name}>`;
}

/** Text for XML 1.0, which allows neither most control characters nor lone surrogates. */
function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
