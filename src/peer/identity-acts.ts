import type { IdentityActs } from './identity-api.ts'
import type { Tab } from './tab.ts'

/** Long enough for a browser to have taken a download that was started. */
const takenMs = 60_000

/** What a person does with the identity, through the keys worker of whichever tab leads. `running` throws where no peer can run. */
export function identityActs(running: () => Pick<Tab, 'keys' | 'network'>): IdentityActs {
  return {
    async ensure() { await running().keys.ensureIdentity() },
    async unlock(passphrase) { await running().keys.unlock(passphrase) },
    async setPassphrase(current, next) { await running().keys.setPassphrase(current, next) },
    words: async () => await running().keys.words(),
    confirmWords: async answers => await running().keys.confirmWords(answers),

    async saveFile(passphrase) {
      const { keys } = running()
      const { name, text, keys: count } = await keys.backupFile(passphrase)
      download(name, text)
      await keys.confirmFile()
      return { name, keys: count }
    },

    judgeWords: async text => await running().keys.judgeWords(text),
    judgeFile: async (text, passphrase) => await running().keys.judgeFile(text, passphrase),

    async restore(backup) {
      const { keys, network } = running()
      const restored = await keys.restore(backup)
      if (restored.files > 0) await network.recall()
      return restored
    },

    importKey: async text => await running().keys.importFactomKey(text),
    exportKey: async address => await running().keys.exportFactomKey(address),
    async removeKey(address) { await running().keys.removeFactomKey(address) },
  }
}

/** An ordinary download of a text, which is encrypted; nothing navigates. */
function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => { URL.revokeObjectURL(link.href) }, takenMs)
}
