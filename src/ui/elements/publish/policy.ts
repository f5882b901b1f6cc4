import { html, nothing, type TemplateResult } from 'lit'
import { msg } from '@lit/localize'
import type { PublishDraft } from '../../draft.ts'
import type { IconName } from '../../drawings/icons.ts'
import { chosenPolicy, hasHolders, most, policiesOf, type PolicyName, type Wrong } from '../../publish-order.ts'
import type { UploadKind } from '../../types.ts'
import { choice } from '../choice.ts'
import { fold } from '../parts.ts'
import { textField } from '../upload/fields.ts'

export interface PolicyForm {
  readonly draft: PublishDraft
  readonly kind: UploadKind
  readonly wrong: Wrong
  readonly change: (change: Partial<PublishDraft>) => void
  /** Paid with work: nothing that needs coins can be chosen. */
  readonly stamped: boolean
}

function words(name: PolicyName): { label: string, about: string, icon: IconName } {
  return {
    open: () => ({ label: msg('Everybody'), about: msg('Not encrypted. It cannot be taken back once somebody has it.'), icon: 'globe' as const }),
    public: () => ({ label: msg('Everybody, with its key beside it'), about: msg('Encrypted, and the key stands in the ledger for all. Those who keep it need not open it.'), icon: 'globe' as const }),
    owner: () => ({ label: msg('Only you'), about: msg('Encrypted. Others may keep it for you; you can give the key to people later.'), icon: 'lock' as const }),
    list: () => ({ label: msg('People you choose'), about: msg('Encrypted. Their addresses are listed in public, the file is not.'), icon: 'people' as const }),
    pay: () => ({ label: msg('Whoever pays'), about: msg('Encrypted. You set a price in coins.'), icon: 'coins' as const }),
  }[name]()
}

/** Who gets it: the choice, what it asks for, and who gives out the key while its publisher is away. */
export function policyForm({ draft, kind, wrong, change, stamped }: PolicyForm): TemplateResult {
  const policy = chosenPolicy(draft, kind)
  const possible = policiesOf(kind)
  return html`<fieldset class="choices"><legend class="label">${msg('Who gets it')}</legend>
      ${possible.map(name => {
        const { label, about, icon } = words(name)
        const without = stamped && name === 'pay'
        return choice({ group: 'who', id: name, label, about: without ? msg('Needs coins for the fee, which you do not have yet.') : about, icon, checked: policy === name, disabled: without && policy !== 'pay', choose: () => { change({ policy: name }) } })
      })}
      ${kind === 'image' ? html`<p class="hint">${msg('Pictures are always open. For one that only some may see, publish it as files.')}</p>` : nothing}</fieldset>
    ${policy === 'list' ? textField({ id: 'list', label: msg('Their addresses'), hint: msg('One a line. You can add and take away people at any time.'), value: draft.list, wrong: wrong.list ?? '', rows: 3, exact: true, change: list => { change({ list }) } }) : nothing}
    ${policy === 'pay' ? html`<div class="two">${textField({ id: 'price', label: msg('Price in coins'), value: draft.price, wrong: wrong.price ?? '', inputmode: 'numeric', change: price => { change({ price }) } })}
      ${textField({ id: 'share', label: msg('Percent for whoever gives the key'), hint: msg('So that somebody is there while you are away.'), value: draft.share, wrong: wrong.share ?? '', inputmode: 'decimal', change: share => { change({ share }) } })}</div>` : nothing}
    ${hasHolders(policy) ? fold(msg('Who gives out the key'), textField({ id: 'holders', label: msg('Others who give it out in your stead'), hint: stamped ? msg('Needs coins for the fee. Until then the key comes from you alone, while a tab is open.')
      : msg(`One address a line, at most ${most.holders}. They can open it themselves. With nobody here, the key comes from you alone, while a tab is open.`), value: draft.holders, wrong: wrong.holders ?? '', rows: 2, exact: true, change: holders => { change({ holders }) } })) : nothing}`
}
