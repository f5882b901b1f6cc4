import { mountApp } from './ui-mount.ts'
import { views } from './ui-views.ts'

// `ui-gallery.html?view=share-ready&theme=dark&dir=rtl` shows one view; without a view, a list of them.
const query = new URLSearchParams(location.search)
const view = views[query.get('view') ?? '']
document.documentElement.dir = query.get('dir') ?? 'ltr'
if (view === undefined) {
  document.body.append(...Object.keys(views).flatMap(name => {
    const link = document.createElement('a')
    link.href = `?view=${name}`
    link.textContent = name
    return [link, document.createElement('br')]
  }))
} else {
  const theme = query.get('theme')
  await mountApp(theme === 'dark' || theme === 'light' ? { ...view, state: { ...view.state, theme } } : view)
}
