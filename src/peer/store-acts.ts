import { HoldfastError, toHex } from '../base/index.ts'
import { allowFolder, rememberFolder } from '../store/index.ts'
import type { StoreActs, StoreState } from './store-api.ts'
import type { Tab } from './tab.ts'

interface PickerWindow { showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle> }

/** Where files lie in a folder that was picked. */
const within = 'Holdfast'

/** What a person does with the store. Pickers and questions of the browser are of this page; all else is done by the network worker of whichever tab leads. */
export function storeActs(running: () => Pick<Tab, 'keys' | 'network'>, state: () => StoreState): StoreActs {
  return {
    async choose(url, keys) {
      const { keys: service, network } = running()
      await network.chooseStore(url, keys === null ? null : await service.sealSecret(JSON.stringify(keys)))
    },
    async chooseOwn() { await running().network.chooseStore(null, null) },
    async stop() { await running().network.stopMoving() },
    async retry() { await running().network.retryStore() },

    async pickFolder() {
      const folder = await (globalThis as PickerWindow).showDirectoryPicker?.({ mode: 'readwrite' }).catch((error: unknown) => {
        if (HoldfastError.from(error).code === 'aborted') return null
        throw error
      })
      if (folder === null || folder === undefined) return null
      const name = `picked-${toHex(crypto.getRandomValues(new Uint8Array(4)))}`
      await rememberFolder(name, folder)
      return `file://${name}/${within}`
    },

    async allow() {
      const names = [state().moving?.url, state().url].flatMap(url => url?.startsWith('file://') === true ? [new URL(url).host] : [])
      let allowed = true
      for (const name of names) allowed = await allowFolder(name) && allowed
      if (allowed) await running().network.retryStore()
      return allowed
    },
  }
}
