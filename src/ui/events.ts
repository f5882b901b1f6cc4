import type { Question } from './elements/question.ts'
import type { AttachmentName, Cid, Item, Link, SourceFile } from './types.ts'

/** What elements ask of the shell. All of them bubble through shadow roots. */
abstract class AppEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true })
  }
}

/** Files were chosen or dropped. */
export class FilesEvent extends AppEvent {
  static readonly type = 'holdfast-files'
  constructor(readonly files: readonly SourceFile[]) {
    super(FilesEvent.type)
  }
}

/** The person wants what `link` names; asks for consent first. `hash` is where it is shown; `attachment`: what the message says that it is wanted for. */
export class GetEvent extends AppEvent {
  static readonly type = 'holdfast-get'
  constructor(readonly link: Link, readonly hash: string, readonly attachment: AttachmentName | null = null) {
    super(GetEvent.type)
  }
}

/** Giving others' data needs the person's agreement; `answer` hears it. */
export class ConsentEvent extends AppEvent {
  static readonly type = 'holdfast-consent'
  constructor(readonly answer: (agreed: boolean) => void) {
    super(ConsentEvent.type)
  }
}

/** Removal is confirmed before it happens, and can be undone. */
export class RemoveEvent extends AppEvent {
  static readonly type = 'holdfast-remove'
  constructor(readonly item: Item) {
    super(RemoveEvent.type)
  }
}

/** Something that is done only after a yes; the shell asks. */
export class AskEvent extends AppEvent {
  static readonly type = 'holdfast-ask'
  constructor(readonly question: Question, readonly act: () => Promise<unknown>) {
    super(AskEvent.type)
  }
}

/** The bytes of a stored item are to be read anew; the shell says what came of it, wherever the person is by then. */
export class VerifyEvent extends AppEvent {
  static readonly type = 'holdfast-verify'
  constructor(readonly cid: Cid) {
    super(VerifyEvent.type)
  }
}

/** Something that went well, with how to undo it where that is possible. */
export interface Note { readonly words: string, readonly undo: (() => Promise<unknown>) | null }

/** A note for the person, told as a toast. */
export class NoteEvent extends AppEvent {
  static readonly type = 'holdfast-note'
  constructor(readonly note: Note) {
    super(NoteEvent.type)
  }
}

/** Something failed that no place shows by itself. */
export class ProblemEvent extends AppEvent {
  static readonly type = 'holdfast-problem'
  constructor(readonly problem: unknown) {
    super(ProblemEvent.type)
  }
}

/** Runs an act of the peer; its failure is told to the person. */
export function attempt(from: EventTarget, act: Promise<unknown> | undefined): void {
  act?.catch((error: unknown) => { from.dispatchEvent(new ProblemEvent(error)) })
}
