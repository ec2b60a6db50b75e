/** The VS Code extension: starts the server and shows what it says. Nothing it could compute itself. */
export {};
