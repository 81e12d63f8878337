import type { LoggedRequest } from '../../sandbox/sandboxControl.mts';

/** Requests that carried the key to anybody but the API. */
export function keyLeaks(log: LoggedRequest[]): string[] {
	return log
		.filter(({ to, api_key }) => to !== 'api' && api_key)
		.map(({ to, method, path }) => `the key went to ${to}: ${method} ${path}`);
}
