import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { draggedCount, dragsFiles } from './files.ts'

/** The whole page as a place to drop files on, while its host is shown. */
export class PageDrop implements ReactiveController {
  /** Things being dragged over the page, null while nothing is; 0 where the browser does not tell. */
  over: number | null = null

  constructor(private readonly host: ReactiveControllerHost, private readonly take: (transfer: DataTransfer) => void) { host.addController(this) }

  hostConnected(): void {
    window.addEventListener('dragover', this.onDragOver)
    window.addEventListener('dragleave', this.onDragLeave)
    window.addEventListener('drop', this.onDrop)
  }

  hostDisconnected(): void {
    window.removeEventListener('dragover', this.onDragOver)
    window.removeEventListener('dragleave', this.onDragLeave)
    window.removeEventListener('drop', this.onDrop)
  }

  private readonly onDragOver = (event: DragEvent): void => {
    if (!dragsFiles(event.dataTransfer)) return
    event.preventDefault()
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
    this.show(draggedCount(event.dataTransfer))
  }

  private readonly onDragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.show(null) // left the window; inside it, one element is left for another
  }

  private readonly onDrop = (event: DragEvent): void => {
    this.show(null)
    if (event.dataTransfer === null || !dragsFiles(event.dataTransfer)) return
    event.preventDefault()
    this.take(event.dataTransfer)
  }

  private show(over: number | null): void {
    if (over === this.over) return
    this.over = over
    this.host.requestUpdate()
  }
}
