import type { DatabaseOpener, OpenDatabase } from '../imports/source-files'
import { UnreadableFile } from '../imports/unreadable-file'
import {
  ForeignDatabaseError,
  openForeignBytes,
  openForeignFile,
  type ForeignDatabase
} from '../storage/foreign-database'

function unreadable(error: unknown): unknown {
  return error instanceof ForeignDatabaseError ? new UnreadableFile(error.phrase, { cause: error }) : error
}

async function opened(opening: Promise<ForeignDatabase>): Promise<OpenDatabase> {
  try {
    const database = await opening
    return {
      rows(table, columns) {
        try {
          return database.rows(table, columns)
        } catch (error) {
          throw unreadable(error)
        }
      },
      close: () => database.close()
    }
  } catch (error) {
    throw unreadable(error)
  }
}

/** Other programs' databases as importers ask for them: what is wrong with one is told in its own words. */
export const foreignDatabases: DatabaseOpener = {
  file: (path) => opened(openForeignFile(path)),
  bytes: (bytes) => opened(openForeignBytes(bytes))
}
