import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { join } from 'node:path';
import { gitEnvironment } from './repo.js';

export interface GitServer {
  /** `http://127.0.0.1:PORT`: a repository is at its path below the folder. */
  readonly url: string;
  /** How many requests came. */
  readonly requests: number;
  /** Cuts connections off after this many bytes of each answer; undefined lets all through. */
  cutOffAfter: number | undefined;
  /** Sends no more after this many bytes of each answer, and keeps the connection open. */
  stallAfter: number | undefined;
  close(): Promise<void>;
}

/** For node:test's `skip`: some systems package git's CGI program apart. */
export const skipWithoutGitServer: string | false = existsSync(join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), process.platform === 'win32' ? 'git-http-backend.exe' : 'git-http-backend')) ? false : 'left out: this machine has no git-http-backend';

/** Serves the git repositories of a folder on loopback, as a forge does, through git's own CGI program. */
export async function serveGit(folder: string, port = 0): Promise<GitServer> {
  let requests = 0;
  const state: { cutOffAfter: number | undefined; stallAfter: number | undefined } = { cutOffAfter: undefined, stallAfter: undefined };
  const server: Server = createServer((request, response) => {
    requests++;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const child = spawn('git', ['http-backend'], {
      env: { ...gitEnvironment, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1), REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''), REMOTE_ADDR: '127.0.0.1' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(child.stdin);
    child.stdin.on('error', () => {});
    let head: Buffer | undefined = Buffer.alloc(0);
    let sent = 0;
    let isStalled = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (isStalled) return;
      let body = chunk;
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        for (const line of head.subarray(0, end).toString().split('\r\n')) {
          const [name, value] = line.split(/: (.*)/s) as [string, string];
          if (name === 'Status') response.statusCode = Number(value.slice(0, 3));
          else response.setHeader(name, value);
        }
        body = head.subarray(end + 4);
        head = undefined;
      }
      if (state.cutOffAfter !== undefined && sent + body.length > state.cutOffAfter) {
        response.write(body.subarray(0, state.cutOffAfter - sent), () => response.destroy());
        child.kill();
        return;
      }
      if (state.stallAfter !== undefined && sent + body.length > state.stallAfter) {
        isStalled = true;
        response.write(body.subarray(0, state.stallAfter - sent));
        child.kill();
        return;
      }
      sent += body.length;
      response.write(body);
    });
    child.stdout.on('end', () => isStalled || response.end());
  });
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    get requests() {
      return requests;
    },
    get cutOffAfter() {
      return state.cutOffAfter;
    },
    set cutOffAfter(bytes) {
      state.cutOffAfter = bytes;
    },
    get stallAfter() {
      return state.stallAfter;
    },
    set stallAfter(bytes) {
      state.stallAfter = bytes;
    },
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}
