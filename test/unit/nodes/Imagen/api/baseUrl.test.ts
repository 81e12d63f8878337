import { baseUrlOf, isLoopback } from '../../../../../nodes/Imagen/api/baseUrl';

const custom = (customUrl?: string) =>
	baseUrlOf({ environment: 'custom', ...(customUrl !== undefined && { customUrl }) });

test('the addresses of production and beta are fixed, whatever is left in the URL field', () => {
	expect(baseUrlOf({ environment: 'production', customUrl: 'http://x' })).toBe(
		'https://api.imagen-ai.com/v1',
	);
	expect(baseUrlOf({ environment: 'beta' })).toBe('https://api-beta.imagen-ai.com/v1');
});

test.each([
	['https://proxy.example.com/v1', 'https://proxy.example.com/v1'],
	['  https://proxy.example.com/imagen/v1//  ', 'https://proxy.example.com/imagen/v1'],
	['https://proxy.example.com', 'https://proxy.example.com'],
	['https://proxy.example.com/v1?key=x#top', 'https://proxy.example.com/v1'],
	['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1'],
	['http://localhost:8080', 'http://localhost:8080'],
	['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
])('a custom URL %j is used as %j', (url, used) => {
	expect(custom(url)).toBe(used);
});

test.each([
	['nothing', undefined, /is empty/],
	['blanks', '  ', /is empty/],
	['a bare host', 'proxy.example.com/v1', /is not a URL/],
	['plain http to another machine', 'http://proxy.example.com/v1', /must start with https:\/\/, not http:/],
	['plain http to a name that only looks local', 'http://localhost.example.com', /must start with https/],
	['plain http to the local network', 'http://192.168.1.5/v1', /must start with https/],
	['another protocol', 'ftp://127.0.0.1', /must start with https:\/\/, not ftp:/],
])('a custom URL that is %s is refused with the reason', (_what, url, reason) => {
	expect(() => custom(url)).toThrow(reason);
});

test('only addresses of this machine count as loopback', () => {
	expect(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'].map(isLoopback)).toEqual([true, true, true, true]);
	expect(['127.example.com', '10.0.0.1', 'localhost.example.com'].map(isLoopback)).toEqual([
		false,
		false,
		false,
	]);
});
