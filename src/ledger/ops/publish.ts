import { publication, stampedFault, type Publication } from '../../content/index.ts'
import { keys } from '../../state/index.ts'
import { breaks } from '../rules.ts'
import { addUpload } from '../uploads/rows.ts'
import { admit, deposit, judgeTerms, putInEscrow } from '../uploads/terms.ts'
import type { Op } from './types.ts'

/** Op 3 puts the record of an upload into the state. Nobody else learns of it that its bytes exist, or that its sender made them. */
export const publish: Op<Publication> = {
  code: 3,
  name: 'publish',
  body: publication,
  stampable: true,
  lasting: false,
  spends: ({ rent }) => deposit(rent),

  async judge(record, context) {
    const { state, sender, stamped } = context
    if (await state.get(keys.upload(record.file.cid, sender)) !== null) return breaks('upload-exists', 'its sender publishes this already')
    const refusal = await judgeTerms(record, context, { policy: true, holders: true, keepers: true, rent: true })
    if (refusal !== null) return refusal
    const fault = stamped ? stampedFault(record) : null
    return fault === null ? null : breaks('upload-stamped', fault)
  },

  async apply(record, context) {
    const { state, parameters: { keeperPeriod }, number, time, sender, nonce } = context
    const { file: { cid }, policy, rent, until } = record
    await putInEscrow(context, cid, deposit(rent))
    await admit(context, cid, 'list' in policy ? policy.list : [], nonce)
    await addUpload(state, [cid, sender], {
      publication: record, block: number, time, until: number + until * keeperPeriod, era: nonce, withdrawn: false, replacedBy: null, kept: [],
    })
  },
}
