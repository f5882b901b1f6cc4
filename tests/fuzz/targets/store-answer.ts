import { elements, escape, textOf, unescape } from '../../../src/store/cloud/xml.ts'
import { utf8 } from '../../../src/base/index.ts'
import { textOf as asText } from '../text.ts'
import type { Target } from '../types.ts'

/** The XML that stores in the cloud answer with: lists, tags of parts, reasons. */
export const storeAnswer: Target = {
  name: 'store-answer',
  corpus: () => [
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken><Contents><Key>a&amp;b</Key><Size>3</Size></Contents><CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes></ListBucketResult>',
    '<EnumerationResults><Blobs><Blob><Name Encoded="true">a%20b</Name><Properties><Content-Length>3</Content-Length></Properties></Blob><BlobPrefix><Name>d/</Name></BlobPrefix></Blobs><NextMarker/></EnumerationResults>',
    '<Error><Code>NoSuchKey</Code></Error>', '<Key>&#x1F600;&#39;&lt;&unknown;</Key>',
  ].map(utf8),
  dictionary: ['<Key>', '</Key>', '<Key/>', '<Key ', '<Keys>', '<', '>', '/>', '</', '&amp;', '&#', '&#x110000;', '&#0;', '&constructor;', '<Blob>', '<BlobPrefix>', '</Blob>', '<Code>', ']]>', '<!--'],
  maxBytes: 65_536,
  async run(input) {
    const text = asText(input)
    let size = 0
    for (const name of ['Key', 'Contents', 'Blob', 'Code']) {
      const found = elements(text, name)
      const all = found.reduce((sum, { inner, attributes }) => sum + inner.length + attributes.length + name.length + 2, 0)
      if (all > text.length) throw new Error('more came out than went in')
      if ((textOf(text, name) === null) !== (found.length === 0)) throw new Error('two answers about one element')
      size += found.length
    }
    if (unescape(escape(text)) !== text) throw new Error('text is another one between tags')
    return size > 0 ? 'accepted' : 'not-found'
  },
}
