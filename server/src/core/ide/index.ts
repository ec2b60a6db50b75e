/**
 * What an editor shows, as plain data with offsets: (snapshot, offset, options) to a value. Knows no protocol and no editor.
 */
export {};
