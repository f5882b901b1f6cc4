import { safeFileName } from '../content/index.ts'
import { cleanIncoming, keepIncoming } from './incoming-store.ts'
import { problemResponse } from './problem-response.ts'

/** Where the system posts what somebody shares to the app, relative to it; the manifest says the same. */
export const shareTargetPath = 'share-target'

/**
 * Takes what the system's share dialog posts: files are kept for the page that opens next, a link in the text is opened. Answers with a
 * redirect into the app, never with anything of what was posted.
 */
export async function answerShareTarget(request: Request, base: string): Promise<Response> {
  const form = await request.formData()
  // A field for files in which none were put is one file without name and bytes.
  const files = form.getAll('files').filter(each => each instanceof File).filter(({ name, size }) => name !== '' || size > 0)
  try {
    await cleanIncoming()
    if (files.length > 0) await keepIncoming(files.map(file => ({ name: safeFileName(file.name), file })))
  } catch (error) { return problemResponse(error) }
  const text = ['url', 'text', 'title'].map(name => form.get(name)).find(each => typeof each === 'string' && each.includes('#/get/'))
  const [link] = files.length === 0 && typeof text === 'string' ? /#\/get\/\S+/.exec(text) ?? [] : []
  return Response.redirect(new URL(link ?? '#/share', base).href, 303)
}
