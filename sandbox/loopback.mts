/** The only address the sandbox listens on. */
export const loopbackHost = '127.0.0.1';

const loopbackHosts = new Set([loopbackHost, 'localhost', '[::1]']);

/** Whether a URL stays on this computer; the sandbox calls no other. */
export function isLoopback({ hostname }: URL): boolean {
	return loopbackHosts.has(hostname);
}
