/** Custom messages between client and server: every method name and its types, once. Plain types only: the client imports nothing else of the server. */
export {};
