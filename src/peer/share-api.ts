import type { ErrorObject } from '../base/index.ts'
import type { PublishProgress } from './publish-api.ts'

/** Acts of Share: files of the person's become a link. */
export interface ShareActs {
  /** What sharing these files would make, or why it is refused; reads nothing yet. */
  plan(files: readonly SourceFile[]): SharePlan
  /** Starts a share job and resolves with its id at once; its progress is in `state.jobs`, its result in `state.items`. */
  share(files: readonly SourceFile[], title: string, options: ShareOptions): Promise<string>
  /** Ends a job, whichever tab it runs in. */
  cancelJob(id: string): Promise<void>
  /** Forgets a job that failed. */
  dismissJob(id: string): Promise<void>
  /** Takes what the system handed to the app (`state.incoming`); it is empty afterwards. */
  takeIncoming(): readonly SourceFile[]
}

/** `protect`: encrypted, the key in the link only. `findable`: whoever knows the content id alone may find it. */
export interface ShareOptions { readonly protect: boolean, readonly findable: boolean }

/** A file as the person chose it; `path` is relative and keeps its folders (`webkitRelativePath`). */
export interface SourceFile { readonly file: File, readonly path: string }

export interface SharePlan {
  readonly title: string
  readonly files: number
  readonly bytes: number
  /** Why it cannot be shared, with the paths it is about; null when it can. */
  readonly refusal: { readonly code: ErrorObject['code'], readonly reason: string, readonly paths: readonly string[] } | null
}

export interface ShareJob {
  readonly id: string
  readonly title: string
  readonly files: number
  readonly bytes: number
  readonly options: ShareOptions
  readonly done: number
  /** Bytes a second over the last seconds. */
  readonly rate: number
  /** Seconds, null while unknown. */
  readonly left: number | null
  readonly state: 'preparing' | 'placing' | 'failed'
  readonly problem: ErrorObject | null
  /** Of a publish job alone. */
  readonly publish?: PublishProgress
  /** Set on the result's item once the job is done and gone from the list. */
  readonly startedAt: number
}
