/** The VS Code extension: starts the server and shows what it says. Nothing it could compute itself. */
import type { ExtensionContext } from 'vscode';
import { Session } from './session.js';

let session: Session | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  session = new Session(context);
  context.subscriptions.push(session);
  await session.start();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
