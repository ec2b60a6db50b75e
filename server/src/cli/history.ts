import { basename, dirname } from 'node:path';
import { type Cancellation, type Git, HostError, type Log } from '../core/host.js';
import { type PackageHistory, readHistory } from '../core/workspace/index.js';

/** The history of the package that a spec (absolute path) is of, and who the user is to git; none where it is no checkout, or git fails, which is logged. */
export async function historyOf(path: string, { git, log }: { readonly git: Git; readonly log: Log }, cancellation: Cancellation): Promise<{ readonly history: PackageHistory | undefined; readonly user: string | undefined }> {
  try {
    const history = await readHistory(git, dirname(path), basename(path), cancellation);
    return { history, user: history === undefined ? undefined : await git.identity(dirname(path)) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    log.warn(`${path}: its history cannot be read (${error.message}); %autorelease counts from 1`);
    return { history: undefined, user: undefined };
  }
}
