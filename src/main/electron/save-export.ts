import { join } from 'node:path'
import { app, dialog, ipcMain, type WebContents } from 'electron'
import { z } from 'zod'
import { ipc, type ExportProgress, type ExportResult } from '../../shared/ipc'
import type { Clock } from '../../shared/ports'
import type { Api } from '../api/api'
import { ApiError } from '../api/api-error'
import { writeExport } from './export-file'
import type { IpcGuard } from './ipc-reply'
import type { ShellStrings } from './strings'

export interface SaveExportOptions {
  readonly api: Pick<Api, 'stream'>
  readonly guard: IpcGuard
  readonly strings: () => ShellStrings
  readonly clock: Clock
}

/** Beside what the API checks of the arguments: which format its pieces are in. */
const asked = z.object({ format: z.enum(['jsonl', 'csv']) })

/** What the system said, which names the file and why; nothing of it is secret. */
function refusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError('export_unwritable', `The file could not be written: ${message}`, {
    cause: error,
    details: { reason: message }
  })
}

/** Lets the page save an export of the request log: the user says where, and Routex writes it, one at a time. */
export function serveExports({ api, guard, strings, clock }: SaveExportOptions): void {
  let underWay: AbortController | undefined

  const save = async (page: WebContents, params: unknown, signal: AbortSignal): Promise<ExportResult> => {
    const { fileName, chunks } = api.stream('logs.export', params)
    const { format } = asked.parse(params)
    const { filePath, canceled } = await dialog.showSaveDialog({
      title: strings().saveExport,
      defaultPath: join(app.getPath('downloads'), fileName),
      filters: [{ name: format === 'csv' ? 'CSV' : 'JSON Lines', extensions: [format] }]
    })
    if (canceled || signal.aborted) return { saved: false }
    const tell = (progress: ExportProgress): void => {
      if (!page.isDestroyed()) page.send(ipc.exportProgress, progress)
    }
    const onRows = (rows: number): void => tell({ rows })
    const rows = await writeExport({ path: filePath, chunks, format, onRows, signal, clock })
    return rows === null ? { saved: false } : { saved: true, path: filePath, rows }
  }

  ipcMain.handle(ipc.saveExport, (event, params: unknown) =>
    guard.reply(event, 'logs.export', async () => {
      if (underWay !== undefined) throw new ApiError('export_under_way', 'Another export is under way')
      underWay = new AbortController()
      // A page that is gone or loaded anew hears no more of it.
      const { sender } = event
      const { signal } = underWay
      const cancel = (): void => underWay?.abort()
      sender.once('destroyed', cancel)
      sender.once('render-process-gone', cancel)
      try {
        return await save(sender, params, signal)
      } catch (error) {
        throw refusal(error)
      } finally {
        sender.off('destroyed', cancel)
        sender.off('render-process-gone', cancel)
        underWay = undefined
      }
    })
  )
  ipcMain.on(ipc.cancelExport, (event) => {
    if (guard.allows(event)) underWay?.abort()
  })
}
